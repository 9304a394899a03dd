import { ScimError } from "../scim/errors.ts";
import { urns, type ResourceType } from "../scim/resource.ts";
import { reducedAttributes } from "./access.ts";
import type { Caller } from "./callers.ts";
import type { Level } from "./entry.ts";
import { levelRules } from "./levels.ts";
import type { Switches } from "./options.ts";
import { pageByCursor, pageByIndex, type Page } from "./paging.ts";
import type { Presenter } from "./presenter.ts";
import { readProjection, type Projection } from "./projection.ts";
import type { Query } from "./query.ts";
import { scimText, type Reply } from "./reply.ts";
import { fingerprint, type Searcher } from "./search.ts";
import type { Visibility } from "./visibility.ts";

/** How many resources a page holds when the request does not say. */
const usualCount = 100;

/** What lists stand on. */
export interface ListParts {
  readonly searcher: Searcher;
  readonly visibility: Visibility;
  readonly switches: Switches;
  readonly now: () => number;
}

/** Answers searches: filter, order, page, projection (RFC 7644 section 3.4.2). */
export class Lists {
  readonly #presenter: Presenter;
  readonly #parts: ListParts;

  constructor(presenter: Presenter, parts: ListParts) {
    this.#presenter = presenter;
    this.#parts = parts;
  }

  /** One page of the resources of the given types. @throws ScimError when the query cannot be followed. */
  answer(level: Level, types: readonly ResourceType[], query: Query, caller: Caller): Reply {
    const [type = "User"] = types;
    const projection = this.#projection(level, type, query, caller);
    const page = this.#page(level, types, query);
    const texts = page.entries.map((entry) => this.#presenter.read(entry, level, projection));
    const startIndex = page.startIndex === undefined ? "" : `"startIndex":${page.startIndex},`;
    const nextCursor = page.nextCursor === undefined ? "" : `,"nextCursor":"${page.nextCursor}"`;
    const resources = texts.length === 0 ? "" : `,"Resources":[${texts.join(",")}]`;
    return scimText(
      200,
      `{"schemas":["${urns.listResponse}"],"totalResults":${page.total},${startIndex}"itemsPerPage":${texts.length}${nextCursor}${resources}}`,
    );
  }

  #page(level: Level, types: readonly ResourceType[], query: Query): Page {
    const { searcher, visibility, switches, now } = this.#parts;
    const found = visibility.visible(searcher.find(level, types, query));
    const cap = switches.pageCap;
    const count = query.count ?? Math.min(usualCount, cap);
    if (query.cursor === undefined || level !== "rfc") return pageByIndex(found, query.startIndex ?? 1, count, cap);
    const { filter, sortBy, sortOrder, attributes, excludedAttributes } = query;
    const print = fingerprint([types, filter, sortBy, sortOrder, attributes, excludedAttributes]);
    return pageByCursor(found, query.cursor, count, cap, print, now());
  }

  #projection(level: Level, type: ResourceType, query: Query, caller: Caller): Projection | undefined {
    const { schemas, databricks } = levelRules[level];
    const schema = schemas[type];
    if (!schema) throw new ScimError(404, `This service has no resource type ${type}.`);
    if (caller.kind === "nonAdmin") {
      return readProjection(reducedAttributes(type, query.attributes), [], schema, databricks);
    }
    const { attributes, excludedAttributes } = query;
    if (level !== "account" || type !== "Group" || this.#parts.switches.membersInAccountList) {
      return readProjection(attributes, excludedAttributes, schema, databricks);
    }
    // Newer accounts answer lists of groups without their members, whatever is asked.
    if (attributes.length === 0) return readProjection([], [...excludedAttributes, "members"], schema, databricks);
    return readProjection(["id", ...attributes.filter((name) => name !== "members")], [], schema, databricks);
  }
}

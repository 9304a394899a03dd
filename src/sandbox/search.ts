import { createHash } from "node:crypto";
import { simpleEquality, type Filter } from "../scim/filter/filter.ts";
import { compileFilter } from "../scim/filter/compile.ts";
import { parseFilter } from "../scim/filter/parse.ts";
import type { ResourceType } from "../scim/resource.ts";
import type { ResourceSchema } from "../scim/schema.ts";
import { resolveAttribute } from "../scim/schemaLookup.ts";
import type { Entry, Level } from "./entry.ts";
import { readDatabricksFilter } from "./filterRules.ts";
import { levelRules } from "./levels.ts";
import type { Switches } from "./options.ts";
import type { Links, Renderer } from "./render.ts";
import { readSorting, sortBy } from "./sorting.ts";
import { indexedAttributes, type Store } from "./store.ts";

/** What to look for; texts as they stand in the query. */
export interface Search {
  readonly filter?: string;
  readonly sortBy?: string;
  readonly sortOrder?: string;
}

/** Finds entries by filter and order. The last result is kept, since clients read it page by page. */
export class Searcher {
  readonly #store: Store;
  readonly #renderer: Renderer;
  readonly #switches: Switches;
  #last: { readonly key: string; readonly revision: number; readonly entries: readonly Entry[] } | undefined;

  constructor(store: Store, renderer: Renderer, switches: Switches) {
    this.#store = store;
    this.#renderer = renderer;
    this.#switches = switches;
  }

  /**
   * All entries of the given types that match, in order.
   * @throws ScimError 400 invalidFilter, invalidPath or invalidValue.
   */
  find(level: Level, types: readonly ResourceType[], search: Search): readonly Entry[] {
    const [type] = types;
    if (type !== undefined && types.length === 1 && search.filter === undefined && search.sortBy === undefined) {
      return this.#store.list(level, type);
    }
    const filter = search.filter === undefined ? undefined : this.#parse(level, search.filter);
    const indexed = type !== undefined && types.length === 1 ? this.#lookUp(level, type, filter) : undefined;
    if (indexed && search.sortBy === undefined) return indexed;
    const { revision } = this.#store;
    const key = JSON.stringify([level, types, search.filter, search.sortBy, search.sortOrder]);
    if (this.#last?.key === key && this.#last.revision === revision) return this.#last.entries;
    const entries = this.#run(level, types, filter, search);
    this.#last = { key, revision, entries };
    return entries;
  }

  #run(level: Level, types: readonly ResourceType[], filter: Filter | undefined, search: Search): readonly Entry[] {
    const found = types.flatMap((type) => this.#lookUp(level, type, filter) ?? this.#scan(level, type, filter));
    const schema = types[0] && this.#schema(level, types[0]);
    if (search.sortBy === undefined || !schema) return found;
    const sorting = readSorting(search.sortBy, search.sortOrder, schema);
    const links = linksOf(search.sortBy);
    return sortBy(found, (entry) => this.#renderer.document(entry, level, links), sorting);
  }

  #parse(level: Level, text: string): Filter {
    const plain = plainEquality.exec(text);
    if (plain?.[1] !== undefined && plain[2] !== undefined) {
      return { kind: "compare", path: { name: plain[1] }, operator: "eq", value: plain[2] };
    }
    return levelRules[level].databricks ? readDatabricksFilter(text, this.#switches.looseQuotes) : parseFilter(text);
  }

  /** Tests every entry. */
  #scan(level: Level, type: ResourceType, filter: Filter | undefined): readonly Entry[] {
    const schema = this.#schema(level, type);
    if (!schema) return [];
    const entries = this.#store.list(level, type);
    if (filter === undefined) return entries;
    const matches = compileFilter(filter, schema);
    const links = linksOf(JSON.stringify(filter));
    return entries.filter((entry) => matches(this.#renderer.document(entry, level, links)));
  }

  /** What an index knows at once: `id`, `userName` and their like compared with one text. */
  #lookUp(level: Level, type: ResourceType, filter: Filter | undefined): readonly Entry[] | undefined {
    const schema = this.#schema(level, type);
    const equality = filter && simpleEquality(filter);
    const found = equality && schema && resolveAttribute(schema, equality.path);
    if (!found || found.extension !== undefined || found.sub) return undefined;
    const { name, caseExact } = found.attribute;
    const { value } = equality;
    if (name === "id") {
      const entry = this.#store.get(level, value);
      return entry?.type === type ? [entry] : [];
    }
    const indexed = indexedAttributes.find((attribute) => attribute === name);
    return (
      indexed &&
      this.#store
        .find(type, indexed, value)
        .filter(({ levels, shared }) => levels.has(level) && (!caseExact || shared[indexed] === value))
    );
  }

  #schema(level: Level, type: ResourceType): ResourceSchema | undefined {
    const schema = levelRules[level].schemas[type];
    if (!schema || type !== "User" || !this.#switches.caseSensitiveUserName) return schema;
    const attributes = schema.core.attributes.map((definition) =>
      definition.name === "userName" ? { ...definition, caseExact: true } : definition,
    );
    return { ...schema, core: { ...schema.core, attributes } };
  }
}

/** The filter that clients send most, `userName eq "…"` without escapes, needs no parser. */
const plainEquality = /^([a-z]\w*) eq "([^"\\\p{Cc}]*)"$/iu;

/** The costly parts of a document are put together only for a text that names them. */
function linksOf(text: string): Links {
  return { members: /members/i.test(text), groups: /groups/i.test(text), meta: /meta/i.test(text) };
}

/** A short fingerprint of a search, to tie a cursor to the query that it continues. */
export function fingerprint(parts: readonly unknown[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("base64url").slice(0, 16);
}

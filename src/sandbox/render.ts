import { endpoints, urns, type ScimDocument } from "../scim/resource.ts";
import type { Entry, Level } from "./entry.ts";
import { coreUrns, levelRules, workspaceUserExtension } from "./levels.ts";

/** Which of the costly parts a reader wants; both by default. */
export interface Links {
  readonly members?: boolean;
  readonly groups?: boolean;
  readonly meta?: boolean;
}

/** Turns stored entries into the resources that a level answers. */
export class Renderer {
  readonly #baseUrl: (level: Level) => string;

  /** @param baseUrl The base URL of a level, for `meta.location` and `$ref`. */
  constructor(baseUrl: (level: Level) => string) {
    this.#baseUrl = baseUrl;
  }

  /** The resource as a GET answers it, as JSON; kept until the entry changes. */
  text(entry: Entry, level: Level): string {
    const kept = entry.texts?.[level];
    if (kept !== undefined) return kept;
    const text = this.#compose(entry, level);
    entry.texts = { ...entry.texts, [level]: text };
    return text;
  }

  /** The writable attributes as a level sees them: no schemas, id, meta, groups, members. */
  attributes(entry: Entry, level: Level): ScimDocument {
    const own = entry.own[level];
    if (level === "rfc") return entry.shared;
    const document = { ...entry.shared, ...own };
    if (entry.type !== "Group") document.active = entry.shared.active !== false && own?.active !== false;
    return document;
  }

  /** The resource as a document, with only those links that are wanted. */
  document(entry: Entry, level: Level, links: Links = {}): ScimDocument {
    return {
      ...this.#head(entry, level),
      ...(links.groups !== false && this.#groups(entry, level)),
      ...(links.members !== false && this.#members(entry, level)),
      ...(links.meta !== false && this.#meta(entry, level)),
    };
  }

  location(entry: Entry, level: Level): string {
    return `${this.#baseUrl(level)}/${endpoints[entry.type]}/${entry.id}`;
  }

  #compose(entry: Entry, level: Level): string {
    const head = JSON.stringify({ ...this.#head(entry, level), ...this.#groups(entry, level) });
    const meta = JSON.stringify(this.#meta(entry, level));
    const members = entry.members?.size ? `,"members":[${this.#memberTexts(entry, level)}]` : "";
    return `${head.slice(0, -1)}${members}${meta === "{}" ? "}" : `,${meta.slice(1)}`}`;
  }

  #memberTexts(group: Entry, level: Level): string {
    const texts: string[] = [];
    for (const member of group.members?.values() ?? []) {
      member.memberText ??= JSON.stringify(this.member(member, level));
      texts.push(member.memberText);
    }
    return texts.join(",");
  }

  #head(entry: Entry, level: Level): ScimDocument {
    const schemas = [coreUrns[entry.type]];
    if (level === "workspace" && entry.type === "User") schemas.push(workspaceUserExtension);
    if (Object.hasOwn(entry.shared, urns.enterpriseUser)) schemas.push(urns.enterpriseUser);
    return { schemas, id: entry.id, ...this.attributes(entry, level) };
  }

  #groups(entry: Entry, level: Level): ScimDocument {
    const groups: ScimDocument[] = [];
    for (const parent of entry.parents) {
      if (!parent.levels.has(level)) continue;
      groups.push({
        value: parent.id,
        display: parent.shared.displayName,
        type: "direct",
        $ref: this.#reference(parent, level),
      });
    }
    // RFC 7643 gives `groups` to users only; Databricks also to groups and service principals.
    return groups.length === 0 || (level === "rfc" && entry.type === "Group") ? {} : { groups };
  }

  #members(entry: Entry, level: Level): ScimDocument {
    if (!entry.members?.size) return {};
    return { members: Array.from(entry.members.values(), (member) => this.member(member, level)) };
  }

  /** How an entry stands in the `members` of a group. */
  member(member: Entry, level: Level): ScimDocument {
    const display = member.shared.displayName ?? member.shared.userName ?? member.shared.applicationId;
    return {
      value: member.id,
      ...(display !== undefined && { display }),
      ...(levelRules[level].memberTypes && { type: member.type }),
      $ref: this.#reference(member, level),
    };
  }

  #reference(entry: Entry, level: Level): string {
    return levelRules[level].references === "absolute"
      ? this.location(entry, level)
      : `${endpoints[entry.type]}/${entry.id}`;
  }

  #meta(entry: Entry, level: Level): ScimDocument {
    if (level !== "rfc") {
      if (entry.type !== "Group") return {};
      return { meta: { resourceType: entry.home === "workspace" ? "WorkspaceGroup" : "Group" } };
    }
    return {
      meta: {
        resourceType: entry.type,
        created: new Date(entry.created).toISOString(),
        lastModified: new Date(entry.modified).toISOString(),
        location: this.location(entry, level),
        version: etag(entry),
      },
    };
  }
}

/** The version of an entry as an ETag (RFC 7644 section 3.14). */
export function etag(entry: Entry): string {
  return `W/"${entry.version}"`;
}

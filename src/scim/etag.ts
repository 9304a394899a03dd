/** An entity tag (RFC 9110 section 8.8.3): the version of a resource as `meta.version` and the ETag header give it. */
export interface EntityTag {
  readonly weak: boolean;
  /** What stands between the quotes. */
  readonly value: string;
}

const tag = /(W\/)?"([\x21\x23-\x7e\x80-\xff]*)"/y;
const separator = /[ \t]*(?:,[ \t]*|$)/y;
const longestHeader = 10_000;

/** Reads one tag, `W/"3"` or `"3"`; `undefined` when the text is anything else, such as a version without quotes. */
export function parseEntityTag(text: string): EntityTag | undefined {
  const tags = parseEntityTags(text);
  return Array.isArray(tags) && tags.length === 1 ? tags[0] : undefined;
}

/**
 * Reads an If-Match or If-None-Match header: a list of tags, or `"*"` for any version. `undefined` when it is malformed.
 */
export function parseEntityTags(header: string): EntityTag[] | "*" | undefined {
  const text = header.trim();
  if (text === "*") return "*";
  if (text.length > longestHeader) return undefined;
  const tags: EntityTag[] = [];
  for (let position = 0; position < text.length || tags.length === 0; position = separator.lastIndex) {
    tag.lastIndex = position;
    const match = tag.exec(text);
    separator.lastIndex = tag.lastIndex;
    if (!match || !separator.test(text)) return undefined;
    tags.push({ weak: match[1] !== undefined, value: match[2] ?? "" });
  }
  return tags;
}

/**
 * Whether a header names the current version of a resource. Weak and strong tags of the same value are equal, since SCIM
 * uses weak tags for If-Match as well (RFC 7644 section 3.14).
 * @param version `meta.version` of the resource; `undefined` when it has none, which only `*` matches
 * @returns `undefined` when the header is malformed
 */
export function namesVersion(header: string, version: string | undefined): boolean | undefined {
  const tags = parseEntityTags(header);
  if (tags === undefined) return undefined;
  if (tags === "*") return true;
  const current = version === undefined ? undefined : parseEntityTag(version);
  return current !== undefined && tags.some(({ value }) => value === current.value);
}

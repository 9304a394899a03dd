/** An attribute as named in a filter or a PATCH path: `[URN:]name[.sub]` (RFC 7644 section 3.10). */
export interface AttributePath {
  /** The URN in front of the name, without its last colon. */
  readonly schema?: string;
  readonly name: string;
  readonly sub?: string;
}

/** Comparison operators (RFC 7644 section 3.4.2.2, table 3), lower case. */
export const compareOperators = ["eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le"] as const;
export type CompareOperator = (typeof compareOperators)[number];

/** What an attribute is compared with. */
export type FilterLiteral = string | number | boolean | null;

export interface CompareFilter {
  readonly kind: "compare";
  readonly path: AttributePath;
  readonly operator: CompareOperator;
  readonly value: FilterLiteral;
}

/**
 * A parsed filter (RFC 7644 section 3.4.2.2). `and` and `or` hold two or more filters, so that a long chain is a flat list.
 * The form `emails[type eq "work"].value eq "x"` is read as `emails[type eq "work" and value eq "x"]`, which means the same.
 */
export type Filter =
  | { readonly kind: "and" | "or"; readonly filters: readonly Filter[] }
  | { readonly kind: "not"; readonly filter: Filter }
  | { readonly kind: "present"; readonly path: AttributePath }
  | CompareFilter
  /** `path[filter]`: at least one element meets the whole filter. */
  | { readonly kind: "value"; readonly path: AttributePath; readonly filter: Filter };

/** The target of a PATCH operation (RFC 7644 section 3.5.2): `path`, `path[filter]` or `path[filter].sub`. */
export interface PatchPath extends AttributePath {
  /** The condition in brackets; `sub` then stands behind the brackets. */
  readonly filter?: Filter;
}

/** The path as text: `urn:…:User:name.familyName`. */
export function printAttributePath(path: AttributePath): string {
  const name = path.sub === undefined ? path.name : `${path.name}.${path.sub}`;
  return path.schema === undefined ? name : `${path.schema}:${name}`;
}

/**
 * Recognises `attribute eq "text"` without anything around it, which an index can answer in constant time.
 * `undefined` for every other filter.
 */
export function simpleEquality(filter: Filter): { readonly path: AttributePath; readonly value: string } | undefined {
  return filter.kind === "compare" && filter.operator === "eq" && typeof filter.value === "string"
    ? { path: filter.path, value: filter.value }
    : undefined;
}

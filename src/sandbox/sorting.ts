import { ScimError } from "../scim/errors.ts";
import { parsePath } from "../scim/filter/parse.ts";
import type { ScimDocument } from "../scim/resource.ts";
import type { ResourceSchema } from "../scim/schema.ts";
import { findAttribute, resolveAttribute } from "../scim/schemaLookup.ts";
import { elementsOf, instantOf, isComplex, property } from "../scim/values.ts";

/** An order of resources: ascending or descending by one attribute (RFC 7644 section 3.4.2.3). */
export interface Sorting {
  /** What a resource is ordered by; `undefined` when it has no value. */
  readonly key: (document: ScimDocument) => string | number | undefined;
  readonly descending: boolean;
}

/**
 * Reads `sortBy` and `sortOrder`. Multi-valued attributes sort by their primary, else their first value; letter case counts
 * where the schema says so.
 * @throws ScimError 400 invalidPath when `sortBy` is no attribute path, invalidValue when `sortOrder` is neither order.
 */
export function readSorting(sortBy: string, sortOrder: string | undefined, schema: ResourceSchema): Sorting {
  const order = sortOrder?.toLowerCase() ?? "ascending";
  if (order !== "ascending" && order !== "descending") {
    throw new ScimError(400, `sortOrder is neither ascending nor descending.`, "invalidValue");
  }
  const descending = order === "descending";
  const found = resolveAttribute(schema, parsePath(sortBy));
  if (!found) return { key: () => undefined, descending };
  const { extension, attribute } = found;
  const sub = found.sub ?? findAttribute(attribute.subAttributes ?? [], "value");
  const { type, caseExact } = sub ?? attribute;
  return {
    descending,
    key: (document) => {
      const holder = extension === undefined ? document : property(document, extension);
      const elements = elementsOf(property(holder, attribute.name));
      const element = elements.find((each) => property(each, "primary") === true) ?? elements[0];
      const value = sub && isComplex(element) ? property(element, sub.name) : element;
      if (typeof value === "boolean") return value ? 1 : 0;
      if (typeof value === "number") return value;
      if (typeof value !== "string") return undefined;
      if (type === "dateTime") return instantOf(value);
      return caseExact ? value : value.toLowerCase();
    },
  };
}

/** Sorts, keeping the order of equals; what has no value comes last when ascending, first when descending. */
export function sortBy<T>(items: readonly T[], documentOf: (item: T) => ScimDocument, sorting: Sorting): readonly T[] {
  const keyed = items.map((item) => ({ item, key: sorting.key(documentOf(item)) }));
  const sign = sorting.descending ? -1 : 1;
  keyed.sort((a, b) => {
    if (a.key === b.key) return 0;
    if (a.key === undefined) return sign;
    if (b.key === undefined) return -sign;
    return a.key < b.key ? -sign : sign;
  });
  return keyed.map(({ item }) => item);
}

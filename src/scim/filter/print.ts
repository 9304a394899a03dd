import { type Filter, printAttributePath } from "./filter.ts";

/** A filter as text, with lower-case operators and no parentheses but those it needs. */
export function printFilter(filter: Filter): string {
  switch (filter.kind) {
    case "or":
      return filter.filters.map(printFilter).join(" or ");
    case "and":
      return filter.filters
        .map((part) => (part.kind === "or" ? `(${printFilter(part)})` : printFilter(part)))
        .join(" and ");
    case "not":
      return `not (${printFilter(filter.filter)})`;
    case "present":
      return `${printAttributePath(filter.path)} pr`;
    case "compare":
      return `${printAttributePath(filter.path)} ${filter.operator} ${JSON.stringify(filter.value)}`;
    case "value":
      return `${printAttributePath(filter.path)}[${printFilter(filter.filter)}]`;
  }
}

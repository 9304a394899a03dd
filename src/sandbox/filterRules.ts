import { ScimError } from "../scim/errors.ts";
import type { Filter } from "../scim/filter/filter.ts";
import { parseFilter } from "../scim/filter/parse.ts";
import { FilterSyntaxError } from "../scim/filter/syntaxError.ts";

/** The largest filter that Databricks takes, in nodes of its tree. */
const maxNodes = 200;
const operators = ["eq", "ne", "co", "sw"];

/**
 * Reads a filter as Databricks does: comparisons by eq, ne, co and sw, joined by and, or.
 * @param looseQuotes Values may stand in single quotes or bare, as its parser took them before 2024.
 * @throws ScimError 400 InvalidFilter for everything else, INVALID_FILTER for more than 200 nodes.
 */
export function readDatabricksFilter(text: string, looseQuotes: boolean): Filter {
  const filter = parse(looseQuotes ? tightenQuotes(text) : text);
  if (countNodes(filter) > maxNodes) {
    throw new ScimError(400, `The filter has more than ${maxNodes} nodes.`, "INVALID_FILTER");
  }
  return filter;
}

function parse(text: string): Filter {
  try {
    return parseFilter(text);
  } catch (error) {
    if (error instanceof FilterSyntaxError) throw new ScimError(400, error.detail, "InvalidFilter");
    throw error;
  }
}

function countNodes(filter: Filter): number {
  switch (filter.kind) {
    case "and":
    case "or":
      // A chain is a tree of two branches each: n parts are joined by n - 1 nodes.
      return filter.filters.reduce((sum, part) => sum + countNodes(part), filter.filters.length - 1);
    case "compare":
      if (operators.includes(filter.operator)) return 1;
      throw unsupported();
    case "not":
    case "present":
    case "value":
      throw unsupported();
  }
}

function unsupported(): ScimError {
  return new ScimError(400, "Given filter operator is not supported.", "InvalidFilter");
}

/** Puts values into double quotes that stand in single ones, or in none. */
function tightenQuotes(text: string): string {
  return text.replace(
    /(\s(?:eq|ne|co|sw)\s+)(?:'([^']*)'|("(?:[^"\\]|\\.)*")|([^\s()'"]+))/gi,
    (whole, head: string, single?: string, quoted?: string, bare?: string) => {
      if (quoted !== undefined || bare === "true" || bare === "false") return whole;
      return head + JSON.stringify(single ?? bare ?? "");
    },
  );
}

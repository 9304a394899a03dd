import { GraphFault } from "./fault.ts";

type Value = string | number | boolean | null;
type Row = Readonly<Record<string, unknown>>;

/** The query options of one request. */
export interface ODataQuery {
  readonly select: readonly string[] | undefined;
  readonly filter: ((row: Row) => boolean) | undefined;
  readonly orderby: { readonly path: string; readonly descending: boolean } | undefined;
  readonly top: number | undefined;
  readonly skip: number;
}

/** Reads OData options. @throws GraphFault 400 for a filter of another form than this service knows */
export function parseQuery(params: URLSearchParams): ODataQuery {
  const filter = params.get("$filter");
  const [path, direction] = (params.get("$orderby") ?? "").split(/\s+/);
  const select = params.get("$select");
  const top = params.get("$top");
  return {
    select: select === null ? undefined : select.split(",").map((name) => name.trim()),
    filter: filter === null ? undefined : parseFilter(filter),
    orderby: path === undefined || path === "" ? undefined : { path, descending: direction === "desc" },
    top: top === null ? undefined : Number(top),
    skip: Number(params.get("$skiptoken") ?? "0"),
  };
}

/** One page of rows, with the link to the next. */
export function pageOf(
  rows: readonly object[],
  query: ODataQuery,
  options: { readonly self: URL; readonly largest: number; readonly context: string },
): object {
  const kept = query.filter === undefined ? rows : rows.filter((row) => query.filter?.(row as Row));
  const sorted =
    query.orderby === undefined ? kept : kept.toSorted(byPath(query.orderby.path, query.orderby.descending));
  const size = Math.min(query.top ?? options.largest, options.largest);
  const end = query.skip + size;
  const next = new URL(options.self);
  next.searchParams.set("$skiptoken", String(end));
  return {
    "@odata.context": options.context,
    ...(end < sorted.length && { "@odata.nextLink": next.href }),
    value: sorted.slice(query.skip, end).map((row) => selected(row as Row, query.select)),
  };
}

/** A row with the properties that were asked for; the id always comes along. */
export function selected(row: Row, select: readonly string[] | undefined): Row {
  if (select === undefined) return row;
  const names = new Set(["id", ...select]);
  return Object.fromEntries(Object.entries(row).filter(([name]) => names.has(name) || name.startsWith("@")));
}

function byPath(path: string, descending: boolean) {
  const sign = descending ? -1 : 1;
  return (a: object, b: object): number => {
    const [x, y] = [textAt(a as Row, path), textAt(b as Row, path)];
    return x < y ? -sign : x > y ? sign : 0;
  };
}

function textAt(row: Row, path: string): string {
  const value = at(row, path);
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

function at(row: Row, path: string): unknown {
  let value: unknown = row;
  for (const name of path.split("/")) {
    if (typeof value !== "object" || value === null) return undefined;
    value = (value as Row)[name];
  }
  return value;
}

const token = /\s*(?:(\(|\)|,)|('(?:[^']|'')*')|([^\s(),']+))/y;

/** Comparisons, `contains`, `startswith`, `tolower`, joined by `and` and `or`: what the documented filters use. */
function parseFilter(text: string): (row: Row) => boolean {
  const any = /^(\w+)\/any\((\w+):\s*\2 eq '([^']*)'\)$/.exec(text);
  if (any !== null) {
    const [, list = "", , wanted] = any;
    return (row) => Array.isArray(row[list]) && (row[list] as readonly unknown[]).includes(wanted);
  }
  const tokens: string[] = [];
  token.lastIndex = 0;
  for (let match = token.exec(text); match !== null; match = token.exec(text)) tokens.push(match[0].trim());
  let position = 0;
  const fail = (): never => {
    throw new GraphFault(
      400,
      "Request_UnsupportedQuery",
      `Unsupported or invalid query filter clause: ${text.slice(0, 200)}`,
    );
  };
  const next = (): string => tokens[position++] ?? fail();
  const take = (wanted: string) => {
    if (next().toLowerCase() !== wanted) fail();
  };
  const operand = (): ((row: Row) => Value) => {
    const word = next();
    if (word.startsWith("'")) {
      const value = word.slice(1, -1).replaceAll("''", "'");
      return () => value;
    }
    if (word === "tolower") {
      take("(");
      const inner = operand();
      take(")");
      return (row) => String(inner(row) ?? "").toLowerCase();
    }
    if (word === "true" || word === "false") return () => word === "true";
    if (/^\d/.test(word)) return () => word;
    return (row) => {
      const value = at(row, word);
      return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? value : null;
    };
  };
  const term = (): ((row: Row) => boolean) => {
    const word = tokens[position]?.toLowerCase();
    if (word === "(") {
      position += 1;
      const inner = either();
      take(")");
      return inner;
    }
    if (word === "contains" || word === "startswith") {
      position += 1;
      take("(");
      const left = operand();
      take(",");
      const right = operand();
      take(")");
      return (row) => {
        const [text, part] = [String(left(row) ?? ""), String(right(row) ?? "")];
        return word === "contains" ? text.includes(part) : text.toLowerCase().startsWith(part.toLowerCase());
      };
    }
    const left = operand();
    const operator = next().toLowerCase();
    const right = operand();
    if (!["eq", "ne", "gt", "ge", "lt", "le"].includes(operator)) fail();
    return (row) => compare(left(row), operator, right(row));
  };
  const both = (): ((row: Row) => boolean) => {
    let left = term();
    while (tokens[position]?.toLowerCase() === "and") {
      position += 1;
      const [before, right] = [left, term()];
      left = (row) => before(row) && right(row);
    }
    return left;
  };
  const either = (): ((row: Row) => boolean) => {
    let left = both();
    while (tokens[position]?.toLowerCase() === "or") {
      position += 1;
      const [before, right] = [left, both()];
      left = (row) => before(row) || right(row);
    }
    return left;
  };
  const filter = either();
  if (position < tokens.length) fail();
  return filter;
}

function compare(left: Value, operator: string, right: Value): boolean {
  const [a, b] = [String(left ?? ""), String(right ?? "")];
  const times = [Date.parse(a), Date.parse(b)];
  const dates = /^\d{4}-\d\d-\d\d/.test(a) && times.every((time) => !Number.isNaN(time));
  const order = dates ? (times[0] ?? 0) - (times[1] ?? 0) : a < b ? -1 : a > b ? 1 : 0;
  switch (operator) {
    case "eq":
      return order === 0 && left !== null;
    case "ne":
      return order !== 0;
    case "gt":
      return order > 0;
    case "ge":
      return order >= 0;
    case "lt":
      return order < 0;
    default:
      return order <= 0;
  }
}

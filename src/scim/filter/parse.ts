import type { AttributePath, CompareOperator, Filter, FilterLiteral, PatchPath } from "./filter.ts";
import { compareOperators } from "./filter.ts";
import { forbiddenNames } from "../names.ts";
import { type Token, Tokens } from "./tokens.ts";

/** How deep parentheses, `not` and brackets may nest, and how many conditions a filter may hold. */
const maxDepth = 100;
const maxNodes = 10_000;

const attributeName = /^[A-Za-z$][\w$-]*$/;
const number = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const operators: ReadonlySet<string> = new Set(compareOperators);

/**
 * Parses a filter (RFC 7644 section 3.4.2.2). Operators and keywords may have any letter case; `and` binds stronger
 * than `or`; nested chains of one kind are flattened.
 * @throws FilterSyntaxError (`invalidFilter`) with the position of the problem.
 */
export function parseFilter(text: string): Filter {
  const parser = new Parser(new Tokens(text, "invalidFilter"));
  const filter = parser.or();
  parser.end();
  return filter;
}

/**
 * Parses the path of a PATCH operation (RFC 7644 section 3.5.2, figure 7).
 * @throws FilterSyntaxError (`invalidPath`) with the position of the problem.
 */
export function parsePath(text: string): PatchPath {
  const parser = new Parser(new Tokens(text, "invalidPath"));
  const path = parser.patchPath();
  parser.end();
  return path;
}

class Parser {
  readonly #tokens: Tokens;
  #depth = 0;
  #nodes = 0;
  #inBrackets = false;

  constructor(tokens: Tokens) {
    this.#tokens = tokens;
  }

  end(): void {
    const { kind, value } = this.#tokens.current;
    if (kind === "end") return;
    if (kind === ")" || kind === "]") throw this.#tokens.error(`this "${value}" closes nothing`);
    throw this.#tokens.error(
      this.#tokens.kind === "invalidFilter" ? "and, or, or the end is expected" : "the path should end here",
    );
  }

  or(): Filter {
    return this.#chain("or", () => this.#chain("and", () => this.#unit()));
  }

  patchPath(): PatchPath {
    const path = this.#attributePath();
    if (this.#tokens.current.kind !== "[") return path;
    const filter = this.#bracketed(path);
    const sub = this.#tail();
    return { ...path, filter, ...(sub !== undefined && { sub }) };
  }

  #chain(kind: "and" | "or", next: () => Filter): Filter {
    const first = next();
    if (!this.#tokens.at(kind)) return first;
    const filters: Filter[] = [];
    const add = (filter: Filter): void => {
      if (filter.kind === kind) for (const part of filter.filters) filters.push(part);
      else filters.push(filter);
    };
    add(first);
    while (this.#tokens.at(kind)) {
      this.#tokens.take();
      add(next());
    }
    return { kind, filters };
  }

  #unit(): Filter {
    if (++this.#nodes > maxNodes) throw this.#tokens.error(`it has more than ${maxNodes} conditions`);
    if (this.#tokens.at("not")) {
      this.#tokens.take();
      if (this.#tokens.current.kind !== "(")
        throw this.#tokens.error("not needs parentheses, as in not (active eq true)");
      return { kind: "not", filter: this.#parenthesised() };
    }
    if (this.#tokens.current.kind === "(") return this.#parenthesised();
    const path = this.#attributePath();
    return this.#tokens.current.kind === "[" ? this.#valuePath(path) : this.#comparison(path);
  }

  #parenthesised(): Filter {
    return this.#nested(")", () => this.or());
  }

  #valuePath(path: AttributePath): Filter {
    const filter = this.#bracketed(path);
    const name = this.#tail();
    if (name === undefined) return { kind: "value", path, filter };
    const tail = this.#comparison({ name });
    const filters = filter.kind === "and" ? [...filter.filters, tail] : [filter, tail];
    return { kind: "value", path, filter: { kind: "and", filters } };
  }

  #bracketed(path: AttributePath): Filter {
    if (this.#inBrackets) throw this.#tokens.error("brackets cannot stand within brackets");
    if (path.sub !== undefined) throw this.#tokens.error("brackets follow an attribute, not a sub-attribute");
    this.#inBrackets = true;
    const filter = this.#nested("]", () => this.or());
    this.#inBrackets = false;
    return filter;
  }

  #nested(close: ")" | "]", inner: () => Filter): Filter {
    const open = this.#tokens.current;
    if (++this.#depth > maxDepth) throw this.#tokens.error(`it nests deeper than ${maxDepth} levels`);
    this.#tokens.take();
    const filter = inner();
    const { kind } = this.#tokens.current;
    if (kind === "end") throw this.#tokens.error(`the "${open.value}" has no closing "${close}"`, open);
    if (kind !== close) throw this.#tokens.error(`and, or, or "${close}" is expected`);
    this.#tokens.take();
    this.#depth--;
    return filter;
  }

  /** The `.sub` that may follow a closing bracket. */
  #tail(): string | undefined {
    const token = this.#tokens.current;
    if (token.kind !== "word" || !token.value.startsWith(".") || !this.#tokens.adjacent) return undefined;
    const name = token.value.slice(1);
    if (!isAttributeName(name)) throw this.#tokens.error("after the dot, the name of a sub-attribute is expected");
    this.#tokens.take();
    return name;
  }

  #comparison(path: AttributePath): Filter {
    const token = this.#tokens.current;
    const operator = token.kind === "word" ? token.value.toLowerCase() : "";
    if (operator === "pr") {
      this.#tokens.take();
      return { kind: "present", path };
    }
    if (!operators.has(operator)) {
      throw this.#tokens.error("an operator is expected: pr, eq, ne, co, sw, ew, gt, ge, lt or le");
    }
    this.#tokens.take();
    return { kind: "compare", path, operator: operator as CompareOperator, value: this.#literal(operator) };
  }

  #literal(operator: string): FilterLiteral {
    const token = this.#tokens.current;
    const value = token.kind === "string" ? token.value : literalOf(token);
    if (value === undefined) {
      throw this.#tokens.error(
        token.kind === "word"
          ? "text stands in double quotes; without quotes only a number, true, false or null is possible"
          : `a value is expected after ${operator}`,
      );
    }
    this.#tokens.take();
    return value;
  }

  #attributePath(): AttributePath {
    const token = this.#tokens.current;
    const path = token.kind === "word" ? attributePathOf(token.value) : undefined;
    if (!path) throw this.#tokens.error("an attribute is expected, as in userName, name.givenName or URN:department");
    this.#tokens.take();
    return path;
  }
}

/** Splits `[URN:]name[.sub]`; the URN, which may hold dots and colons, ends at the last colon. */
function attributePathOf(text: string): AttributePath | undefined {
  const colon = text.lastIndexOf(":");
  const schema = colon < 0 ? undefined : text.slice(0, colon);
  const [name, sub, ...more] = text.slice(colon + 1).split(".");
  if (name === undefined || !isAttributeName(name) || more.length > 0) return undefined;
  if (sub !== undefined && !isAttributeName(sub)) return undefined;
  if (schema !== undefined && (schema === "" || forbiddenNames.has(schema))) return undefined;
  return { ...(schema !== undefined && { schema }), name, ...(sub !== undefined && { sub }) };
}

function isAttributeName(name: string): boolean {
  return attributeName.test(name) && !forbiddenNames.has(name);
}

function literalOf(token: Token): FilterLiteral | undefined {
  if (token.kind !== "word") return undefined;
  switch (token.value.toLowerCase()) {
    case "true":
      return true;
    case "false":
      return false;
    case "null":
      return null;
    default: {
      const value = number.test(token.value) ? Number(token.value) : NaN;
      // Adding 0 makes 0 of -0, which JSON and comparison cannot tell apart.
      return Number.isFinite(value) ? value + 0 : undefined;
    }
  }
}

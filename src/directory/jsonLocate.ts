import { type ParseError, printParseErrorCode, visit } from "jsonc-parser";
import { tooDeepAt } from "../scim/jsonDepth.ts";

/** A fault of JSON syntax, with its 1-based line. */
export interface JsonSyntaxProblem {
  readonly line: number;
  readonly message: string;
}

/** Most syntax errors that are told: one slip makes many that follow from it. */
const syntaxLimit = 20;

const strict = { disallowComments: true, allowTrailingComma: false };

/** Every syntax error of a JSON text. */
export function syntaxProblems(text: string): JsonSyntaxProblem[] {
  const deep = tooDeepAt(text);
  if (deep !== undefined) {
    return [{ line: text.slice(0, deep).split("\n").length, message: "Brackets are nested too deep here." }];
  }
  const found: JsonSyntaxProblem[] = [];
  const onError = (error: ParseError["error"], _offset: number, _length: number, startLine: number): void => {
    if (found.length < syntaxLimit)
      found.push({ line: startLine + 1, message: `This is not JSON: ${words(printParseErrorCode(error))}.` });
  };
  visit(text, { onError }, strict);
  return found;
}

/**
 * Finds the lines of places in a JSON text in one pass, without a tree: the text may be large.
 * @param paths places as `users[3].id`.
 */
export function locateLines(text: string, paths: ReadonlySet<string>): Map<string, number> {
  const lines = new Map<string, number>();
  if (tooDeepAt(text) !== undefined) return lines;
  const note = (path: readonly (string | number)[], line: number): void => {
    const name = formatPlace(path);
    if (paths.has(name) && !lines.has(name)) lines.set(name, line + 1);
  };
  const begin = (_offset: number, _length: number, line: number, _column: number, path: () => (string | number)[]) =>
    note(path(), line);
  visit(text, {
    onObjectBegin: (offset, length, line, column, path) => begin(offset, length, line, column, path),
    onArrayBegin: (offset, length, line, column, path) => begin(offset, length, line, column, path),
    onLiteralValue: (_value, _offset, _length, line, _column, path) => note(path(), line),
  });
  return lines;
}

/** A place in a document as people write it: `users[3].id`. */
export function formatPlace(path: readonly (string | number)[]): string {
  return path.map((key, index) => (typeof key === "number" ? `[${key}]` : index === 0 ? key : `.${key}`)).join("");
}

/** `ColonExpected` as `colon expected`. */
function words(code: string): string {
  return code.replaceAll(/(?<=[a-z])(?=[A-Z])/g, " ").toLowerCase();
}

import vm from "node:vm";

/** A pattern that took too long on a text. */
export class RegexTimeoutError extends Error {}

/** Longest run of one pattern over one text, in milliseconds. */
const timeLimit = 250;

const script = new vm.Script(`
  for (const match of text.matchAll(regex)) {
    found.push(match);
    if (found.length >= most) break;
  }
`);

/**
 * Finds all matches of a pattern that may explode, stopped by the engine's own watch when it runs too long.
 *
 * @throws RegexTimeoutError after the time limit.
 */
export function runGuarded(regex: RegExp, text: string, most: number): RegExpExecArray[] {
  const found: RegExpExecArray[] = [];
  const sandbox = vm.createContext({ regex, text, most, found });
  try {
    script.runInContext(sandbox, { timeout: timeLimit });
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ERR_SCRIPT_EXECUTION_TIMEOUT") {
      throw new RegexTimeoutError(
        `The pattern took longer than ${timeLimit} ms on a text of ${text.length} characters.`,
      );
    }
    throw error;
  }
  return found;
}

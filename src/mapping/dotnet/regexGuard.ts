import vm from "node:vm";

/** A pattern that took too long on a text. */
export class RegexTimeoutError extends Error {}

/** What a pattern can be asked for, and what comes back. */
export interface RegexTask {
  first: RegExpExecArray | null;
  all: readonly RegExpExecArray[];
  replace: string;
}

interface Input {
  readonly text: string;
  /** With the flag `g`. */
  readonly regex: RegExp;
  readonly replacement: string;
}

/** Longest run of one pattern over one text, in milliseconds. */
const timeLimit = 250;

const tasks: { readonly [Kind in keyof RegexTask]: (input: Input) => RegexTask[Kind] } = {
  first: ({ text, regex }) => {
    regex.lastIndex = 0;
    return regex.exec(text);
  },
  all: ({ text, regex }) => Array.from(text.matchAll(regex)),
  replace: ({ text, regex, replacement }) => text.replace(regex, replacement),
};

const script = new vm.Script("run()");

/**
 * Runs a pattern over a text; when it is watched, the engine itself stops it at the time limit.
 *
 * @throws RegexTimeoutError after the time limit.
 */
export function runGuarded<Kind extends keyof RegexTask>(kind: Kind, input: Input, watched: boolean): RegexTask[Kind] {
  if (!watched) return tasks[kind](input);
  let result: { readonly value: RegexTask[Kind] } | undefined;
  const run = () => {
    result = { value: tasks[kind](input) };
  };
  try {
    script.runInContext(vm.createContext({ run }), { timeout: timeLimit });
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ERR_SCRIPT_EXECUTION_TIMEOUT")) throw error;
  }
  if (result !== undefined) return result.value;
  throw new RegexTimeoutError(
    `The pattern takes longer than ${timeLimit} ms on a text of ${input.text.length} characters.`,
  );
}

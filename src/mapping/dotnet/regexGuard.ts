import vm from "node:vm";

/** A pattern that took too long on a text. */
export class RegexTimeoutError extends Error {}

/** What a pattern can be asked for, and what comes back. */
export interface RegexTask {
  first: RegExpExecArray | null;
  all: readonly RegExpExecArray[];
  replace: string;
}

export interface RegexInput {
  readonly text: string;
  /** With the flag `g`. */
  readonly regex: RegExp;
  readonly replacement: string;
}

/** Longest run of one pattern over one text, in milliseconds. */
const timeLimit = 250;

const tasks: { readonly [Kind in keyof RegexTask]: (input: RegexInput) => RegexTask[Kind] } = {
  first: ({ text, regex }) => {
    regex.lastIndex = 0;
    return regex.exec(text);
  },
  all: ({ text, regex }) => Array.from(text.matchAll(regex)),
  replace: ({ text, regex, replacement }) => text.replace(regex, replacement),
};

const script = new vm.Script("run()");

/** Runs patterns over texts under the engine's own watch, which stops a pattern that explodes. */
export class RegexWatch {
  readonly #context: { run?: () => void } = {};

  constructor() {
    vm.createContext(this.#context);
  }

  /** @throws RegexTimeoutError after the time limit. */
  run<Kind extends keyof RegexTask>(kind: Kind, input: RegexInput): RegexTask[Kind] {
    let result: { readonly value: RegexTask[Kind] } | undefined;
    this.#context.run = () => {
      result = { value: runRegex(kind, input) };
    };
    try {
      script.runInContext(this.#context, { timeout: timeLimit });
    } catch (error) {
      // The error comes from the other context, so it is no instance of this one's Error.
      const timedOut =
        typeof error === "object" && error !== null && "code" in error && error.code === "ERR_SCRIPT_EXECUTION_TIMEOUT";
      if (!timedOut) throw error;
    }
    if (result !== undefined) return result.value;
    const { length } = input.text;
    throw new RegexTimeoutError(`The pattern takes longer than ${timeLimit} ms on a text of ${length} characters.`);
  }
}

/** Runs a pattern over a text without a watch. */
export function runRegex<Kind extends keyof RegexTask>(kind: Kind, input: RegexInput): RegexTask[Kind] {
  return tasks[kind](input);
}

import { RegexError } from "./regexCursor.ts";
import { RegexWatch, runRegex, type RegexTask } from "./regexGuard.ts";
import { translatePattern, type TranslatedPattern } from "./regexTranslate.ts";
import { translateReplacement } from "./replacement.ts";

export { RegexError };

/** The part of a text that a group captured, or a match. */
export interface Capture {
  readonly text: string;
  readonly start: number;
}

/** Subjects up to this length run without a watch over the time, when the pattern itself is harmless. */
const shortSubject = 2_000;

/**
 * A .NET regular expression without options, run by the JavaScript engine. Patterns that can explode, and long texts, run
 * under a time limit; every method throws RegexTimeoutError when it is reached.
 */
export class DotnetRegex {
  readonly #pattern: TranslatedPattern;
  readonly #regex: RegExp;
  #watch: RegexWatch | undefined;

  /** @throws RegexError for a malformed pattern or an unsupported construct. */
  constructor(pattern: string) {
    this.#pattern = translatePattern(pattern);
    try {
      this.#regex = new RegExp(this.#pattern.source, "gv");
    } catch {
      throw new RegexError("The pattern is malformed.");
    }
  }

  hasGroup(name: string): boolean {
    return this.#pattern.groups.has(name);
  }

  /** Whether the pattern is found anywhere in the text. */
  test(text: string): boolean {
    return this.#run(text, "first", this.#regex) !== null;
  }

  /** Prepares a replacement of every match, in .NET's replacement syntax (`$1`, `${name}`, `$&`). */
  replacer(replacement: string): (text: string) => string {
    const translated = translateReplacement(replacement, this.#pattern.groups);
    return (text) => this.#run(text, "replace", this.#regex, translated(text));
  }

  /** What the group captured in the first match: `undefined` when there is no match or the group took no part. */
  firstCapture(text: string, group: string): string | undefined {
    const index = this.#pattern.groups.get(group);
    return index === undefined ? undefined : this.#run(text, "first", this.#regex)?.[index];
  }

  /** What the group captured in each match, with its place. */
  captures(text: string, group: string): readonly Capture[] {
    const index = this.#pattern.groups.get(group);
    if (index === undefined) return [];
    const indexed = new RegExp(this.#regex, "dgv");
    return this.#run(text, "all", indexed).flatMap((match): Capture[] => {
      const captured = match[index];
      const span = match.indices?.[index];
      return captured === undefined || span === undefined ? [] : [{ text: captured, start: span[0] }];
    });
  }

  #run<Kind extends keyof RegexTask>(text: string, kind: Kind, regex: RegExp, replacement = ""): RegexTask[Kind] {
    const input = { text, regex, replacement };
    if (!this.#pattern.risky && text.length <= shortSubject) return runRegex(kind, input);
    this.#watch ??= new RegexWatch();
    return this.#watch.run(kind, input);
  }
}

import { translatePattern, type TranslatedPattern } from "./regexTranslate.ts";
import { runGuarded } from "./regexGuard.ts";

/** A pattern that .NET would refuse, or a construct that cannot be carried over faithfully. */
export class RegexError extends Error {}

/** The part of a text that a group captured. */
export interface Capture {
  readonly text: string;
  readonly start: number;
}

export interface RegexMatch extends Capture {
  /** The last capture of a group by its .NET name or number, `undefined` when it took no part. */
  group(name: string): Capture | undefined;
}

/** Subjects up to this length run without the watch over time, when the pattern itself is harmless. */
const shortSubject = 2_000;

/**
 * A .NET regular expression without options, run by the JavaScript engine. Patterns that can explode run under a time
 * limit.
 */
export class DotnetRegex {
  readonly #pattern: TranslatedPattern;
  readonly #regex: RegExp;

  /** @throws RegexError for a malformed pattern or an unsupported construct. */
  constructor(pattern: string) {
    this.#pattern = translatePattern(pattern, (message) => new RegexError(message));
    try {
      this.#regex = new RegExp(this.#pattern.source, "dgv");
    } catch {
      throw new RegexError("The pattern is malformed.");
    }
  }

  /** Names and numbers of the groups, as replacements and group arguments name them. */
  get groupNames(): readonly string[] {
    return [...this.#pattern.groups.keys()];
  }

  hasGroup(name: string): boolean {
    return this.#pattern.groups.has(name);
  }

  /** Whether the pattern is found anywhere in the text. @throws RegexTimeoutError */
  test(text: string): boolean {
    return this.matches(text, 1).length > 0;
  }

  /** All matches from left to right, at most `most`. @throws RegexTimeoutError */
  matches(text: string, most = Infinity): readonly RegexMatch[] {
    const safe = !this.#pattern.risky && text.length <= shortSubject;
    const found = safe ? collect(this.#regex, text, most) : runGuarded(this.#regex, text, most);
    return found.map((match) => this.#toMatch(match));
  }

  #toMatch(match: RegExpExecArray): RegexMatch {
    const { groups } = this.#pattern;
    return {
      text: match[0],
      start: match.index,
      group: (name) => {
        const index = groups.get(name);
        const span = index === undefined ? undefined : match.indices?.[index];
        const text = index === undefined ? undefined : match[index];
        return text === undefined || span === undefined ? undefined : { text, start: span[0] };
      },
    };
  }
}

function collect(regex: RegExp, text: string, most: number): RegExpExecArray[] {
  const found: RegExpExecArray[] = [];
  for (const match of text.matchAll(regex)) {
    found.push(match);
    if (found.length >= most) break;
  }
  return found;
}

/** A pattern that .NET would refuse, or a construct that cannot be carried over faithfully. */
export class RegexError extends Error {}

/** Most nesting of groups and classes; it bounds the stack. */
const maximumDepth = 100;

/** A place in a pattern that is being read. */
export class PatternCursor {
  readonly #pattern: string;
  #at = 0;
  #depth = 0;

  constructor(pattern: string) {
    this.#pattern = pattern;
  }

  get done(): boolean {
    return this.#at >= this.#pattern.length;
  }

  /** The UTF-16 unit at an offset from here, empty behind the end. */
  peek(offset = 0): string {
    return this.#pattern.charAt(this.#at + offset);
  }

  /** The whole character at an offset from here. */
  character(offset = 0): string {
    return String.fromCodePoint(this.#pattern.codePointAt(this.#at + offset) ?? 0);
  }

  /** Matches a sticky pattern here without moving on. */
  look(sticky: RegExp): RegExpExecArray | null {
    sticky.lastIndex = this.#at;
    return sticky.exec(this.#pattern);
  }

  skip(length: number): void {
    this.#at += length;
  }

  /** Runs a part that may hold itself again. */
  nested(run: () => string): string {
    if (++this.#depth > maximumDepth) throw new RegexError("The pattern is nested too deep.");
    const result = run();
    this.#depth--;
    return result;
  }
}

/** A character that stands for itself, inside and outside of brackets. */
export function literal(character: string): string {
  if (/^[\p{L}\p{N} ]$/u.test(character)) return character;
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}

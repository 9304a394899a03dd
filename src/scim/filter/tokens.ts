import { FilterSyntaxError } from "./syntaxError.ts";

/** A piece of a filter. `value` is the text of a word or bracket, and the decoded text of a string. */
export interface Token {
  readonly kind: "word" | "string" | "(" | ")" | "[" | "]" | "end";
  readonly value: string;
  readonly position: number;
}

/** The longest filter or path that is read, in characters. */
const maxLength = 100_000;

const word = /[^\s()[\]"]+/y;
const space = /\s*/y;
const string = /"(?:[^"\\]|\\.)*"/sy;

/** Reads a filter or path token by token (RFC 7644 section 3.4.2.2, figure 1). */
export class Tokens {
  readonly text: string;
  readonly kind: "invalidFilter" | "invalidPath";
  /** The token that is looked at. */
  current: Token;

  /** @throws FilterSyntaxError when the text is too long or its first token is malformed. */
  constructor(text: string, kind: "invalidFilter" | "invalidPath") {
    this.text = text;
    this.kind = kind;
    if (text.length > maxLength) {
      throw new FilterSyntaxError(kind, `it has ${text.length} characters, the limit is ${maxLength}`, text, maxLength);
    }
    this.current = this.#read(0);
  }

  /** Returns the current token and moves to the next one. */
  take(): Token {
    const token = this.current;
    if (token.kind !== "end") this.current = this.#read(this.#end);
    return token;
  }

  /** The error for a problem at a token, by default the current one. */
  error(problem: string, token: Token = this.current): FilterSyntaxError {
    return new FilterSyntaxError(this.kind, problem, this.text, token.position);
  }

  /** Whether the current token is this keyword, in any letter case. */
  at(keyword: string): boolean {
    return this.current.kind === "word" && this.current.value.toLowerCase() === keyword;
  }

  /** Whether nothing, not even a space, stands between the previous token and the current one. */
  get adjacent(): boolean {
    return this.current.position === this.#previousEnd;
  }

  #previousEnd = 0;
  #end = 0;

  #read(from: number): Token {
    this.#previousEnd = from;
    space.lastIndex = from;
    space.exec(this.text);
    const position = space.lastIndex;
    const first = this.text[position];
    if (first === undefined) {
      this.#end = position;
      return { kind: "end", value: "", position };
    }
    if (first === "(" || first === ")" || first === "[" || first === "]") {
      this.#end = position + 1;
      return { kind: first, value: first, position };
    }
    return first === '"' ? this.#readString(position) : this.#readWord(position);
  }

  #readWord(position: number): Token {
    word.lastIndex = position;
    const value = word.exec(this.text)?.[0] ?? "";
    this.#end = position + value.length;
    return { kind: "word", value, position };
  }

  #readString(position: number): Token {
    string.lastIndex = position;
    const literal = string.exec(this.text)?.[0];
    if (literal === undefined) {
      throw new FilterSyntaxError(this.kind, "the closing double quote is missing", this.text, position);
    }
    this.#end = position + literal.length;
    try {
      return { kind: "string", value: JSON.parse(literal) as string, position };
    } catch {
      const problem = "the text is no JSON string; a backslash is written as \\\\, a line break as \\n";
      throw new FilterSyntaxError(this.kind, problem, this.text, position);
    }
  }
}

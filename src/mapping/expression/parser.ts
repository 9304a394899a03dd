import { excerpt, ExpressionError } from "./expressionError.ts";
import { operatorOf, tokenize, type Token } from "./lexer.ts";
import type { ExpressionNode } from "./node.ts";

/** Most characters of an expression, as the service limits it. */
export const maximumLength = 10_000;

/** Deepest nesting of calls; far beyond any real mapping, and it bounds the stack for hostile input. */
export const maximumDepth = 100;

/**
 * Parses an expression text into its tree. Only the syntax is looked at; names and arguments are checked by
 * `checkExpression`.
 *
 * @throws ExpressionError `syntax`, `tooLong` or `tooDeep`, with the position.
 */
export function parseExpression(text: string): ExpressionNode {
  if (text.length > maximumLength) {
    const message = `The expression has ${text.length} characters; at most ${maximumLength} are allowed.`;
    throw new ExpressionError("tooLong", message, maximumLength, text.length - maximumLength);
  }
  return new Parser(tokenize(text)).parse();
}

class Parser {
  readonly #tokens: readonly Token[];
  #index = 0;
  #depth = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  parse(): ExpressionNode {
    if (this.#token.kind === "end") {
      throw new ExpressionError(
        "syntax",
        "The expression is empty. Write a function call, for example ToLower([mail]).",
        0,
        0,
      );
    }
    const node = this.#comparison();
    this.#expect("end", "after the end of the expression");
    return node;
  }

  get #token(): Token {
    const token = this.#tokens[this.#index];
    if (token === undefined) throw new RangeError("read past the end token");
    return token;
  }

  #expect(kind: Token["kind"], where: string): void {
    if (this.#token.kind !== kind) throw this.#unexpected(where);
  }

  #next(): Token {
    const token = this.#token;
    this.#index++;
    return token;
  }

  #comparison(): ExpressionNode {
    const left = this.#operand();
    if (this.#token.kind !== "operator") return left;
    const operator = operatorOf(this.#next());
    const right = this.#operand();
    return { kind: "comparison", operator, left, right, start: left.start, end: right.end };
  }

  #operand(): ExpressionNode {
    const token = this.#token;
    const { start, end, value } = token;
    switch (token.kind) {
      case "text":
        this.#index++;
        return { kind: "text", value, start, end };
      case "number":
        this.#index++;
        return { kind: "number", digits: value, start, end };
      case "attribute":
        this.#index++;
        return { kind: "attribute", name: value, start, end };
      case "word":
        this.#index++;
        return this.#token.kind === "(" ? this.#call(token) : { kind: "word", name: value, start, end };
      case "operator":
      case "(":
      case ")":
      case ",":
      case "end":
        throw this.#unexpected("where a function, an attribute or a constant is expected");
    }
  }

  #call(name: Token): ExpressionNode {
    if (++this.#depth > maximumDepth) {
      const message = `Functions are nested more than ${maximumDepth} deep.`;
      throw new ExpressionError("tooDeep", message, name.start, name.end - name.start);
    }
    const open = this.#next();
    const args = this.#token.kind === ")" ? [] : this.#arguments();
    if (this.#token.kind === "end") {
      const message = `The call of ${excerpt(name.value)} has no closing parenthesis.`;
      throw new ExpressionError("syntax", message, open.start, 1);
    }
    if (this.#token.kind !== ")") throw this.#unexpected("where a comma or a closing parenthesis is expected");
    const close = this.#next();
    this.#depth--;
    return { kind: "call", name: name.value, arguments: args, start: name.start, end: close.end };
  }

  #arguments(): ExpressionNode[] {
    const args = [this.#argument()];
    while (this.#token.kind === ",") {
      this.#index++;
      args.push(this.#argument());
    }
    return args;
  }

  #argument(): ExpressionNode {
    const { kind, start } = this.#token;
    return kind === "," || kind === ")" ? { kind: "omitted", start, end: start } : this.#comparison();
  }

  #unexpected(where: string): ExpressionError {
    const token = this.#token;
    const length = token.end - token.start;
    if (token.kind === "end") return new ExpressionError("syntax", `The expression ends ${where}.`, token.start, 0);
    if (token.kind === "word" && /^(?:and|or)$/i.test(token.value)) {
      const message = `${token.value.toUpperCase()} is not available. Nest IIF: on the true branch for AND, on the false branch for OR.`;
      return new ExpressionError("syntax", message, token.start, length);
    }
    const shown =
      token.kind === "text"
        ? "A text"
        : token.kind === "attribute"
          ? `[${excerpt(token.value)}]`
          : excerpt(token.value);
    return new ExpressionError("syntax", `${shown} stands ${where}.`, token.start, length);
  }
}

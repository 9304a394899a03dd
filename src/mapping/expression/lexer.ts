import { excerpt, ExpressionError } from "./expressionError.ts";
import type { ComparisonOperator, Span } from "./node.ts";

export interface Token extends Span {
  readonly kind: "word" | "attribute" | "text" | "number" | "operator" | "(" | ")" | "," | "end";
  /** The name, the resolved text, the digits or the operator. */
  readonly value: string;
}

const space = /\s*/uy;
const word = /[\p{L}_][\p{L}\p{N}_]*/uy;
const number = /&[Hh][0-9A-Fa-f]+|-?[0-9]+(?:\.[0-9]+)?/y;
const operator = /<>|>=|<=|[=<>]/y;

/**
 * Cuts an expression text into tokens (lexical rules of the application provisioning function reference).
 *
 * @throws ExpressionError `syntax` at the first character that cannot begin or end a token.
 */
export function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  for (;;) {
    at += match(space, text, at)?.length ?? 0;
    if (at >= text.length) break;
    const token = readToken(text, at);
    tokens.push(token);
    at = token.end;
  }
  tokens.push({ kind: "end", value: "", start: text.length, end: text.length });
  return tokens;
}

/** The operator of an operator token. */
export function operatorOf(token: Token): ComparisonOperator {
  return token.value as ComparisonOperator;
}

function match(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

function readToken(text: string, start: number): Token {
  const first = text.charAt(start);
  if (first === "(" || first === ")" || first === ",") {
    return { kind: first, value: first, start, end: start + 1 };
  }
  if (first === '"') return readText(text, start);
  if (first === "[") return readAttribute(text, start);
  for (const [kind, pattern] of [
    ["number", number],
    ["word", word],
    ["operator", operator],
  ] as const) {
    const value = match(pattern, text, start);
    if (value !== undefined) return { kind, value, start, end: start + value.length };
  }
  throw unexpectedCharacter(text, start);
}

function readText(text: string, start: number): Token {
  let value = "";
  for (let at = start + 1; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === '"') return { kind: "text", value, start, end: at + 1 };
    const next = text.charAt(at + 1);
    if (character === "\\" && (next === "\\" || next === '"')) {
      value += next;
      at++;
    } else value += character;
  }
  const length = text.length - start;
  throw new ExpressionError("syntax", 'A text begins here and has no closing double quote (").', start, length);
}

function readAttribute(text: string, start: number): Token {
  const close = text.indexOf("]", start);
  const next = text.indexOf("[", start + 1);
  if (close === -1 || (next !== -1 && next < close)) {
    const message = "An attribute name begins here and has no closing bracket (]).";
    throw new ExpressionError("syntax", message, start, 1);
  }
  const value = text.slice(start + 1, close).trim();
  if (value === "") {
    const message = "Between the brackets stands no attribute name. Write one, for example [displayName].";
    throw new ExpressionError("syntax", message, start, close + 1 - start);
  }
  return { kind: "attribute", value, start, end: close + 1 };
}

function unexpectedCharacter(text: string, at: number): ExpressionError {
  const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
  const message = /[“”„‟'‘’]/u.test(character)
    ? `Texts stand in straight double quotes ("), not in ${character}.`
    : character === "&"
      ? "The operator & is not available. Use Append or Join to put texts together."
      : character === "]"
        ? "A closing bracket (]) stands here without an opening one."
        : `The character ${excerpt(JSON.stringify(character))} has no meaning here.`;
  return new ExpressionError("syntax", message, at, character.length);
}

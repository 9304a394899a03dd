import { readAttribute } from "./attribute.ts";
import type { Attributes, EvaluationContext } from "./context.ts";
import { excerpt, ExpressionError, type ExpressionErrorCode } from "./expressionError.ts";
import type { Arguments, AttributeTest, Evaluator } from "./functions/definition.ts";
import { walk, type CallNode } from "./node.ts";
import { drop, isList, scalarText, textsOf, type Value } from "./value.ts";

/** A compiled node; `constant` is there when its value never depends on the object. */
export interface Compiled {
  readonly run: Evaluator;
  readonly constant?: { readonly value: Value };
  /** Of a comparison of an attribute with a constant text. */
  readonly test?: AttributeTest;
}

const absent: Compiled = { run: () => null, constant: { value: null } };
const wholeNumber = /^\s*-?[0-9]+\s*$/;
const hexadecimal = /^\s*&[Hh]([0-9A-Fa-f]+)\s*$/;

/** What a text of one to nine digits says; `undefined` for any other text. */
function fewDigits(text: string): number | undefined {
  if (text.length === 0 || text.length > 9) return undefined;
  let value = 0;
  for (let at = 0; at < text.length; at++) {
    const digit = text.charCodeAt(at) - 0x30;
    if (digit < 0 || digit > 9) return undefined;
    value = 10 * value + digit;
  }
  return value;
}

/** The arguments of one call, compiled, with the conversions that functions ask for. */
export class CallArguments implements Arguments {
  readonly count: number;
  readonly #text: string;
  readonly #call: CallNode;
  readonly #compiled: readonly Compiled[];
  readonly #traced: boolean;

  constructor(text: string, call: CallNode, count: number, compiled: readonly Compiled[], traced: boolean) {
    this.#text = text;
    this.#call = call;
    this.count = count;
    this.#compiled = compiled;
    this.#traced = traced;
  }

  given(index: number): boolean {
    return (this.#call.arguments[index]?.kind ?? "omitted") !== "omitted";
  }

  value(index: number): Evaluator {
    return this.#at(index).run;
  }

  text(index: number): Evaluator<string | null> {
    const { run } = this.#at(index);
    return (attributes, context) => {
      const value = run(attributes, context);
      if (typeof value === "string") return value;
      return typeof value === "boolean" ? scalarText(value) : this.#single(value, index);
    };
  }

  integer(index: number): (attributes: Attributes, context: EvaluationContext) => number {
    const text = this.text(index);
    const constant = this.constantText(index);
    if (constant !== undefined) {
      const value = this.#toInteger(constant, index); // one that is no number is an error of the expression itself
      if (!this.#traced) return () => value;
    }
    return (attributes, context) => this.#toInteger(text(attributes, context), index);
  }

  anyInteger(index: number): (attributes: Attributes, context: EvaluationContext) => number | bigint | null {
    const text = this.text(index);
    const constant = this.constantText(index);
    if (constant !== undefined) {
      const value = this.#toAnyInteger(constant, index);
      if (!this.#traced) return () => value;
    }
    return (attributes, context) => {
      const value = text(attributes, context);
      return value === null ? null : this.#toAnyInteger(value, index);
    };
  }

  constantText(index: number): string | undefined {
    const { constant } = this.#at(index);
    if (constant === undefined) return undefined;
    const { value } = constant;
    return value === null || value === drop || isList(value) ? undefined : scalarText(value);
  }

  attributesOf(index: number): readonly { readonly name: string; readonly read: Evaluator }[] {
    const node = this.#call.arguments[index];
    if (node === undefined) return [];
    const names = [...walk(node)].flatMap((each) => (each.kind === "attribute" ? [each.name] : []));
    return [...new Set(names)].map((name) => ({ name, read: readAttribute(name) }));
  }

  attributeTest(index: number): AttributeTest | undefined {
    return this.#traced ? undefined : this.#at(index).test;
  }

  source(index: number): string {
    const node = this.#call.arguments[index];
    return node === undefined ? "" : excerpt(this.#text.slice(node.start, node.end));
  }

  fail(code: ExpressionErrorCode, message: string, index?: number): never {
    const node = (index === undefined ? undefined : this.#call.arguments[index]) ?? this.#call;
    throw new ExpressionError(code, message, node.start, node.end - node.start);
  }

  overTexts(
    index: number,
    map: (text: string, attributes: Attributes, context: EvaluationContext) => string | null,
  ): Evaluator {
    const { run } = this.#at(index);
    return (attributes, context) => {
      const value = run(attributes, context);
      if (typeof value === "string") return map(value, attributes, context);
      if (value === null || value === drop) return null;
      if (!isList(value)) return map(scalarText(value), attributes, context);
      const results = textsOf(value).flatMap((text) => map(text, attributes, context) ?? []);
      if (value.length <= 1) return results[0] ?? null;
      context.warn?.({
        message: `${this.#call.name} is applied to each of ${value.length} values. The service documents it for one value only.`,
        position: this.#call.start,
        length: this.#call.end - this.#call.start,
      });
      return results;
    };
  }

  #at(index: number): Compiled {
    return this.#compiled[index] ?? absent;
  }

  #single(value: Value, index: number): string | null {
    if (value === null || value === drop) return null;
    if (!isList(value)) return scalarText(value);
    const texts = textsOf(value);
    if (texts.length <= 1) return texts[0] ?? null;
    const message = `${this.source(index)} has ${texts.length} values, and ${this.#call.name} takes one here. Use Item or Join.`;
    return this.fail("multipleValues", message, index);
  }

  #toInteger(value: string | null, index: number): number {
    if (value === null || value.length > 60) return this.#notANumber(value, index);
    const hex = hexadecimal.exec(value)?.[1];
    if (hex === undefined && !wholeNumber.test(value)) return this.#notANumber(value, index);
    const number = hex === undefined ? Number(value) : parseInt(hex, 16);
    return Number.isSafeInteger(number)
      ? number
      : this.fail("outOfRange", `${excerpt(value)} is too large here.`, index);
  }

  #toAnyInteger(value: string, index: number): number | bigint {
    const small = fewDigits(value);
    if (small !== undefined) return small;
    if (value.length > 60) return this.#notANumber(value, index);
    const hex = hexadecimal.exec(value)?.[1];
    if (hex !== undefined) return BigInt(`0x${hex}`);
    return wholeNumber.test(value) ? BigInt(value.trim()) : this.#notANumber(value, index);
  }

  #notANumber(value: string | null, index: number): never {
    const shown = value === null ? "has no value" : `gives ${excerpt(JSON.stringify(value))}`;
    return this.fail(
      "notANumber",
      `${this.source(index)} ${shown}, and ${this.#call.name} needs a whole number here.`,
      index,
    );
  }
}

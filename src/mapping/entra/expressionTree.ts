import { argumentCount } from "../expression/check.ts";
import { functions, parameterAt } from "../expression/functions/catalogue.ts";
import type { FunctionDefinition } from "../expression/functions/definition.ts";
import { walk, type CallNode, type ExpressionNode } from "../expression/node.ts";
import { parseExpression } from "../expression/parser.ts";
import { printText } from "../expression/print.ts";
import type { EntraSource } from "./synchronizationSchema.ts";

/** Keys of Replace's parameters in the tree that differ from the documented names. */
const legacyReplaceKeys: Readonly<Record<string, string>> = { oldValue: "Find", replacementValue: "Replacement" };

/**
 * The key under which the tree holds an argument. Repeated parameters are numbered (`source1`, `key2`), which the public
 * documentation shows only for some functions.
 */
function keyOf(definition: FunctionDefinition | undefined, index: number, count: number): string {
  const parameter = definition && parameterAt(definition, index, count);
  if (definition === undefined || parameter === undefined) return `source${index + 1}`;
  if (definition.name === "Replace") return legacyReplaceKeys[parameter.name] ?? parameter.name;
  const extra = index - definition.parameters.length;
  const size = definition.repeated?.length ?? 1;
  return extra < 0 ? parameter.name : `${parameter.name}${2 + Math.floor(extra / size)}`;
}

/**
 * The parsed tree of an expression, as Graph's parseExpression gives it.
 *
 * @returns `undefined` for an expression with a comparison: how the service writes those into the tree is not published, so
 * its own parseExpression must be asked.
 * @throws ExpressionError when the text cannot be parsed.
 */
export function expressionToTree(text: string): EntraSource | undefined {
  const root = parseExpression(text);
  if ([...walk(root)].some(({ kind }) => kind === "comparison")) return undefined;
  return toTree(root, text, text);
}

function toTree(node: ExpressionNode, text: string, expression = text.slice(node.start, node.end)): EntraSource {
  switch (node.kind) {
    case "attribute":
      return { type: "Attribute", name: node.name, expression: `[${node.name}]`, parameters: [] };
    case "call":
      return { type: "Function", name: node.name, expression, parameters: parametersOf(node, text) };
    case "text":
      return constantSource(node.value);
    case "number":
      return constantSource(node.digits);
    case "word":
      return constantSource(node.name);
    case "comparison":
    case "omitted":
      throw new Error("neither comparisons nor omitted arguments reach the tree");
  }
}

function parametersOf(call: CallNode, text: string): EntraSource["parameters"] {
  const definition = functions.get(call.name);
  const count = definition === undefined ? call.arguments.length : argumentCount(call, definition);
  return call.arguments.flatMap((argument, index) =>
    argument.kind === "omitted" ? [] : [{ key: keyOf(definition, index, count), value: toTree(argument, text) }],
  );
}

/** A constant in the tree: its name is the value. */
export function constantSource(value: string): EntraSource {
  return { type: "Constant", name: value, expression: printText(value), parameters: [] };
}

/** The expression text of a source. It is rebuilt from the tree where the service left it out. */
export function expressionOfSource(source: EntraSource): string {
  const { type, name, expression } = source;
  if (expression != null && expression.trim() !== "") return expression;
  if (type === "Attribute") return `[${name ?? ""}]`;
  if (type === "Constant") return printText(name ?? "");
  return callText(name ?? "", source.parameters ?? []);
}

function callText(name: string, parameters: NonNullable<EntraSource["parameters"]>): string {
  const definition = functions.get(name);
  const texts = new Map(parameters.map(({ key, value }) => [key.toLowerCase(), expressionOfSource(value)]));
  if (definition !== undefined) {
    const placed: string[] = [];
    const wanted = texts.size;
    // Positions follow the keys; a place whose key is missing stays empty.
    for (let index = 0, found = 0; found < wanted && index < 2 * wanted + definition.parameters.length; index++) {
      const key = keyOf(definition, index, Infinity).toLowerCase();
      const documented = parameterAt(definition, index, Infinity)?.name.toLowerCase() ?? key;
      const text = texts.get(key) ?? (index < definition.parameters.length ? texts.get(documented) : undefined);
      if (text !== undefined) found++;
      placed.push(text ?? "");
      if (found === wanted) return `${name}(${placed.join(", ")})`;
    }
  }
  return `${name}(${parameters.map(({ value }) => expressionOfSource(value)).join(", ")})`;
}

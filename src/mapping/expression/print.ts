import type { ExpressionNode } from "./node.ts";

/** Writes a text constant with its escapes, quotes included. */
export function printText(value: string): string {
  return `"${value.replace(/[\\"]/g, "\\$&")}"`;
}

/** Writes a tree as expression text, in the spacing of the service's documentation. Parsing it gives the same tree. */
export function printExpression(node: ExpressionNode): string {
  switch (node.kind) {
    case "call":
      return `${node.name}(${node.arguments.map(printExpression).join(", ")})`;
    case "comparison":
      return `${printExpression(node.left)} ${node.operator} ${printExpression(node.right)}`;
    case "attribute":
      return `[${node.name}]`;
    case "text":
      return printText(node.value);
    case "number":
      return node.digits;
    case "word":
      return node.name;
    case "omitted":
      return "";
  }
}

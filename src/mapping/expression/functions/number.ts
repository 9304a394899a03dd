import type { FunctionDefinition } from "./definition.ts";
import { isList } from "../value.ts";

/** Functions over numbers and counts. */
export const numberFunctions: readonly FunctionDefinition[] = [
  {
    name: "BitAnd",
    kind: "number",
    returns: "number",
    parameters: [
      { name: "value1", type: "number", doc: "A whole number; &H begins a hexadecimal one." },
      { name: "value2", type: "number", doc: "A whole number." },
    ],
    doc: "The bits that both numbers have set.",
    example: "BitAnd([userAccountControl], 2)",
    compile: (args) => {
      const first = args.bigInteger(0);
      const second = args.bigInteger(1);
      return (attributes, context) => {
        const one = first(attributes, context);
        const other = second(attributes, context);
        if (one === null || other === null) return null;
        const result = one & other;
        const number = Number(result);
        return Number.isSafeInteger(number) ? number : String(result);
      };
    },
  },
  {
    name: "Count",
    kind: "number",
    returns: "number",
    parameters: [{ name: "attribute", type: "list", doc: "An attribute, usually one with several values." }],
    doc: "How many values there are; 0 when the attribute is absent.",
    example: "Count([proxyAddresses])",
    compile: (args) => {
      const value = args.value(0);
      return (attributes, context) => {
        const result = value(attributes, context);
        if (isList(result)) return result.length;
        return result === null || typeof result === "symbol" ? 0 : 1;
      };
    },
  },
];

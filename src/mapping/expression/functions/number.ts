import { toCase } from "../../dotnet/casing.ts";
import type { FunctionDefinition } from "./definition.ts";
import { isList } from "../value.ts";

/** Functions that give numbers: bits, counts and positions. */
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
      const first = args.anyInteger(0);
      const second = args.anyInteger(1);
      return (attributes, context) => {
        const one = first(attributes, context);
        const other = second(attributes, context);
        if (one === null || other === null) return null;
        // Nine digits fit in the 32 bits that `&` takes of a number.
        if (typeof one === "number" && typeof other === "number") return one & other;
        const result = BigInt(one) & BigInt(other);
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
  {
    name: "InStr",
    kind: "number",
    returns: "number",
    parameters: [
      { name: "value1", type: "text", doc: "The text to search in." },
      { name: "value2", type: "text", doc: "The text to look for." },
      { name: "start", type: "number", doc: "Where to begin, 1 for the first character.", optional: true },
      {
        name: "compareType",
        type: "any",
        doc: "vbTextCompare ignores case, vbBinaryCompare does not.",
        optional: true,
      },
    ],
    doc: "The position of the second text in the first, 1 for the first character, 0 when it is not there.",
    example: 'InStr("The quick brown fox", "quick")',
    compile: (args) => {
      const haystack = args.text(0);
      const needle = args.text(1);
      const start = args.given(2) ? args.integer(2) : () => 1;
      const compare = args.text(3);
      return (attributes, context) => {
        const from = start(attributes, context);
        if (from < 1) args.fail("outOfRange", "The start of InStr is counted from 1.", 2);
        const mode = compare(attributes, context) ?? "vbBinaryCompare";
        if (!/^(?:vb(?:Text|Binary)Compare|[01])$/.test(mode)) {
          args.fail("invalidFormat", "compareType is vbTextCompare or vbBinaryCompare.", 3);
        }
        const fold = mode === "vbTextCompare" || mode === "1";
        const prepare = (text: string | null) => (fold ? (toCase(text ?? "", "lower", null) ?? "") : (text ?? ""));
        return prepare(haystack(attributes, context)).indexOf(prepare(needle(attributes, context)), from - 1) + 1;
      };
    },
  },
];

import { randomInt, randomUUID } from "node:crypto";
import type { EvaluationContext } from "../context.ts";
import type { FunctionDefinition } from "./definition.ts";

const digits = "0123456789";
const capitals = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const lowers = "abcdefghijklmnopqrstuvwxyz";
const specials = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";
const maximumRandomLength = 256;

/** A whole number from 0 up to but not including `limit`. */
function below(limit: number, context: EvaluationContext): number {
  return context.random === undefined ? randomInt(limit) : Math.floor(context.random() * limit);
}

function shuffle(characters: string[], context: EvaluationContext): string {
  for (let last = characters.length - 1; last > 0; last--) {
    const other = below(last + 1, context);
    [characters[last], characters[other]] = [characters[other] ?? "", characters[last] ?? ""];
  }
  return characters.join("");
}

/** Functions whose result no preview can know. */
export const randomFunctions: readonly FunctionDefinition[] = [
  {
    name: "Guid",
    kind: "random",
    returns: "text",
    parameters: [],
    doc: "A new random GUID.",
    example: "Guid()",
    unpredictable: true,
    compile: () => (_attributes, context) => {
      if (context.random === undefined) return randomUUID();
      const bytes = Buffer.from(Array.from({ length: 16 }, () => below(256, context)));
      // Version 4 and variant 1 of RFC 9562.
      bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x40, 6);
      bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
      return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
    },
  },
  {
    name: "RandomString",
    kind: "random",
    returns: "text",
    parameters: [
      { name: "length", type: "number", doc: "How many characters, at most 256." },
      { name: "minimumNumbers", type: "number", doc: "How many digits at least." },
      { name: "minimumSpecialCharacters", type: "number", doc: "How many special characters at least." },
      { name: "minimumCapital", type: "number", doc: "How many capital letters at least." },
      { name: "minimumLowerCase", type: "number", doc: "How many small letters at least." },
      { name: "charsToAvoid", type: "text", doc: "Characters that never appear.", optional: true },
    ],
    doc: "A random text.",
    example: 'RandomString(10, 2, 2, 2, 1, "?,")',
    unpredictable: true,
    compile: (args) => {
      const length = args.integer(0);
      const minimums = [1, 2, 3, 4].map((index) => args.integer(index));
      const avoid = args.text(5);
      return (attributes, context) => {
        const wanted = length(attributes, context);
        const avoided = new Set(avoid(attributes, context) ?? "");
        const alphabets = [digits, specials, capitals, lowers].map((all) =>
          Array.from(all).filter((each) => !avoided.has(each)),
        );
        const counts = minimums.map((minimum) => minimum(attributes, context));
        const sum = counts.reduce((total, count) => total + count, 0);
        if (wanted < 1 || wanted > maximumRandomLength || counts.some((count) => count < 0) || sum > wanted) {
          args.fail(
            "outOfRange",
            `The length of RandomString is at least the sum of the minimums and at most ${maximumRandomLength}.`,
            0,
          );
        }
        const every = alphabets.flat();
        const characters: string[] = [];
        const draw = (from: readonly string[], count: number) => {
          if (count > 0 && from.length === 0)
            args.fail("outOfRange", "charsToAvoid leaves no character to choose from.", 5);
          for (let drawn = 0; drawn < count; drawn++) characters.push(from[below(from.length, context)] ?? "");
        };
        for (const [index, alphabet] of alphabets.entries()) draw(alphabet, counts[index] ?? 0);
        draw(every, wanted - sum);
        return shuffle(characters, context);
      };
    },
  },
  {
    name: "SelectUniqueValue",
    kind: "random",
    returns: "text",
    parameters: [{ name: "uniqueValueRule1", type: "text", doc: "The first value to try." }],
    repeated: [{ name: "uniqueValueRule", type: "text", doc: "The next value to try." }],
    doc: "The first value that the target does not use yet. Only on creation, never for a matching attribute.",
    example: 'SelectUniqueValue([userPrincipalName], Append([mailNickname], "1@contoso.com"))',
    unpredictable: true,
    outermost: true,
    compile: (args) => {
      const rules = Array.from({ length: args.count }, (_, index) => args.text(index));
      return (attributes, context) => {
        for (const rule of rules) {
          const value = rule(attributes, context);
          if (value !== null && value !== "" && context.isTaken?.(value) !== true) return value;
        }
        return args.fail("noUniqueValue", `All ${rules.length} values of SelectUniqueValue are taken at the target.`);
      };
    },
  },
];

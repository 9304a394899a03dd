import { toCase, toTitleCase } from "../../dotnet/casing.ts";
import { normalizeDiacritics } from "../diacritics.ts";
import { maximumResultLength, type Arguments, type FunctionDefinition, type Parameter } from "./definition.ts";
import { textsOf } from "../value.ts";

const source: Parameter = { name: "source", type: "text", doc: "The text, usually an attribute." };
const culture: Parameter = {
  name: "culture",
  type: "text",
  doc: 'A culture whose rules apply, for example "tr-TR"; without it, no culture\'s.',
  optional: true,
};

function compileCasing(direction: "lower" | "upper") {
  return (args: Arguments) => {
    const cultureName = args.text(1);
    return args.overTexts(0, (text, attributes, context) => {
      const name = cultureName(attributes, context);
      const cased = toCase(text, direction, name === "" ? null : name);
      return (
        cased ??
        args.fail("invalidFormat", `"${String(name).slice(0, 30)}" is not a culture name. Use one such as tr-TR.`, 1)
      );
    });
  };
}

function tooLong(args: Arguments, name: string): never {
  return args.fail("resultTooLong", `${name} gives more than ${maximumResultLength} characters.`);
}

/** Functions from text to text. */
export const textFunctions: readonly FunctionDefinition[] = [
  {
    name: "Append",
    kind: "text",
    returns: "text",
    parameters: [source, { name: "suffix", type: "text", doc: "What is put behind it." }],
    doc: "The source followed by the suffix; absent when the source is.",
    example: 'Append([userPrincipalName], ".test")',
    compile: (args) => {
      const suffix = args.text(1);
      return args.overTexts(0, (text, attributes, context) => {
        const result = text + (suffix(attributes, context) ?? "");
        return result.length <= maximumResultLength ? result : tooLong(args, "Append");
      });
    },
  },
  {
    name: "Join",
    kind: "text",
    returns: "text",
    parameters: [
      { name: "separator", type: "text", doc: "What stands between the parts." },
      { name: "source1", type: "any", doc: "A part; lists are spread, empty parts are left out." },
    ],
    repeated: [{ name: "source", type: "any", doc: "A part; lists are spread, empty parts are left out." }],
    doc: "All parts that are not empty, put together with the separator; absent when there is none.",
    example: 'Join(" ", [givenName], [surname])',
    compile: (args) => {
      const separator = args.text(0);
      const parts = Array.from({ length: args.count - 1 }, (_, index) => args.value(index + 1));
      return (attributes, context) => {
        const between = separator(attributes, context) ?? "";
        let result: string | null = null;
        const add = (text: string) => {
          if (text !== "") result = result === null ? text : result + between + text;
        };
        for (const part of parts) {
          const value = part(attributes, context);
          if (typeof value === "string") add(value);
          else for (const text of textsOf(value)) add(text);
        }
        const joined = result as string | null;
        return joined === null || joined.length <= maximumResultLength ? joined : tooLong(args, "Join");
      };
    },
  },
  {
    name: "Left",
    kind: "text",
    returns: "text",
    parameters: [
      { name: "string", type: "text", doc: "The text." },
      { name: "numChars", type: "number", doc: "How many characters; a negative number gives the whole text." },
    ],
    doc: "The first characters of a text; an empty text when it is absent.",
    example: "Left([displayName], 3)",
    compile: (args) => {
      const count = args.integer(1);
      const left = args.overTexts(0, (text, attributes, context) => {
        const wanted = count(attributes, context);
        return wanted < 0 ? text : text.slice(0, wanted);
      });
      return (attributes, context) => left(attributes, context) ?? "";
    },
  },
  {
    name: "Mid",
    kind: "text",
    returns: "text",
    parameters: [
      source,
      { name: "start", type: "number", doc: "The first character to take, counted from 1." },
      { name: "length", type: "number", doc: "How many characters, at most what is there." },
    ],
    doc: "A part of a text.",
    example: "Mid([surname], 1, 5)",
    compile: (args) => {
      const start = args.integer(1);
      const length = args.integer(2);
      return args.overTexts(0, (text, attributes, context) => {
        const from = start(attributes, context);
        const count = length(attributes, context);
        if (from < 1) args.fail("outOfRange", "The start of Mid is counted from 1.", 1);
        if (count < 0) args.fail("outOfRange", "The length of Mid cannot be negative.", 2);
        return text.slice(from - 1, from - 1 + count);
      });
    },
  },
  {
    name: "NormalizeDiacritics",
    kind: "text",
    returns: "text",
    parameters: [source],
    doc: "The text with accented letters replaced by the service's table (ä gives a, ø gives oe, ß gives ss).",
    example: "NormalizeDiacritics([givenName])",
    compile: (args) => args.overTexts(0, normalizeDiacritics),
  },
  {
    name: "PCase",
    kind: "text",
    returns: "text",
    parameters: [
      source,
      { name: "wordSeparators", type: "text", doc: "The only characters that begin a new word.", optional: true },
    ],
    doc: "The text in title case.",
    example: 'PCase([displayName], " \'-")',
    compile: (args) => {
      const separators = args.text(1);
      return args.overTexts(0, (text, attributes, context) => toTitleCase(text, separators(attributes, context)));
    },
  },
  {
    name: "StripSpaces",
    kind: "text",
    returns: "text",
    parameters: [source],
    doc: "The text without any space character.",
    example: "StripSpaces([displayName])",
    compile: (args) => args.overTexts(0, (text) => text.replaceAll(" ", "")),
  },
  {
    name: "ToLower",
    kind: "text",
    returns: "text",
    parameters: [source, culture],
    doc: "The text in lower case.",
    example: "ToLower([userPrincipalName])",
    compile: compileCasing("lower"),
  },
  {
    name: "ToUpper",
    kind: "text",
    returns: "text",
    parameters: [source, culture],
    doc: "The text in upper case.",
    example: "ToUpper([country])",
    compile: compileCasing("upper"),
  },
  {
    name: "Word",
    kind: "text",
    returns: "text",
    parameters: [
      { name: "string", type: "text", doc: "The text." },
      { name: "wordNumber", type: "number", doc: "Which word, 1 for the first." },
      { name: "delimiters", type: "text", doc: "Characters that end a word." },
    ],
    doc: "One word of a text; an empty text when there is no such word.",
    example: 'Word([displayName], 2, " ")',
    compile: (args) => {
      const wanted = args.integer(1);
      const delimiters = args.text(2);
      const word = args.overTexts(0, (text, attributes, context) => {
        const ends = new Set(delimiters(attributes, context) ?? "");
        const words: string[] = [];
        let current = "";
        for (const character of text) {
          if (!ends.has(character)) current += character;
          else {
            words.push(current);
            current = "";
          }
        }
        words.push(current);
        return words.filter((each) => each !== "")[wanted(attributes, context) - 1] ?? "";
      });
      return (attributes, context) => word(attributes, context) ?? "";
    },
  },
  {
    name: "Redact",
    kind: "text",
    returns: "any",
    parameters: [{ name: "value", type: "any", doc: "The value to keep out of the provisioning log." }],
    doc: "The value; the provisioning log shows [Redact] in its place.",
    example: "Redact([employeeId])",
    compile: (args) => args.value(0),
  },
  {
    name: "CStr",
    kind: "text",
    returns: "text",
    parameters: [{ name: "value", type: "any", doc: "A number, a reference or a boolean." }],
    doc: "The value as text; booleans give True or False.",
    example: "CStr([accountEnabled])",
    compile: (args) => args.text(0),
  },
];

import type { FunctionDefinition, Parameter } from "./definition.ts";

const source: Parameter = { name: "source", type: "text", doc: "The text to encode." };

/** Functions that write a text in another alphabet. */
export const encodingFunctions: readonly FunctionDefinition[] = [
  {
    name: "ConvertToBase64",
    kind: "encoding",
    returns: "text",
    parameters: [source],
    doc: "The text in base64 of its UTF-16 (little endian) bytes.",
    example: "ConvertToBase64([objectId])",
    compile: (args) => args.overTexts(0, (text) => Buffer.from(text, "utf16le").toString("base64")),
  },
  {
    name: "ConvertToUTF8Hex",
    kind: "encoding",
    returns: "text",
    parameters: [source],
    doc: "The text in hexadecimal digits of its UTF-8 bytes.",
    example: "ConvertToUTF8Hex([objectId])",
    compile: (args) => args.overTexts(0, (text) => Buffer.from(text, "utf8").toString("hex").toUpperCase()),
  },
];

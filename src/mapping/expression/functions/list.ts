import type { FunctionDefinition } from "./definition.ts";
import { drop, isList, scalarText, textsOf } from "../value.ts";

/** Functions over attributes with several values. */
export const listFunctions: readonly FunctionDefinition[] = [
  {
    name: "Item",
    kind: "list",
    returns: "text",
    parameters: [
      { name: "attribute", type: "list", doc: "An attribute with several values." },
      { name: "index", type: "number", doc: "Which value, 1 for the first." },
    ],
    doc: "One value of several; fails when there is none at this place.",
    example: "Item([proxyAddresses], 1)",
    compile: (args) => {
      const value = args.value(0);
      const index = args.integer(1);
      return (attributes, context) => {
        const list = value(attributes, context);
        if (list === null || list === drop) return null;
        const texts = textsOf(list);
        const wanted = index(attributes, context);
        return (
          texts[wanted - 1] ??
          args.fail(
            "outOfRange",
            `There is no value ${wanted} in ${args.source(0)}, which has ${texts.length}. The first is 1.`,
            1,
          )
        );
      };
    },
  },
  {
    name: "RemoveDuplicates",
    kind: "list",
    returns: "list",
    parameters: [{ name: "attribute", type: "list", doc: "An attribute with several values." }],
    doc: "Each value once, in the order of their first appearance; letter case counts.",
    example: "RemoveDuplicates([proxyAddresses])",
    compile: (args) => {
      const value = args.value(0);
      return (attributes, context) => {
        const list = value(attributes, context);
        return isList(list) ? [...new Set(textsOf(list))] : list;
      };
    },
  },
  {
    name: "Split",
    kind: "list",
    returns: "list",
    parameters: [
      { name: "source", type: "text", doc: "The text to cut." },
      { name: "delimiter", type: "text", doc: "What stands between the parts." },
    ],
    doc: "The parts of a text as several values, without the spaces around them.",
    example: 'Split([extensionAttribute5], ",")',
    compile: (args) => {
      const value = args.value(0);
      const delimiter = args.text(1);
      return (attributes, context) => {
        const source = value(attributes, context);
        if (source === null || source === drop) return null;
        const by = delimiter(attributes, context) ?? "";
        if (by === "") args.fail("outOfRange", "Split needs a delimiter that is not empty.", 1);
        const texts = isList(source) ? textsOf(source) : [scalarText(source)];
        return texts.flatMap((text) => text.split(by).map((part) => part.trim()));
      };
    },
  },
];

import type { Arguments, Evaluator, FunctionDefinition, Parameter } from "./definition.ts";
import { drop, isEmpty, isList, scalarText } from "../value.ts";

const expression: Parameter = { name: "expression", type: "any", doc: "The value to look at." };

function failEmpty(args: Arguments, attribute: string): never {
  const message = `IIF fails because [${attribute}] has no value. Use Switch with a "" key to test for emptiness.`;
  return args.fail("emptyOperand", message, 0);
}

/** Functions that decide: conditions, defaults and tests. */
export const logicFunctions: readonly FunctionDefinition[] = [
  {
    name: "CBool",
    kind: "logic",
    returns: "boolean",
    parameters: [{ name: "expression", type: "condition", doc: "A value, or a comparison such as [a] = [b]." }],
    doc: "True when the value is not zero or the comparison holds; False for an absent value.",
    example: "CBool([country] = [usageLocation])",
    compile: (args) => {
      const text = args.text(0);
      return (attributes, context) => {
        const value = text(attributes, context);
        if (value === null) return false;
        if (/^true$/i.test(value)) return true;
        if (/^false$/i.test(value)) return false;
        const number = Number(value);
        if (value.trim() === "" || Number.isNaN(number)) {
          args.fail("notABoolean", `${args.source(0)} is neither a number nor True or False.`, 0);
        }
        return number !== 0;
      };
    },
  },
  {
    name: "Coalesce",
    kind: "logic",
    returns: "any",
    parameters: [{ name: "source1", type: "any", doc: "The first choice." }],
    repeated: [{ name: "source", type: "any", doc: "The next choice; the last one acts as default." }],
    doc: "The first value that is not absent.",
    example: 'Coalesce([mail], [userPrincipalName], "none")',
    compile: (args) => {
      const choices = Array.from({ length: args.count }, (_, index) => args.value(index));
      return (attributes, context) => {
        for (const choice of choices) {
          const value = choice(attributes, context);
          if (value !== null && value !== drop) return value;
        }
        return null;
      };
    },
  },
  {
    name: "IIF",
    kind: "logic",
    returns: "any",
    parameters: [
      {
        name: "condition",
        type: "condition",
        doc: 'A comparison such as [country]="USA", or a boolean. Its attributes must have values.',
      },
      { name: "valueIfTrue", type: "any", doc: "The result when the condition holds." },
      { name: "valueIfFalse", type: "any", doc: "The result when it does not." },
    ],
    doc: 'One of two values. Fails when an attribute in the condition is absent or empty; use Switch with a "" key there.',
    example: 'IIF([country]="USA", [country], [department])',
    compile: (args) => {
      const condition = args.value(0);
      const whenTrue = args.value(1);
      const whenFalse = args.value(2);
      const operands = args.attributesOf(0);
      const run: Evaluator = (attributes, context) => {
        for (const operand of operands) {
          // The service fails here, also behind IsNullOrEmpty and IsPresent.
          if (isEmpty(operand.read(attributes, context))) failEmpty(args, operand.name);
        }
        const value = condition(attributes, context);
        if (value === true) return whenTrue(attributes, context);
        if (value === false) return whenFalse(attributes, context);
        if (value === null || value === drop || isList(value)) {
          return args.fail("emptyOperand", "The condition of IIF gives neither True nor False.", 0);
        }
        const text = scalarText(value);
        if (/^true$/i.test(text)) return whenTrue(attributes, context);
        if (/^false$/i.test(text)) return whenFalse(attributes, context);
        return args.fail("notABoolean", "The condition of IIF gives neither True nor False.", 0);
      };
      const test = args.attributeTest(0);
      if (test === undefined) return run;
      const { read, text, equal } = test;
      return (attributes, context) => {
        const value = read(attributes, context);
        if (typeof value !== "string" || value === "") return run(attributes, context);
        return (value === text) === equal ? whenTrue(attributes, context) : whenFalse(attributes, context);
      };
    },
  },
  {
    name: "IgnoreFlowIfNullOrEmpty",
    kind: "logic",
    returns: "any",
    parameters: [expression],
    doc: "The value; when it is absent or empty, the target attribute is left out of the request.",
    example: "IgnoreFlowIfNullOrEmpty([department])",
    compile: (args) => {
      const value = args.value(0);
      return (attributes, context) => {
        const result = value(attributes, context);
        return isEmpty(result) ? drop : result;
      };
    },
  },
  {
    name: "IsNull",
    kind: "logic",
    returns: "boolean",
    parameters: [expression],
    doc: "True when the value is absent; an empty text is not.",
    example: "IsNull([displayName])",
    compile: (args) => {
      const value = args.value(0);
      return (attributes, context) => {
        const result = value(attributes, context);
        return result === null || result === drop;
      };
    },
  },
  {
    name: "IsNullOrEmpty",
    kind: "logic",
    returns: "boolean",
    parameters: [expression],
    doc: "True when the value is absent or an empty text.",
    example: "IsNullOrEmpty([displayName])",
    compile: (args) => {
      const value = args.value(0);
      return (attributes, context) => isEmpty(value(attributes, context));
    },
  },
  {
    name: "IsPresent",
    kind: "logic",
    returns: "boolean",
    parameters: [expression],
    doc: "True when there is a value that is not an empty text.",
    example: "IsPresent([displayName])",
    compile: (args) => {
      const value = args.value(0);
      return (attributes, context) => !isEmpty(value(attributes, context));
    },
  },
  {
    name: "IsString",
    kind: "logic",
    returns: "boolean",
    parameters: [expression],
    doc: "True when the value can be read as a text.",
    example: "IsString([displayName])",
    compile: (args) => {
      const value = args.value(0);
      return (attributes, context) => {
        const result = value(attributes, context);
        return !(result === null || result === drop || isList(result));
      };
    },
  },
  {
    name: "Not",
    kind: "logic",
    returns: "boolean",
    parameters: [{ name: "source", type: "boolean", doc: "A boolean, usually an attribute." }],
    doc: "False for True; True for anything else.",
    example: "Not([IsSoftDeleted])",
    compile: (args) => {
      const text = args.text(0);
      return (attributes, context) => {
        const value = text(attributes, context);
        return value === null || value.trim().toLowerCase() !== "true";
      };
    },
  },
  {
    name: "Switch",
    kind: "logic",
    returns: "any",
    parameters: [
      { name: "source", type: "text", doc: "The value to look at, usually an attribute." },
      { name: "defaultValue", type: "any", doc: "The result when no key fits; may be left out.", optional: true },
      { name: "key1", type: "text", doc: 'A value to compare with, case-sensitive; "" fits an absent one.' },
      { name: "value1", type: "any", doc: "The result for this key.", optional: true },
    ],
    repeated: [
      { name: "key", type: "text", doc: 'A value to compare with, case-sensitive; "" fits an absent one.' },
      { name: "value", type: "any", doc: "The result for this key.", optional: true },
    ],
    doc: "The value of the first key that equals the source, or the default.",
    example: 'Switch([IsSoftDeleted], , "False", "True", "True", "False")',
    compile: (args) => {
      const source = args.text(0);
      const otherwise = args.value(1);
      const pairs = Array.from({ length: (args.count - 2) / 2 }, (_, pair) => ({
        key: args.text(2 + 2 * pair),
        constant: args.constantText(2 + 2 * pair),
        value: args.value(3 + 2 * pair),
      }));
      const keys = pairs.flatMap(({ constant }) => constant ?? []);
      const values = pairs.map(({ value }) => value);
      if (keys.length === pairs.length && keys.length <= 4) {
        return (attributes, context) => {
          const wanted = source(attributes, context) ?? "";
          for (let at = 0; at < keys.length; at++) {
            if (keys[at] === wanted) return (values[at] ?? otherwise)(attributes, context);
          }
          return otherwise(attributes, context);
        };
      }
      if (keys.length === pairs.length) {
        const values = new Map(pairs.toReversed().map((pair) => [pair.constant ?? "", pair.value]));
        return (attributes, context) => {
          const found = values.get(source(attributes, context) ?? "");
          return found === undefined ? otherwise(attributes, context) : found(attributes, context);
        };
      }
      return (attributes, context) => {
        const wanted = source(attributes, context) ?? "";
        const found = pairs.find((pair) => (pair.key(attributes, context) ?? "") === wanted);
        return (found?.value ?? otherwise)(attributes, context);
      };
    },
  },
];

import { DotnetRegex, RegexError, type Capture } from "../../dotnet/regex.ts";
import { RegexTimeoutError } from "../../dotnet/regexGuard.ts";
import type { Attributes, EvaluationContext } from "../context.ts";
import type { CallNode } from "../node.ts";
import { maximumResultLength, type Arguments, type Evaluator, type FunctionDefinition } from "./definition.ts";

const oldValue = 1;
const pattern = 2;
const groupName = 3;
const replacementValue = 4;
const replacementAttribute = 5;
const template = 6;

/** The five forms of Replace by the arguments that each takes (function reference of application provisioning). */
const forms = [
  { form: "literal", given: [oldValue, replacementValue] },
  { form: "template", given: [oldValue, template] },
  { form: "regex", given: [pattern, replacementValue] },
  { form: "group", given: [pattern, groupName, replacementValue] },
  { form: "fallback", given: [pattern, groupName, replacementAttribute] },
] as const;

export type ReplaceForm = (typeof forms)[number]["form"];

/** Which form a call is, `undefined` when its arguments fit none. */
export function replaceForm(given: (index: number) => boolean): ReplaceForm | undefined {
  return forms.find((each) =>
    [oldValue, pattern, groupName, replacementValue, replacementAttribute, template].every(
      (index) => given(index) === (each.given as readonly number[]).includes(index),
    ),
  )?.form;
}

function isGiven(call: CallNode) {
  return (index: number) => (call.arguments[index]?.kind ?? "omitted") !== "omitted";
}

type Run = (attributes: Attributes, context: EvaluationContext) => DotnetRegex;

/** The pattern, compiled once: at compilation when it is a constant, else again only when it changes. */
function compilePattern(args: Arguments): Run {
  const build = (text: string): DotnetRegex => {
    try {
      return new DotnetRegex(text);
    } catch (error) {
      if (error instanceof RegexError) return args.fail("invalidPattern", error.message, pattern);
      throw error;
    }
  };
  const constant = args.constantText(pattern);
  if (constant !== undefined) {
    const regex = build(constant);
    const group = args.given(groupName) ? args.constantText(groupName) : undefined;
    if (group !== undefined && !regex.hasGroup(group)) {
      args.fail("invalidPattern", `The pattern has no group named "${group.slice(0, 40)}".`, groupName);
    }
    return () => regex;
  }
  const text = args.text(pattern);
  let last: { readonly text: string; readonly regex: DotnetRegex } | undefined;
  return (attributes, context) => {
    const current = text(attributes, context) ?? "";
    if (last?.text !== current) last = { text: current, regex: build(current) };
    return last.regex;
  };
}

/** Reports a pattern that ran out of time as an error of the call. */
function inTime<T>(args: Arguments, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof RegexTimeoutError) {
      return args.fail("patternTimeout", `${error.message} Rewrite it without nested repetitions.`, pattern);
    }
    throw error;
  }
}

/** The text with each captured part replaced. */
function splice(subject: string, captures: readonly Capture[], by: string): string {
  let result = "";
  let last = 0;
  for (const { start, text } of captures) {
    result += subject.slice(last, start) + by;
    last = start + text.length;
  }
  return result + subject.slice(last);
}

function compileRegex(args: Arguments): Evaluator {
  const regex = compilePattern(args);
  const replacement = args.text(replacementValue);
  let last:
    { readonly regex: DotnetRegex; readonly by: string; readonly replace: (text: string) => string } | undefined;
  return args.overTexts(0, (subject, attributes, context) => {
    const current = regex(attributes, context);
    const by = replacement(attributes, context) ?? "";
    if (last?.regex !== current || last.by !== by) last = { regex: current, by, replace: current.replacer(by) };
    const { replace } = last;
    return bounded(
      args,
      inTime(args, () => replace(subject)),
    );
  });
}

function compileGroup(args: Arguments): Evaluator {
  const regex = compilePattern(args);
  const group = args.text(groupName);
  const replacement = args.text(replacementValue);
  return args.overTexts(0, (subject, attributes, context) => {
    const name = group(attributes, context) ?? "";
    const by = replacement(attributes, context) ?? "";
    const captures = inTime(args, () => regex(attributes, context).captures(subject, name));
    return bounded(args, splice(subject, captures, by));
  });
}

function compileFallback(args: Arguments): Evaluator {
  const regex = compilePattern(args);
  const source = args.text(0);
  const group = args.text(groupName);
  const other = args.text(replacementAttribute);
  return (attributes, context) => {
    const given = source(attributes, context);
    if (given !== null && given !== "") return given;
    const subject = other(attributes, context);
    if (subject === null) return null;
    const name = group(attributes, context) ?? "";
    return inTime(args, () => regex(attributes, context).firstCapture(subject, name)) ?? null;
  };
}

function bounded(args: Arguments, text: string): string {
  if (text.length > maximumResultLength) {
    args.fail("resultTooLong", `Replace gives more than ${maximumResultLength} characters.`);
  }
  return text;
}

function replaceAll(args: Arguments, text: string, find: string, by: string): string {
  if (find === "") args.fail("outOfRange", "Replace cannot look for an empty text.", oldValue);
  return bounded(
    args,
    text.replaceAll(find, () => by),
  );
}

/** Replace in its five forms. */
export const replaceFunction: FunctionDefinition = {
  name: "Replace",
  kind: "text",
  returns: "text",
  parameters: [
    { name: "source", type: "text", doc: "The text, usually an attribute." },
    { name: "oldValue", type: "text", doc: "The text to replace in the source or in the template.", optional: true },
    { name: "regexPattern", type: "text", doc: "A .NET regular expression to find in the source.", optional: true },
    {
      name: "regexGroupName",
      type: "text",
      doc: "The group of the pattern that is replaced or taken.",
      optional: true,
    },
    {
      name: "replacementValue",
      type: "text",
      doc: "What comes in its place; ${group} with a pattern.",
      optional: true,
    },
    {
      name: "replacementAttributeName",
      type: "attribute",
      doc: "Where to take the group from when the source is empty.",
      optional: true,
    },
    { name: "template", type: "text", doc: "A text in which oldValue is replaced by the source.", optional: true },
  ],
  doc: "A text with parts replaced: by literal, template, pattern, group of a pattern, or taken from another attribute.",
  example: 'Replace([mail], "@contoso.com", , , "@fabrikam.com", , )',
  check: (call) =>
    replaceForm(isGiven(call)) === undefined
      ? "Replace takes one of: oldValue and replacementValue; oldValue and template; regexPattern and replacementValue; " +
        "regexPattern, regexGroupName and replacementValue; regexPattern, regexGroupName and replacementAttributeName."
      : undefined,
  compile: (args) => {
    switch (replaceForm((index) => args.given(index))) {
      case "template": {
        const find = args.text(oldValue);
        const into = args.text(template);
        return args.overTexts(0, (text, attributes, context) =>
          replaceAll(args, into(attributes, context) ?? "", find(attributes, context) ?? "", text),
        );
      }
      case "regex":
        return compileRegex(args);
      case "group":
        return compileGroup(args);
      case "fallback":
        return compileFallback(args);
      case "literal":
      case undefined: {
        const find = args.text(oldValue);
        const by = args.text(replacementValue);
        return args.overTexts(0, (text, attributes, context) =>
          replaceAll(args, text, find(attributes, context) ?? "", by(attributes, context) ?? ""),
        );
      }
    }
  },
};

import { DateFormatError, formatDate, parseDateFormat, type FormatPart } from "../../dotnet/dateFormat.ts";
import { parseAnyDate } from "../../dotnet/anyDate.ts";
import { parseDate, type WhiteSpace } from "../../dotnet/dateParse.ts";
import { DateTime } from "../../dotnet/dateTime.ts";
import { addInterval, countBoundaries, isInterval, type Interval } from "../../dotnet/interval.ts";
import { excerpt } from "../expressionError.ts";
import type { Value } from "../value.ts";
import { drop, isList, scalarText } from "../value.ts";
import type { Arguments, Evaluator, FunctionDefinition, Parameter } from "./definition.ts";

const intervalParameter: Parameter = {
  name: "interval",
  type: "text",
  doc: "The unit: yyyy year, m month, d day, ww week, h hour, n minute, s second.",
};

/** Reads an argument as a date: one from another date function, or a date text. */
function dateArgument(args: Arguments, index: number): Evaluator<DateTime | null> {
  const value = args.value(index);
  return (attributes, context) => {
    const given: Value = value(attributes, context);
    if (given === null || given === drop) return null;
    if (given instanceof DateTime) return given;
    const text = isList(given) ? null : scalarText(given);
    const date = text === null ? undefined : parseAnyDate(text);
    return (
      date ??
      args.fail("notADate", `${args.source(index)} gives ${excerpt(JSON.stringify(text))}, which is no date.`, index)
    );
  };
}

function intervalArgument(args: Arguments, index: number): Evaluator<Interval> {
  const text = args.text(index);
  return (attributes, context) => {
    const given = text(attributes, context) ?? "";
    if (isInterval(given)) return given;
    return args.fail("invalidFormat", `"${excerpt(given, 20)}" is no interval. Use yyyy, m, d, ww, h, n or s.`, index);
  };
}

function inRange(args: Arguments, make: () => DateTime): DateTime {
  try {
    return make();
  } catch (error) {
    if (error instanceof RangeError) return args.fail("outOfRange", "The date lies outside the years 1 to 9999.");
    throw error;
  }
}

function formatArgument(args: Arguments, index: number): (...scope: Parameters<Evaluator>) => readonly FormatPart[] {
  const build = (text: string): readonly FormatPart[] => {
    try {
      return parseDateFormat(text);
    } catch (error) {
      if (error instanceof DateFormatError) return args.fail("invalidFormat", error.message, index);
      throw error;
    }
  };
  const constant = args.constantText(index);
  if (constant !== undefined) {
    const parts = build(constant);
    return () => parts;
  }
  const text = args.text(index);
  return (attributes, context) => build(text(attributes, context) ?? "");
}

/** .NET's DateTimeStyles that matter on a machine in UTC: those about white space. The default allows it at both ends. */
function whiteSpaceOf(args: Arguments, styles: string | null): WhiteSpace {
  if (styles === null || styles.trim() === "") return { leading: true, trailing: true, inner: false };
  const names = styles.split(/[,|]/).map((name) => name.trim().replace(/^DateTimeStyles\./, ""));
  const known =
    /^(?:None|Allow(?:Leading|Trailing|Inner)White|AllowWhiteSpaces|NoCurrentDateDefault|AdjustToUniversal|Assume(?:Local|Universal)|RoundtripKind)$/;
  const unknown = names.find((name) => !known.test(name));
  if (unknown !== undefined) {
    args.fail("invalidFormat", `"${excerpt(unknown, 30)}" is none of the DateTimeStyles, such as AllowWhiteSpaces.`, 1);
  }
  const all = names.includes("AllowWhiteSpaces");
  return {
    leading: all || names.includes("AllowLeadingWhite"),
    trailing: all || names.includes("AllowTrailingWhite"),
    inner: all || names.includes("AllowInnerWhite"),
  };
}

const formatShortForm: readonly Parameter[] = [
  { name: "source", type: "text", doc: "The date text." },
  { name: "inputFormat", type: "text", doc: "The .NET format that the source is in." },
  { name: "outputFormat", type: "text", doc: "The .NET format to write." },
];
const formatStyles: Parameter = {
  name: "dateTimeStyles",
  type: "text",
  doc: "How to read the source, usually left out.",
  optional: true,
};

/** Functions over dates. All are in UTC. */
export const dateFunctions: readonly FunctionDefinition[] = [
  {
    name: "CDate",
    kind: "date",
    returns: "date",
    parameters: [{ name: "expression", type: "text", doc: "A date text, in ISO 8601 or as M/d/yyyy h:mm:ss tt." }],
    doc: "The date that a text names, in UTC.",
    example: "CDate([employeeHireDate])",
    compile: (args) => dateArgument(args, 0),
  },
  {
    name: "DateAdd",
    kind: "date",
    returns: "date",
    parameters: [
      intervalParameter,
      { name: "value", type: "number", doc: "How many units; negative goes back." },
      { name: "dateTime", type: "date", doc: "The date to begin with, a text wrapped in CDate." },
    ],
    doc: "A date some units later or earlier.",
    example: 'DateAdd("d", -10, CDate([employeeHireDate]))',
    compile: (args) => {
      const interval = intervalArgument(args, 0);
      const count = args.integer(1);
      const date = dateArgument(args, 2);
      return (attributes, context) => {
        const begin = date(attributes, context);
        if (begin === null) return null;
        return inRange(args, () => addInterval(begin, interval(attributes, context), count(attributes, context)));
      };
    },
  },
  {
    name: "DateDiff",
    kind: "date",
    returns: "number",
    parameters: [
      intervalParameter,
      { name: "date1", type: "date", doc: "The date that is subtracted." },
      { name: "date2", type: "date", doc: "The date to subtract from." },
    ],
    doc: "How many units lie between two dates; days, weeks, months and years are counted by the boundaries crossed.",
    example: 'DateDiff("d", Now(), CDate([employeeHireDate]))',
    compile: (args) => {
      const interval = intervalArgument(args, 0);
      const first = dateArgument(args, 1);
      const second = dateArgument(args, 2);
      return (attributes, context) => {
        const from = first(attributes, context);
        const to = second(attributes, context);
        return from === null || to === null ? null : countBoundaries(from, to, interval(attributes, context));
      };
    },
  },
  {
    name: "DateFromNum",
    kind: "date",
    returns: "date",
    parameters: [
      { name: "value", type: "number", doc: "100 ns units since 1601-01-01 UTC, as Active Directory keeps dates." },
    ],
    doc: "The date of an Active Directory file time.",
    example: "DateFromNum([accountExpires])",
    compile: (args) => {
      const number = args.anyInteger(0);
      return (attributes, context) => {
        const value = number(attributes, context);
        return value === null ? null : inRange(args, () => DateTime.fromFileTime(BigInt(value)));
      };
    },
  },
  {
    name: "FormatDateTime",
    kind: "date",
    returns: "text",
    parameters: [...formatShortForm.slice(0, 1), formatStyles, ...formatShortForm.slice(1)],
    shortForm: formatShortForm,
    doc: "A date text read in one .NET format and written in another.",
    example: 'FormatDateTime([extensionAttribute1], , "yyyyMMddHHmmss.fZ", "yyyy-MM-dd")',
    compile: (args) => {
      const short = args.count === 3;
      const styles = short ? () => null : args.text(1);
      const input = formatArgument(args, short ? 1 : 2);
      const output = formatArgument(args, short ? 2 : 3);
      return args.overTexts(0, (text, attributes, context) => {
        if (text === "") return null;
        const date = parseDate(text, input(attributes, context), whiteSpaceOf(args, styles(attributes, context)));
        if (date === undefined)
          return args.fail("notADate", `${excerpt(JSON.stringify(text))} is no date in the input format.`, 0);
        return formatDate(date, output(attributes, context));
      });
    },
  },
  {
    name: "Now",
    kind: "date",
    returns: "date",
    parameters: [],
    doc: "The current date and time in UTC.",
    example: "Now()",
    unpredictable: true,
    compile: () => (_attributes, context) => new DateTime(context.now?.().getTime() ?? Date.now()),
  },
  {
    name: "NumFromDate",
    kind: "date",
    returns: "number",
    parameters: [{ name: "value", type: "date", doc: "A date, or a date text in ISO 8601." }],
    doc: "The Active Directory file time of a date, as digits.",
    example: "NumFromDate([employeeHireDate])",
    compile: (args) => {
      const date = dateArgument(args, 0);
      return (attributes, context) => date(attributes, context)?.toFileTime().toString() ?? null;
    },
  },
];

import { literal, RegexError, type PatternCursor } from "./regexCursor.ts";

/** .NET's character classes, without the brackets. */
const classes: Readonly<Record<string, string>> = {
  d: "\\p{Nd}",
  w: "\\p{L}\\p{Mn}\\p{Nd}\\p{Pc}",
  s: "\\f\\n\\r\\t\\v\\x85\\p{Z}",
};
const controls: Readonly<Record<string, string>> = {
  a: "\\x07",
  e: "\\x1b",
  f: "\\f",
  n: "\\n",
  r: "\\r",
  t: "\\t",
  v: "\\v",
};

export const atStart = "(?<![^])";
export const atEnd = "(?![^])";
export const beforeLastNewline = `(?=\\n?${atEnd})`;

const word = `[${classes["w"] ?? ""}]`;
const anchors: Readonly<Record<string, string>> = {
  b: `(?:(?<=${word})(?!${word})|(?<!${word})(?=${word}))`,
  B: `(?:(?<=${word})(?=${word})|(?<!${word})(?!${word}))`,
  A: atStart,
  z: atEnd,
  Z: beforeLastNewline,
};

const code = /\\(?:x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4}))/y;
const property = /\\([pP])\{([A-Za-z]{1,2})\}/y;
const control = /\\c[A-Za-z]/y;
const octal = /\\0([0-7]{0,2})/y;
const reference = /\\(?:([1-9]\d?)|k<([\p{L}\p{N}_]+)>|k'([\p{L}\p{N}_]+)')/uy;

/** Translates an escape that means one character or a set of them; in brackets and outside. */
export function translateEscape(cursor: PatternCursor): string {
  const letter = cursor.character(1);
  const lower = letter.toLowerCase();
  const take = (length: number, result: string): string => {
    cursor.skip(length);
    return result;
  };
  if (cursor.peek(1) === "") throw new RegexError("The pattern ends with a backslash.");
  if (Object.hasOwn(classes, letter)) return take(2, `[${classes[letter] ?? ""}]`);
  if (Object.hasOwn(classes, lower)) return take(2, `[^${classes[lower] ?? ""}]`);
  if (Object.hasOwn(controls, letter)) return take(2, controls[letter] ?? "");
  const hex = cursor.look(code);
  if (hex !== null) return take(hex[0].length, `\\u${(hex[1] ?? hex[2] ?? "").padStart(4, "0")}`);
  const category = cursor.look(property);
  if (category !== null) return take(category[0].length, translateCategory(category[1] ?? "", category[2] ?? ""));
  if (lower === "p") {
    throw new RegexError("Of \\p{…}, only general categories such as \\p{L} or \\p{Lu} are supported.");
  }
  const controlCharacter = cursor.look(control);
  if (controlCharacter !== null) return take(3, controlCharacter[0]);
  const digits = cursor.look(octal);
  if (digits !== null) {
    const value = parseInt(`0${digits[1] ?? ""}`, 8);
    return take(digits[0].length, `\\u${value.toString(16).padStart(4, "0")}`);
  }
  if (/[\p{L}\p{N}_]/u.test(letter)) throw new RegexError(`The escape \\${letter} is not known.`);
  return take(1 + letter.length, literal(letter));
}

/** Translates an escape that means a place, such as `\b`; `undefined` when none stands here. */
export function translateAnchor(cursor: PatternCursor): string | undefined {
  const letter = cursor.peek(1);
  if (letter === "G") throw new RegexError("The anchor \\G is not supported.");
  if (!Object.hasOwn(anchors, letter)) return undefined;
  cursor.skip(2);
  return anchors[letter];
}

/** Reads a reference to a group, `\1` or `\k<name>`; `undefined` when none stands here. */
export function readReference(cursor: PatternCursor): string | undefined {
  const found = cursor.look(reference);
  cursor.skip(found?.[0].length ?? 0);
  return found?.[1] ?? found?.[2] ?? found?.[3];
}

function translateCategory(letter: string, category: string): string {
  const source = `[\\${letter}{${category}}]`;
  try {
    new RegExp(source, "v");
  } catch {
    throw new RegexError(`There is no Unicode category ${category}.`);
  }
  return source;
}

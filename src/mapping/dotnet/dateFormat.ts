import type { DateTime } from "./dateTime.ts";

/** Names of months and days as en-US writes them, the culture of the service's date texts. */
export const monthNames = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
] as const;
export const dayNames = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"] as const;

/** One piece of a custom format: a specifier such as `yyyy`, or literal text. */
export type FormatPart =
  | { readonly kind: "specifier"; readonly letter: string; readonly count: number }
  | { readonly kind: "literal"; readonly text: string };

/** A format that .NET would refuse. */
export class DateFormatError extends Error {}

/** The standard formats of one letter, in en-US ("Standard date and time format strings", .NET). */
const standardFormats: Readonly<Record<string, string>> = {
  d: "M/d/yyyy",
  D: "dddd, MMMM d, yyyy",
  f: "dddd, MMMM d, yyyy h:mm tt",
  F: "dddd, MMMM d, yyyy h:mm:ss tt",
  g: "M/d/yyyy h:mm tt",
  G: "M/d/yyyy h:mm:ss tt",
  m: "MMMM d",
  M: "MMMM d",
  o: "yyyy'-'MM'-'dd'T'HH':'mm':'ss'.'fffffffK",
  O: "yyyy'-'MM'-'dd'T'HH':'mm':'ss'.'fffffffK",
  r: "ddd, dd MMM yyyy HH':'mm':'ss 'GMT'",
  R: "ddd, dd MMM yyyy HH':'mm':'ss 'GMT'",
  s: "yyyy'-'MM'-'dd'T'HH':'mm':'ss",
  t: "h:mm tt",
  T: "h:mm:ss tt",
  u: "yyyy'-'MM'-'dd HH':'mm':'ss'Z'",
  U: "dddd, MMMM d, yyyy h:mm:ss tt",
  y: "MMMM yyyy",
  Y: "MMMM yyyy",
};

/** Letters that mean something, with the most repetitions that change the meaning. */
const specifiers: Readonly<Record<string, number>> = {
  d: 4,
  f: 7,
  F: 7,
  g: 2,
  h: 2,
  H: 2,
  K: 1,
  m: 2,
  M: 4,
  s: 2,
  t: 2,
  y: 5,
  z: 3,
};

/**
 * Cuts a .NET date format, standard or custom, into its parts.
 *
 * @throws DateFormatError for an empty format, an unknown standard letter, an open quote, or too many `f`.
 */
export function parseDateFormat(format: string): readonly FormatPart[] {
  if (format === "") throw new DateFormatError("The date format is empty.");
  if (format.length === 1) {
    const standard = Object.hasOwn(standardFormats, format) ? standardFormats[format] : undefined;
    if (standard === undefined) throw new DateFormatError(`There is no standard date format "${format}".`);
    return parseDateFormat(standard);
  }
  const parts: FormatPart[] = [];
  const literal = (text: string) => parts.push({ kind: "literal", text });
  for (let at = 0; at < format.length;) {
    const letter = format.charAt(at);
    const most = Object.hasOwn(specifiers, letter) ? specifiers[letter] : undefined;
    if (most !== undefined) {
      let count = 1;
      while (format.charAt(at + count) === letter) count++;
      if (count > most && (letter === "f" || letter === "F")) {
        throw new DateFormatError(`The date format holds ${count} times "${letter}"; ${most} is the most.`);
      }
      parts.push({ kind: "specifier", letter, count: letter === "y" ? count : Math.min(count, most) });
      at += count;
    } else if (letter === "'" || letter === '"') {
      const close = format.indexOf(letter, at + 1);
      if (close === -1) throw new DateFormatError("The date format holds a quote that is never closed.");
      literal(format.slice(at + 1, close));
      at = close + 1;
    } else if (letter === "\\") {
      if (at + 1 >= format.length) throw new DateFormatError("The date format ends with a backslash.");
      literal(format.charAt(at + 1));
      at += 2;
    } else if (letter === "%") {
      if (at + 1 >= format.length || format.charAt(at + 1) === "%") {
        throw new DateFormatError('The date format holds a "%" with no specifier behind it.');
      }
      at++;
    } else {
      literal(letter);
      at++;
    }
  }
  return parts;
}

/** Writes a point in time in a format of `parseDateFormat`. */
export function formatDate(value: DateTime, parts: readonly FormatPart[]): string {
  let text = "";
  const { date } = value;
  for (const part of parts) {
    if (part.kind === "literal") text += part.text;
    else if (part.letter === "F") {
      const digits = fraction(value, part.count).replace(/0+$/, "");
      if (digits === "" && text.endsWith(".")) text = text.slice(0, -1);
      text += digits;
    } else text += formatPart(value, date, part.letter, part.count);
  }
  return text;
}

function pad(value: number, count: number): string {
  return String(value).padStart(count, "0");
}

function name(names: readonly string[], at: number, count: number): string {
  return (names[at] ?? "").slice(0, count === 3 ? 3 : undefined);
}

function fraction(value: DateTime, count: number): string {
  return (pad(value.date.getUTCMilliseconds(), 3) + pad(value.ticks, 4)).slice(0, count);
}

function formatPart(value: DateTime, date: Date, letter: string, count: number): string {
  switch (letter) {
    case "y":
      return count <= 2 ? pad(date.getUTCFullYear() % 100, count) : pad(date.getUTCFullYear(), count);
    case "M":
      return count <= 2 ? pad(date.getUTCMonth() + 1, count) : name(monthNames, date.getUTCMonth(), count);
    case "d":
      return count <= 2 ? pad(date.getUTCDate(), count) : name(dayNames, date.getUTCDay(), count);
    case "H":
      return pad(date.getUTCHours(), count);
    case "h":
      return pad(date.getUTCHours() % 12 === 0 ? 12 : date.getUTCHours() % 12, count);
    case "m":
      return pad(date.getUTCMinutes(), count);
    case "s":
      return pad(date.getUTCSeconds(), count);
    case "f":
      return fraction(value, count);
    case "t":
      return (date.getUTCHours() < 12 ? "AM" : "PM").slice(0, count);
    case "g":
      return "A.D.";
    case "z":
      return count === 1 ? "+0" : count === 2 ? "+00" : "+00:00";
    default:
      // K
      return value.kind === "utc" ? "Z" : value.kind === "local" ? "+00:00" : "";
  }
}

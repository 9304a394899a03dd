import { dayNames, monthNames, type FormatPart } from "./dateFormat.ts";
import { DateTime } from "./dateTime.ts";

/** Which white space .NET's DateTimeStyles allow beside the exact format. */
export interface WhiteSpace {
  readonly leading: boolean;
  readonly trailing: boolean;
  readonly inner: boolean;
}

/** Fields as they are read; a field read twice with two values is a conflict. */
interface Fields {
  year?: number;
  month?: number;
  day?: number;
  weekday?: number;
  hour?: number;
  hour12?: number;
  afternoon?: boolean;
  minute?: number;
  second?: number;
  /** 100 ns units. */
  fraction?: number;
  /** Minutes east of UTC. */
  offset?: number;
  utc?: boolean;
}

/**
 * Reads a date text in a .NET format, as DateTime.ParseExact does on a machine in UTC. A missing date is 0001-01-01 with
 * the time (the reading does not depend on the day it runs), a missing time is midnight.
 *
 * @returns `undefined` when the text does not fit the format or names no real date.
 */
export function parseDate(text: string, parts: readonly FormatPart[], white: WhiteSpace): DateTime | undefined {
  let at = 0;
  let end = text.length;
  if (white.leading) while (at < end && isSpace(text, at)) at++;
  if (white.trailing) while (end > at && isSpace(text, end - 1)) end--;
  const source = text.slice(0, end);
  const fields: Fields = {};
  for (const [index, part] of parts.entries()) {
    if (white.inner) while (isSpace(source, at)) at++;
    const read =
      part.kind === "literal"
        ? readLiteral(source, at, part.text, fields, nextIsFraction(parts, index))
        : readSpecifier(source, at, part.letter, part.count, fields);
    if (read === undefined) return undefined;
    at += read;
  }
  return at === source.length ? assemble(fields) : undefined;
}

function isSpace(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  // Beyond the text it is NaN; most characters of a date are told apart by their number alone.
  return code <= 0x20 || code >= 0x80 ? /^\s/.test(text.charAt(at)) : false;
}

function nextIsFraction(parts: readonly FormatPart[], index: number): boolean {
  const next = parts[index + 1];
  return next?.kind === "specifier" && next.letter === "F";
}

function readLiteral(text: string, at: number, literal: string, fields: Fields, optional: boolean): number | undefined {
  if (text.startsWith(literal, at)) {
    // An unquoted Z in a format is the zone mark, as .NET reads it.
    if (literal === "Z") fields.utc = true;
    return literal.length;
  }
  // `.FFF` takes a text without the point.
  return literal === "." && optional ? 0 : undefined;
}

/** Reads at least one and at most `most` digits; a doubled specifier wants exactly its count. */
function readDigits(
  text: string,
  at: number,
  least: number,
  most: number,
): { value: number; length: number } | undefined {
  let length = 0;
  let value = 0;
  for (; length < most; length++) {
    const digit = text.charCodeAt(at + length) - 0x30;
    if (!(digit >= 0 && digit <= 9)) break;
    value = 10 * value + digit;
  }
  return length < least ? undefined : { value, length };
}

function readSpecifier(text: string, at: number, letter: string, count: number, fields: Fields): number | undefined {
  switch (letter) {
    case "y": {
      const digits = count <= 2 ? readDigits(text, at, count, 2) : readDigits(text, at, count, Math.max(count, 4));
      if (digits === undefined) return undefined;
      // Two digits: .NET's window ends at 2049.
      const year = count > 2 ? digits.value : digits.value + (digits.value <= 49 ? 2000 : 1900);
      return set(fields, "year", year) ? digits.length : undefined;
    }
    case "M":
      return count <= 2
        ? number(fields, "month", text, at, count)
        : name(fields, "month", text, at, monthNames, count === 3, 1);
    case "d":
      return count <= 2
        ? number(fields, "day", text, at, count)
        : name(fields, "weekday", text, at, dayNames, count === 3, 0);
    case "H":
      return number(fields, "hour", text, at, count);
    case "h":
      return number(fields, "hour12", text, at, count);
    case "m":
      return number(fields, "minute", text, at, count);
    case "s":
      return number(fields, "second", text, at, count);
    case "f":
    case "F": {
      const digits = readDigits(text, at, letter === "f" ? count : 0, count);
      if (digits === undefined) return undefined;
      const ticks = Math.round(digits.value * 10 ** (7 - digits.length));
      return set(fields, "fraction", digits.length === 0 ? 0 : ticks) ? digits.length : undefined;
    }
    case "t": {
      const mark = text.slice(at, at + count).toUpperCase();
      if (mark !== "AM".slice(0, count) && mark !== "PM".slice(0, count)) return undefined;
      fields.afternoon = mark.startsWith("P");
      return count;
    }
    case "g":
      return text.startsWith("A.D.", at) ? 4 : undefined;
    default:
      return readZone(text, at, letter, count, fields);
  }
}

function set(
  fields: Fields,
  key: "year" | "month" | "day" | "weekday" | "hour" | "hour12" | "minute" | "second" | "fraction",
  value: number,
): boolean {
  const before = fields[key];
  fields[key] = value;
  return before === undefined || before === value;
}

function number(
  fields: Fields,
  key: Parameters<typeof set>[1],
  text: string,
  at: number,
  count: number,
): number | undefined {
  const digits = readDigits(text, at, count, 2);
  return digits !== undefined && set(fields, key, digits.value) ? digits.length : undefined;
}

function name(
  fields: Fields,
  key: "month" | "weekday",
  text: string,
  at: number,
  names: readonly string[],
  short: boolean,
  first: number,
): number | undefined {
  for (const [index, full] of names.entries()) {
    const wanted = short ? full.slice(0, 3) : full;
    if (text.slice(at, at + wanted.length).toLowerCase() === wanted.toLowerCase()) {
      return set(fields, key, index + first) ? wanted.length : undefined;
    }
  }
  return undefined;
}

const zone = /([+-])([0-9]{1,2})(?::?([0-9]{2}))?/y;

function readZone(text: string, at: number, letter: string, count: number, fields: Fields): number | undefined {
  if (letter === "K") {
    if (/^z$/i.test(text.charAt(at))) {
      fields.utc = true;
      return 1;
    }
    if (!/[+-]/.test(text.charAt(at))) return 0;
  }
  zone.lastIndex = at;
  const found = zone.exec(text);
  if (found === null) return undefined;
  const minutes = letter === "K" || count === 3 ? found[3] : undefined;
  if ((letter === "K" || count === 3) && minutes === undefined) return undefined;
  const size = Number(found[2]) * 60 + Number(minutes ?? "0");
  if (size > 14 * 60 || Number(minutes ?? "0") > 59) return undefined;
  fields.offset = found[1] === "-" ? -size : size;
  return letter === "K" || count === 3 ? found[0].length : 1 + (found[2]?.length ?? 0);
}

function assemble(fields: Fields): DateTime | undefined {
  const { year = 1, month = 1, day = 1, minute = 0, second = 0, fraction = 0 } = fields;
  const hour = hourOf(fields);
  if (hour === undefined || minute > 59 || second > 59) return undefined;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  const real =
    year >= 1 && date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  if (!real) return undefined;
  if (fields.weekday !== undefined && fields.weekday !== date.getUTCDay()) return undefined;
  date.setUTCHours(hour, minute, second, Math.floor(fraction / 10_000));
  const kind = fields.utc === true ? "utc" : fields.offset !== undefined ? "local" : "unspecified";
  try {
    return new DateTime(date.getTime() - (fields.offset ?? 0) * 60_000, fraction % 10_000, kind);
  } catch {
    return undefined; // an offset that leads out of the years 1 to 9999
  }
}

function hourOf({ hour, hour12, afternoon }: Fields): number | undefined {
  if (hour12 === undefined) {
    if (hour === undefined) return afternoon === true ? 12 : 0;
    return hour > 23 || (afternoon !== undefined && afternoon !== hour >= 12) ? undefined : hour;
  }
  if (hour12 < 1 || hour12 > 12) return undefined;
  const value = (hour12 % 12) + (afternoon === true ? 12 : 0);
  return hour === undefined || hour === value ? value : undefined;
}

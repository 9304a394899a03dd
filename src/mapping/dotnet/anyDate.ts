import { parseDateFormat } from "./dateFormat.ts";
import { parseDate, type WhiteSpace } from "./dateParse.ts";
import { DateTime } from "./dateTime.ts";

/** Formats that DateTime.Parse of en-US takes, as far as directories write them; days and months with or without zeros. */
const commonFormats = [
  "M/d/yyyy h:m:s tt",
  "M/d/yyyy h:m tt",
  "M/d/yyyy H:m:s.FFFFFFFK",
  "M/d/yyyy H:mK",
  "M/d/yyyy",
  "yyyy-M-d'T'H:m:s.FFFFFFFK",
  "yyyy-M-d'T'H:mK",
  "yyyy-M-dK",
  "yyyy-M-d H:m:s.FFFFFFFK",
  "yyyy-M-d H:m:s.FFFFFFF K",
  "yyyy-M-d H:mK",
  "yyyy-M-d H:m K",
  "yyyy/M/d H:m:s.FFFFFFFK",
  "yyyy/M/d H:mK",
  "yyyy/M/d",
  "M-d-yyyy",
  "M-d-yyyy H:m:s",
  "yyyy-M",
  "yyyy.M.d",
  "MMMM d, yyyy",
  "MMM d, yyyy",
  "d MMMM yyyy",
  "d MMM yyyy",
  "MMMM d, yyyy h:m:s tt",
  "d MMM yyyy H:m:s",
  "dddd, MMMM d, yyyy",
  "dddd, MMMM d, yyyy h:m:s tt",
  "ddd, d MMM yyyy H:m:s 'GMT'",
].map((format) => parseDateFormat(format));

const anyWhite: WhiteSpace = { leading: true, trailing: true, inner: false };

/**
 * Reads a date text in one of the usual forms: ISO 8601 with or without time and offset (also `2020-03-16-07:00`), the
 * service's own `M/d/yyyy h:mm:ss tt`, RFC 1123, and month names. A text without offset is UTC.
 *
 * @returns `undefined` when it is none of them.
 */
export function parseAnyDate(text: string): DateTime | undefined {
  if (text.length > 64) return undefined;
  for (const format of commonFormats) {
    const value = parseDate(text, format, anyWhite);
    if (value !== undefined) return new DateTime(value.milliseconds, value.ticks);
  }
  return undefined;
}

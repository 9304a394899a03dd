import { DateTime } from "./dateTime.ts";

const intervals = ["yyyy", "m", "d", "ww", "h", "n", "s"] as const;

/** The interval texts of DateAdd and DateDiff: year, month, day, week, hour, minute, second. */
export type Interval = (typeof intervals)[number];

export function isInterval(text: string): text is Interval {
  return (intervals as readonly string[]).includes(text);
}

const second = 1_000;
const day = 86_400_000;
const lengths = { d: day, ww: 7 * day, h: 3_600_000, n: 60_000, s: second } as const;

/**
 * A date some intervals later. Months and years keep the day where the month has it, else take its last day.
 *
 * @throws RangeError when the result lies outside the years 1 to 9999.
 */
export function addInterval(from: DateTime, interval: Interval, count: number): DateTime {
  if (interval !== "m" && interval !== "yyyy") {
    return new DateTime(from.milliseconds + count * lengths[interval], from.ticks);
  }
  const date = from.date;
  const dayOfMonth = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + (interval === "m" ? count : 12 * count));
  const lastDay = new Date(0);
  lastDay.setUTCFullYear(date.getUTCFullYear(), date.getUTCMonth() + 1, 0);
  date.setUTCDate(Math.min(dayOfMonth, lastDay.getUTCDate()));
  return new DateTime(date.getTime(), from.ticks);
}

/**
 * Intervals from one date to another, as Visual Basic's DateDiff counts them: boundaries crossed for days, weeks (beginning
 * on Sunday), months and years; whole units for hours, minutes and seconds.
 */
export function countBoundaries(from: DateTime, to: DateTime, interval: Interval): number {
  const [first, last] = [from.date, to.date];
  const years = last.getUTCFullYear() - first.getUTCFullYear();
  switch (interval) {
    case "yyyy":
      return years;
    case "m":
      return 12 * years + last.getUTCMonth() - first.getUTCMonth();
    case "d":
      return dayNumber(to) - dayNumber(from);
    case "ww":
      // 1970-01-04 was a Sunday.
      return Math.floor((dayNumber(to) - 3) / 7) - Math.floor((dayNumber(from) - 3) / 7);
    case "h":
    case "n":
    case "s":
      return Math.trunc((to.milliseconds - from.milliseconds) / lengths[interval]) + 0;
  }
}

function dayNumber(value: DateTime): number {
  return Math.floor(value.milliseconds / day);
}

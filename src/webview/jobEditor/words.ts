import type { Kind } from "../../extension/jobEditor/messages/view.ts";

/** A count for a person, for example `1,291`. */
export const count = (value: number): string => value.toLocaleString("en-US");

/** A count with its noun: `1 error`, `2 errors`. */
export const counted = (value: number, noun: string): string => `${count(value)} ${noun}${value === 1 ? "" : "s"}`;

/** One of them, as labels name it. */
export const oneOf = (kind: Kind): string => (kind === "users" ? "Person" : "Group");

/** The time of day of an instant, for example `12:31`. */
export function timeOf(instant: string): string {
  const date = new Date(instant);
  return Number.isNaN(date.getTime())
    ? ""
    : date.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
}

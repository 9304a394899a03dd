import { hash } from "node:crypto";
import type { Change } from "./change.ts";

/** Identifies what a change would send: its id stays the same when its content moves, and this does not. */
export function changeDigest({ action, requests }: Pick<Change, "action" | "requests">): string {
  const sent = requests.map(({ method, path, body }) => [method, path, body]);
  return hash("sha256", JSON.stringify([action, sent]), "base64url").slice(0, 16);
}

/** What a person has reviewed: the digest of each change by its id. */
export type Reviewed = ReadonlyMap<string, string>;

/** Whether a change is one that was reviewed, and is still the same. */
export const isReviewed = (reviewed: Reviewed, change: Change): boolean =>
  reviewed.get(change.id) === changeDigest(change);

/** A line of {@link parseReviewed}'s text. */
export const reviewedLine = (change: Change): string => `${change.id} ${changeDigest(change)}\n`;

/** What was reviewed, from one text: it passes between processes at once, where a map of 100,000 would hold both up. */
export function parseReviewed(text: string): Reviewed {
  const lines = text.split("\n").filter((line) => line !== "");
  return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(" ")), line.slice(line.lastIndexOf(" ") + 1)]));
}

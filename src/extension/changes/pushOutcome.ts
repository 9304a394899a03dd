import * as l10n from "@vscode/l10n";
import type { ChangeResult, PushProgress, PushReport } from "../../changes/pushResult.ts";
import { isDone } from "../../changes/pushResult.ts";
import { shortPath } from "../../changes/describe.ts";
import { count, displayText } from "../platform/text.ts";
import type { PendingChange, PendingProblem } from "./pendingChange.ts";

/** What a push leaves behind. */
export interface PushAftermath {
  /** Keys of changes that are done. */
  readonly done: readonly string[];
  /** Changes that stay, with what the push said of them. */
  readonly left: readonly PendingChange[];
  /** Where the service stored something else than was sent, a line each. */
  readonly differences: readonly string[];
}

/** Sorts the results of a push into what is done and what stays pending. */
export function aftermathOf(changes: readonly PendingChange[], report: PushReport): PushAftermath {
  const results = new Map(report.results.map((result) => [result.changeId, result]));
  const done: string[] = [];
  const left: PendingChange[] = [];
  const differences: string[] = [];
  for (const held of changes) {
    const result = results.get(held.change.id);
    if (result !== undefined && isDone(result.outcome)) {
      done.push(held.key);
      differences.push(...differencesOf(result));
    } else left.push(withProblem(held, result));
  }
  return { done, left, differences };
}

function withProblem(held: PendingChange, result: ChangeResult | undefined): PendingChange {
  const { problem: _, ...rest } = held;
  if (result === undefined || result.outcome === "notSent") return rest;
  if (result.outcome === "conflict") {
    const theirs = result.conflict?.theirs;
    const message = result.conflict?.message ?? l10n.t("It was changed in the service since it was read.");
    return { ...rest, problem: { kind: "conflict", message, ...(theirs === undefined ? {} : { theirs }) } };
  }
  const kind: PendingProblem["kind"] = result.outcome === "unknown" ? "unknown" : "failed";
  const message = [result.error?.message, result.error?.fix].filter((part) => part !== undefined).join(" ");
  const said = message.includes(result.error?.fix ?? "\0") ? (result.error?.message ?? "") : message;
  return { ...rest, problem: { kind, message: said === "" ? l10n.t("It was not applied.") : said } };
}

/** Where the stored resource differs from what was sent, for example a lower-cased user name. */
function differencesOf({ change, differences = [] }: ChangeResult): string[] {
  return differences.map(({ path, before, after }) =>
    l10n.t(
      "{0}: {1} is {2}, sent was {3}.",
      displayText(change.name),
      shortPath(path),
      valueText(after),
      valueText(before),
    ),
  );
}

const valueText = (value: unknown): string =>
  value === undefined ? l10n.t("empty") : displayText(typeof value === "string" ? value : JSON.stringify(value), 80);

/** The progress of a push in words: `37 of 120, 2 failed, about 3 min left`. */
export function progressText({ done, total, failed, etaSeconds }: PushProgress): string {
  const parts = [
    l10n.t("{0} of {1}", count(done), count(total)),
    failed === 0 ? undefined : l10n.t("{0} failed", count(failed)),
    etaSeconds === undefined || etaSeconds < 2 ? undefined : l10n.t("about {0} left", durationText(etaSeconds)),
  ];
  return parts.filter((part) => part !== undefined).join(", ");
}

function durationText(seconds: number): string {
  if (seconds < 90) return l10n.t("{0} s", Math.round(seconds));
  return seconds < 5400 ? l10n.t("{0} min", Math.round(seconds / 60)) : l10n.t("{0} h", Math.round(seconds / 3600));
}

/** Whether a push ended because the service refused the token. */
export const endedByToken = ({ stopped }: PushReport): boolean =>
  stopped?.code === "unauthorized" || stopped?.code === "invalidToken";

/** What a push came to, in few sentences; with what stopped it. */
export function outcomeText(report: PushReport): string {
  const { counts, results, stopped } = report;
  const done = counts.pushed + counts.redundant;
  const failed = counts.failed + counts.blocked;
  const parts = [
    done === results.length
      ? plural(done, l10n.t("Pushed 1 change."), (number) => l10n.t("Pushed {0} changes.", number))
      : plural(results.length, l10n.t("The change was not pushed."), (number) =>
          l10n.t("Pushed {0} of {1} changes.", count(done), number),
        ),
    stopped === undefined
      ? undefined
      : endedByToken(report)
        ? l10n.t("The service refused the token.")
        : stopped.message,
    plural(failed, l10n.t("1 failed."), (number) => l10n.t("{0} failed.", number)),
    plural(counts.conflict, l10n.t("1 was changed by someone else and was not sent."), (number) =>
      l10n.t("{0} were changed by someone else and were not sent.", number),
    ),
    plural(counts.unknown, l10n.t("1 may or may not have been applied; pushing again looks first."), (number) =>
      l10n.t("{0} may or may not have been applied; pushing again looks first.", number),
    ),
    plural(counts.notSent, l10n.t("1 was not sent and stays pending."), (number) =>
      l10n.t("{0} were not sent and stay pending.", number),
    ),
  ];
  return parts.filter((part) => part !== undefined).join(" ");
}

function plural(number: number, one: string, many: (number: string) => string): string | undefined {
  if (number === 0) return undefined;
  return number === 1 ? one : many(count(number));
}

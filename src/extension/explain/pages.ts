import * as l10n from "@vscode/l10n";
import type { Change } from "../../changes/change.ts";
import type { Explanation } from "../../provisioning/explain.ts";
import type { LogRecord } from "../../provisioning/logRecord.ts";
import type { Skip } from "../../provisioning/plan.ts";
import type { PersonCard } from "../../provisioning/personCard.ts";
import type { Connection } from "../connections/connection.ts";
import { timeText } from "../jobs/jobHealth.ts";
import { displayLines, displayText } from "../platform/text.ts";
import type { CardPage, ExplanationPage, PageHead } from "./messages.ts";

/** Longest value that a page shows; the rest is in the documents. */
const longest = 4_000;
/** Most values of one list, and most requests. */
const most = 200;

/** When and from where something was read. */
export interface Reading {
  readonly connection: Connection;
  readonly at: Date;
  readonly tookMs: number;
  /** Whether the job may write to the service. */
  readonly writable: boolean;
  /** When the next cycle begins, of a job that is turned on. */
  readonly nextAt?: string | undefined;
}

/** A value as a page shows it. */
const value = (text: string): string => displayLines(text, longest);

/** The explanation of one user or group, as its page shows it. */
export function explanationPage(explanation: Explanation, who: string, reading: Reading): ExplanationPage {
  const { object, answer, steps, change, skip, job, last } = explanation;
  return {
    head: head({ name: object?.name ?? who, job, answer, found: object !== undefined, change, skip, last }, reading),
    then: last === undefined ? "" : l10n.t("Cycle at {0}", timeText(last.activityDateTime, reading.at)),
    steps: steps.map(({ id, title, status, summary, details, durationMs }) => ({
      id,
      title,
      status,
      summary: value(summary),
      details: details.slice(0, most).map((detail) => ({
        name: displayText(detail.name, 300),
        value: value(detail.value),
        passed: detail.passed ?? null,
        before: detail.before
          ? { value: displayText(detail.before.value, 500), passed: detail.before.passed ?? null }
          : null,
      })),
      durationMs: durationMs ?? null,
    })),
  };
}

/** One person or group across directory, mapping, target and log, as its page shows it. */
export function cardPage(card: PersonCard, reading: Reading): CardPage {
  const { object, change, skip, name, job, answer } = card;
  return {
    head: head({ name, job, answer, found: object !== undefined, change, skip, last: card.operations[0] }, reading),
    attributes: card.attributes.slice(0, most).map(({ path, source, mapped, target, state }) => ({
      path: displayText(path, 300),
      source: value(source),
      mapped: mapped === undefined ? null : value(mapped),
      target: target === undefined ? null : value(target),
      state,
    })),
    groups: card.groups.slice(0, most).map((group) => ({ ...group, name: displayText(group.name, 300) })),
    operations: card.operations.map(operation),
    identity: [
      { name: l10n.t("Source id"), value: displayText(object?.sourceId ?? "", 300) },
      { name: l10n.t("Target id"), value: displayText(object?.targetId ?? l10n.t("not in the target"), 300) },
      { name: l10n.t("Job"), value: displayText(job) },
      { name: l10n.t("Connection"), value: displayText(reading.connection.name) },
    ],
  };
}

function head(
  about: {
    readonly name: string;
    readonly job: string;
    readonly answer: string;
    readonly found: boolean;
    readonly change: Change | undefined;
    readonly skip: Skip | undefined;
    readonly last: LogRecord | undefined;
  },
  { connection, at, tookMs, writable, nextAt }: Reading,
): PageHead {
  const { change } = about;
  return {
    name: displayText(about.name),
    job: displayText(about.job),
    connection: displayText(connection.name),
    production: connection.production === true,
    readAt: at.toLocaleTimeString("en-GB"),
    tookMs: Math.round(tookMs),
    answer: value(about.answer),
    found: about.found,
    requests: (change?.requests ?? []).slice(0, most).map((request) => ({
      method: request.method,
      path: displayText(request.path, longest),
      body: request.body === undefined ? null : value(JSON.stringify(request.body, undefined, 2)),
    })),
    cycles: [
      ...(about.last === undefined ? [] : [lastText(about.last, about.skip, at)]),
      ...(nextAt === undefined ? [] : [l10n.t("The next cycle begins at {0}.", timeText(nextAt, at))]),
    ].join(" "),
    pend: change !== undefined,
    push: change === undefined || !writable ? null : l10n.t("Push This One"),
  };
}

/** What a cycle did for the object, in one sentence. */
function lastText(record: LogRecord, skip: Skip | undefined, now: Date): string {
  const { status, errorInformation, skipReason } = record.provisioningStatusInfo;
  const time = timeText(record.activityDateTime, now);
  const detail = displayText(record.provisioningSteps.at(-1)?.description, 500);
  switch (status) {
    case "success":
      return l10n.t("At {0} it was done: {1}. {2}", time, record.provisioningAction, detail);
    case "skipped":
      if (skip !== undefined && skip.reason === skipReason && displayText(skip.detail, 500) === detail)
        return l10n.t("At {0} it was skipped for the same reason.", time);
      return l10n.t("At {0} it was skipped as {1}: {2}", time, displayText(skipReason), detail);
    case "warning":
      return l10n.t("At {0} it was held: {1}", time, detail);
    case "failure": {
      const reason = displayText(errorInformation?.reason, 500);
      return l10n.t("At {0} it failed with {1}: {2}", time, displayText(errorInformation?.errorCode), reason);
    }
  }
}

function operation(record: LogRecord): CardPage["operations"][number] {
  const { status, errorInformation, skipReason } = record.provisioningStatusInfo;
  const last = record.provisioningSteps.at(-1)?.description ?? "";
  const reason =
    errorInformation === undefined ? (skipReason ?? last) : `${errorInformation.errorCode}: ${errorInformation.reason}`;
  return {
    title: `${record.provisioningAction}, ${status}`,
    detail: displayText(reason, 500),
    time: new Date(record.activityDateTime).toLocaleString("en-GB", {
      day: "numeric",
      month: "short",
      hour: "2-digit",
      minute: "2-digit",
    }),
    status,
  };
}

import * as l10n from "@vscode/l10n";
import type { JobStateRecord } from "../../../provisioning/jobState.ts";
import type { QuarantineCause } from "../../../provisioning/quarantine.ts";
import { quarantineCause } from "../../../provisioning/quarantine.ts";
import { displayText } from "../../platform/text.ts";
import { timeText } from "../jobHealth.ts";
import { daysLeftText } from "./jobFacts.ts";
import type { QuarantineFact } from "./jobRows.ts";
import type { RenderedJobRow } from "./renderedRow.ts";
import { leaf } from "./renderedRow.ts";

type Quarantine = NonNullable<JobStateRecord["quarantine"]>;

const day = 86_400_000;

/** How long a job in quarantine has until it turns itself off. */
function countdown({ disabledAt }: Quarantine, now: Date): string {
  const days = Math.max(0, Math.ceil((Date.parse(disabledAt) - now.getTime()) / day));
  if (days === 0) return l10n.t("turned off");
  return daysLeftText(days);
}

/** The quarantine of a job: what it means at a glance; its facts stand under it. */
export function renderQuarantine(quarantine: Quarantine, now: Date): RenderedJobRow {
  const next = l10n.t("next try {0}", timeText(quarantine.nextTryAt, now));
  const description = `${next}, ${countdown(quarantine, now)}`;
  const label = l10n.t("In quarantine");
  return {
    ...leaf("error", label, description, "quarantine", undefined, "list.errorForeground"),
    tooltip: [
      l10n.t("In quarantine: {0}", description),
      displayText(quarantine.message, 1000),
      l10n.t("Clear Quarantine tries at once; a cycle that goes through ends the quarantine."),
    ].join("\n"),
    expandable: "expanded",
    accessible: `${label}, ${description}`,
  };
}

/** What the facts of a quarantine need to know of its job. */
interface QuarantinedJob {
  /** The address of its connection. */
  readonly baseUrl: string | undefined;
  /** Whether it is turned on, so that it is tried by itself. */
  readonly on: boolean;
}

/** One fact of a quarantine. */
export function renderQuarantineFact(
  fact: QuarantineFact,
  quarantine: Quarantine,
  { baseUrl, on }: QuarantinedJob,
  now: Date,
): RenderedJobRow {
  const row = factRow(fact, quarantine, { baseUrl, on }, now);
  return { ...row, accessible: `${row.label}, ${row.description ?? ""}` };
}

function factRow(
  fact: QuarantineFact,
  quarantine: Quarantine,
  { baseUrl, on }: QuarantinedJob,
  now: Date,
): RenderedJobRow {
  switch (fact) {
    case "reason":
      return {
        ...leaf("info", l10n.t("Reason"), displayText(quarantine.message, 300), "quarantineReason"),
        tooltip: `${quarantine.reason}\n${displayText(quarantine.message, 1000)}`,
      };
    case "since": {
      const tries =
        quarantine.tries === 0
          ? l10n.t("not tried again yet")
          : quarantine.tries === 1
            ? l10n.t("tried again once")
            : l10n.t("tried again {0} times", quarantine.tries);
      return leaf("history", l10n.t("Since"), `${timeText(quarantine.since, now)}, ${tries}`, "quarantineSince");
    }
    case "nextTry": {
      const at = timeText(quarantine.nextTryAt, now);
      const text = on ? at : l10n.t("{0}, once the job is turned on", at);
      const row = leaf("watch", l10n.t("Next try"), text, "quarantineNextTry");
      const why = l10n.t("Each try waits longer than the one before, up to a day.");
      return { ...row, tooltip: `${row.tooltip}\n${why}` };
    }
    case "disabled": {
      const left = `${countdown(quarantine, now)}, ${timeText(quarantine.disabledAt, now)}`;
      const row = leaf("circle-slash", l10n.t("Countdown"), left, "quarantineDisabled");
      const why = l10n.t("A job that is in quarantine for four weeks turns itself off until a person clears it.");
      return { ...row, tooltip: `${row.tooltip}\n${why}` };
    }
    case "whatToDo": {
      const { text, command } = advice[quarantineCause(quarantine)](baseUrl);
      return leaf("lightbulb", l10n.t("What to do"), text, "quarantineWhatToDo", command);
    }
  }
}

/** What a person does about a cause, and what a click begins with. */
const advice: Readonly<
  Record<
    QuarantineCause,
    (baseUrl: string | undefined) => { readonly text: string; readonly command: NonNullable<RenderedJobRow["command"]> }
  >
> = {
  token: (baseUrl) => ({
    text: l10n.t("replace the token, or give it its rights again; then clear the quarantine"),
    command: { id: "scim.connection.replaceToken", title: l10n.t("Replace Token…"), argument: baseUrl },
  }),
  address: (baseUrl) => ({
    text: l10n.t("test the connection, mend the address or the network; then clear the quarantine"),
    command: { id: "scim.connection.test", title: l10n.t("Test Connection"), argument: baseUrl },
  }),
  service: (baseUrl) => ({
    text: l10n.t("test the connection, wait until the service is well; then clear the quarantine"),
    command: { id: "scim.connection.test", title: l10n.t("Test Connection"), argument: baseUrl },
  }),
  objects: () => ({
    text: l10n.t("read in the log why they fail, mend mappings or data; then clear the quarantine"),
    command: { id: "scim.job.showLog", title: l10n.t("Show Provisioning Log") },
  }),
};

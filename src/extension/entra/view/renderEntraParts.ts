import * as l10n from "@vscode/l10n";
import { jobHealth } from "../../../entra/health.ts";
import type { SynchronizationJob } from "../../../graph/types/synchronization.ts";
import type { ImportedObject } from "../../../mapping/entra/importSchema.ts";
import { timeText } from "../../jobs/jobHealth.ts";
import { daysLeftText, mappingLabel, rowsText, scopeText } from "../../jobs/view/jobFacts.ts";
import { leaf, type RenderedJobRow } from "../../jobs/view/renderedRow.ts";
import { count, displayText } from "../../platform/text.ts";
import type { EntraJobDetails, JobPart, Read } from "../model.ts";
import { cycleLines } from "./renderEntraJob.ts";
import { renderTrouble } from "./renderTrouble.ts";

/** One part of a job: what the service says of it, as far as it was read. */
export function renderPart(
  part: JobPart,
  job: SynchronizationJob | undefined,
  details: EntraJobDetails,
  now: Date,
): RenderedJobRow {
  const health = job === undefined ? undefined : jobHealth(job, now.getTime());
  switch (part) {
    case "quarantine": {
      const quarantine = health?.quarantine;
      const next = l10n.t(
        "next try {0}, {1}",
        timeText(quarantine?.nextAttempt, now),
        daysLeftText(quarantine?.daysLeft ?? 0),
      );
      return {
        ...leaf("error", displayText(quarantine?.reason), next, "quarantine", undefined, "list.errorForeground"),
        tooltip: [
          displayText(quarantine?.message, 1000),
          quarantine?.explanation ?? "",
          l10n.t("In quarantine since {0}.", timeText(quarantine?.since, now)),
        ]
          .filter((line) => line !== "")
          .join("\n"),
      };
    }
    case "cycle": {
      const last = health?.lastCycle;
      if (last === undefined) return leaf("history", l10n.t("Last cycle"), l10n.t("none has run"), "cycle");
      const failed = last.error !== undefined;
      const text = failed
        ? displayText(last.error, 200)
        : l10n.t("{0} read, {1} written", count(last.imported), count(last.exported));
      const drawn = leaf(
        failed ? "warning" : "history",
        l10n.t("Last cycle"),
        `${timeText(last.ended, now)}, ${text}`,
        "cycle",
      );
      return {
        ...drawn,
        ...(failed && { iconColor: "list.warningForeground" }),
        tooltip: health === undefined ? "" : cycleLines(health, now).join("\n"),
      };
    }
    case "entries": {
      const entries = Object.entries(health?.entries ?? {});
      const text = entries.map(([type, number]) => entryText(type, number)).join(", ");
      return leaf("graph", l10n.t("Under management"), text === "" ? l10n.t("nothing yet") : text, "entries");
    }
    case "escrows": {
      const failing = health?.escrows ?? 0;
      const text =
        failing === 1 ? l10n.t("1 object is tried again") : l10n.t("{0} objects are tried again", count(failing));
      return leaf("debug-rerun", l10n.t("Escrows"), text, "escrows", showLog(), "list.warningForeground");
    }
    case "users":
      return renderMapping(part, details, (schema) => schema.users);
    case "groups":
      return renderMapping(part, details, (schema) => schema.groups);
    case "scope":
      return renderScope(details);
    case "credentials":
      return renderRead(details.settings, l10n.t("Credentials"), "key", part, ({ baseUrl }) => ({
        description: baseUrl === undefined ? l10n.t("none stored") : displayText(baseUrl, 200),
        command: { id: "scim.entra.setCredentials", title: l10n.t("Set Credentials…") },
      }));
    case "notification":
      return renderRead(details.settings, l10n.t("Notification"), "mail", part, (settings) => ({
        description: [
          settings.notificationEmail === undefined ? l10n.t("no mail") : displayText(settings.notificationEmail),
          settings.deleteThreshold === undefined
            ? l10n.t("no deletion threshold")
            : l10n.t("held from {0} deletions", count(settings.deleteThreshold)),
        ].join(", "),
        command: { id: "scim.entra.setNotification", title: l10n.t("Set Notification and Deletion Threshold…") },
      }));
    case "log":
      return leaf("list-flat", l10n.t("Log"), undefined, "log", showLog());
    case "assignments":
      return {
        ...renderRead(details.assignments, l10n.t("Assignments"), "organization", part, (all) => {
          const unentitled = all.filter(({ defaultAccess }) => defaultAccess).length;
          const people =
            all.length === 1 ? l10n.t("1 user or group") : l10n.t("{0} users and groups", count(all.length));
          return {
            description: unentitled === 0 ? people : l10n.t("{0}, {1} with Default Access only", people, unentitled),
          };
        }),
        expandable: details.assignments.state === "read" && details.assignments.value.length > 0 ? "collapsed" : "none",
      };
  }
}

/** The service names types by source and target: `User to urn:…:User`. */
function entryText(type: string, number: number): string {
  if (/^user\b/i.test(type)) return number === 1 ? l10n.t("1 user") : l10n.t("{0} users", count(number));
  if (/^group\b/i.test(type)) return number === 1 ? l10n.t("1 group") : l10n.t("{0} groups", count(number));
  return `${count(number)} ${displayText(type, 40)}`;
}

function renderMapping(
  part: "users" | "groups",
  details: EntraJobDetails,
  pick: (schema: Extract<EntraJobDetails["schema"], { state: "read" }>["value"]) => ImportedObject | undefined,
): RenderedJobRow {
  return renderRead(details.schema, mappingLabel(part), "symbol-field", part, (schema) => {
    const object = pick(schema);
    const rows = (object?.mappings.length ?? 0) + (object?.kept.length ?? 0);
    const many = rowsText(rows);
    return {
      description:
        object === undefined ? l10n.t("no mapping") : object.enabled ? many : l10n.t("{0}, not provisioned", many),
      command: { id: "scim.entra.editMappings", title: l10n.t("Edit Mappings") },
    };
  });
}

function renderScope({ settings, schema }: EntraJobDetails): RenderedJobRow {
  return renderRead(settings, l10n.t("Scope"), "filter", "scope", ({ syncAll }) => {
    const read = schema.state === "read" ? schema.value : undefined;
    const filters = (read?.users?.scope?.length ?? 0) + (read?.groups?.scope?.length ?? 0);
    const description = scopeText(syncAll, filters);
    return { description, command: { id: "scim.entra.editMappings", title: l10n.t("Edit Mappings") } };
  });
}

/** Who is assigned, and whether that entitles. */
export function renderAssignment(
  named: Extract<EntraJobDetails["assignments"], { state: "read" }>["value"][number] | undefined,
): RenderedJobRow {
  const { assignment, role = "", defaultAccess = false } = named ?? {};
  const name = displayText(assignment?.principalDisplayName ?? assignment?.principalId);
  const icon = assignment?.principalType === "Group" ? "organization" : "account";
  if (!defaultAccess) return leaf(icon, name, displayText(role), "assignment");
  const why = l10n.t("Default Access: skipped as not effectively entitled by the tutorial's rule. Assign a real role.");
  return {
    ...leaf("warning", name, displayText(role), "assignment", undefined, "list.warningForeground"),
    tooltip: `${name}\n${why}`,
  };
}

function renderRead<T>(
  read: Read<T>,
  label: string,
  icon: string,
  context: string,
  draw: (value: T) => { readonly description: string; readonly command?: RenderedJobRow["command"] },
): RenderedJobRow {
  switch (read.state) {
    case "reading":
      return leaf(icon, label, l10n.t("reading"), context);
    case "failed": {
      const trouble = renderTrouble(read.error);
      return { ...trouble, label, description: trouble.label };
    }
    case "read": {
      const { description, command } = draw(read.value);
      return leaf(icon, label, description, context, command);
    }
  }
}

const showLog = (): RenderedJobRow["command"] => ({
  id: "scim.entra.showLog",
  title: l10n.t("Show Provisioning Log…"),
});

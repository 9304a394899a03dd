import * as l10n from "@vscode/l10n";
import { jobHealth, type JobHealth } from "../../../entra/health.ts";
import type { SynchronizationJob } from "../../../graph/types/synchronization.ts";
import type { ImportedObject } from "../../../mapping/entra/importSchema.ts";
import { timeText } from "../../jobs/jobHealth.ts";
import type { RenderedJobRow } from "../../jobs/view/renderedRow.ts";
import type { CommandId } from "../../platform/commandTable.ts";
import { count, displayText } from "../../platform/text.ts";
import { isPartRow } from "../model.ts";
import type { EntraApplication, EntraJobDetails, EntraRow, EntraTenant, JobPart, Read } from "../model.ts";

/** What a row is drawn from. */
export interface EntraView {
  tenant(key: string): EntraTenant | undefined;
  application(tenant: string, servicePrincipalId: string): EntraApplication | undefined;
  job(place: Extract<EntraRow, { jobId: string }>): SynchronizationJob | undefined;
  details(place: Extract<EntraRow, { jobId: string }>): EntraJobDetails;
}

/** Draws a row. Pure: the same state always looks the same at the same time. */
export function renderEntraRow(row: EntraRow, view: EntraView, now: Date): RenderedJobRow {
  if (isPartRow(row)) return renderPart(row.kind, view.job(row), view.details(row), now);
  switch (row.kind) {
    case "tenant": {
      const tenant = view.tenant(row.tenant);
      const name = displayText(tenant?.name ?? row.tenant) || l10n.t("Microsoft Entra");
      return {
        ...leaf("azure", name, tenant === undefined ? l10n.t("reading") : undefined, "tenant"),
        ...(tenant !== undefined && { tooltip: `${name}\n${tenant.id}` }),
        expandable: "expanded",
      };
    }
    case "noApplications":
      return leaf(
        "info",
        l10n.t("No enterprise application with provisioning"),
        l10n.t("add one from the gallery"),
        "note",
        {
          id: "scim.entra.addApplication",
          title: l10n.t("Add Gallery Application…"),
        },
      );
    case "application": {
      const application = view.application(row.tenant, row.servicePrincipalId);
      const name = displayText(application?.servicePrincipal.displayName ?? row.servicePrincipalId);
      return {
        ...leaf("extensions", name, undefined, "application"),
        tooltip: `${name}\n${row.servicePrincipalId}`,
        expandable: "expanded",
      };
    }
    case "trouble":
      return renderTrouble(row.error);
    case "job":
      return renderJob(view.job(row), now);
    case "assignment": {
      const { assignments } = view.details(row);
      return renderAssignment(assignments.state === "read" ? assignments.value[row.at] : undefined);
    }
  }
}

const icons: Readonly<Record<JobHealth["state"], readonly [icon: string, color?: string]>> = {
  quarantine: ["error", "list.errorForeground"],
  paused: ["debug-pause"],
  notConfigured: ["circle-large-outline"],
  notRun: ["clock"],
  active: ["pass", "testing.iconPassed"],
  unknown: ["question"],
};

function renderJob(job: SynchronizationJob | undefined, now: Date): RenderedJobRow {
  if (job === undefined) return leaf("sync", l10n.t("Provisioning"), undefined, "entraJob");
  const health = jobHealth(job, now.getTime());
  const running = isRunning(health);
  const [icon, color] = running && health.state !== "quarantine" ? (["sync~spin"] as const) : icons[health.state];
  const label = l10n.t("Provisioning");
  const description = stateText(health, now);
  const stopped = health.state === "paused" || health.state === "notConfigured";
  return {
    ...leaf(icon, label, description, `entraJob.${health.state}.${stopped ? "stopped" : "started"}`, undefined, color),
    tooltip: [description, ...cycleLines(health, now), displayText(health.jobId, 300)].join("\n"),
    expandable: "collapsed",
    accessible: `${label}, ${description}`,
  };
}

/** Whether the service names a cycle that has pages left. */
export const isRunning = ({ progress, state }: JobHealth): boolean =>
  progress !== undefined && progress < 100 && (state === "active" || state === "notRun");

/** The state in a few words. */
export function stateText(health: JobHealth, now: Date): string {
  const { lastCycle, progress, quarantine } = health;
  if (isRunning(health)) return l10n.t("running, {0} % of its pages", progress ?? 0);
  switch (health.state) {
    case "quarantine":
      return l10n.t("quarantined, {0}", daysText(quarantine?.daysLeft ?? 0));
    case "paused":
      return lastCycle === undefined ? l10n.t("paused") : l10n.t("paused, last {0}", timeText(lastCycle.ended, now));
    case "notConfigured":
      return l10n.t("no credentials are stored");
    case "notRun":
      return l10n.t("started, first cycle not ended");
    case "active":
      return lastCycle === undefined ? l10n.t("on") : l10n.t("on, last {0}", timeText(lastCycle.ended, now));
    case "unknown":
      return l10n.t("the service names no state");
  }
}

const daysText = (days: number): string =>
  days === 1 ? l10n.t("1 day until it is turned off") : l10n.t("{0} days until it is turned off", days);

function cycleLines({ lastCycle }: JobHealth, now: Date): string[] {
  if (lastCycle === undefined) return [l10n.t("No cycle has run.")];
  return [
    l10n.t(
      "Last cycle {0}, {1}: {2} read, {3} written, {4} failing",
      timeText(lastCycle.ended, now),
      resultText(lastCycle.state),
      count(lastCycle.imported),
      count(lastCycle.exported),
      count(lastCycle.escrowed),
    ),
    ...(lastCycle.error === undefined ? [] : [displayText(lastCycle.error, 500)]),
  ];
}

function resultText(state: string): string {
  if (state === "Succeeded") return l10n.t("succeeded");
  return state === "EntryLevelErrors" ? l10n.t("some objects failed") : l10n.t("failed");
}

function renderPart(
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
        daysText(quarantine?.daysLeft ?? 0),
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
      return renderMapping(part, l10n.t("Users mapping"), details, (schema) => schema.users);
    case "groups":
      return renderMapping(part, l10n.t("Groups mapping"), details, (schema) => schema.groups);
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
  label: string,
  details: EntraJobDetails,
  pick: (schema: Extract<EntraJobDetails["schema"], { state: "read" }>["value"]) => ImportedObject | undefined,
): RenderedJobRow {
  return renderRead(details.schema, label, "symbol-field", part, (schema) => {
    const object = pick(schema);
    const rows = (object?.mappings.length ?? 0) + (object?.kept.length ?? 0);
    const many = rows === 1 ? l10n.t("1 row") : l10n.t("{0} rows", rows);
    return {
      description:
        object === undefined ? l10n.t("no mapping") : object.enabled ? many : l10n.t("{0}, not provisioned", many),
      command: { id: "scim.entra.editMappings", title: l10n.t("Edit Mappings") },
    };
  });
}

function renderScope({ settings, schema }: EntraJobDetails): RenderedJobRow {
  return renderRead(settings, l10n.t("Scope"), "filter", "scope", ({ syncAll }) => {
    const who = syncAll ? l10n.t("everybody") : l10n.t("assigned users and groups");
    const read = schema.state === "read" ? schema.value : undefined;
    const filters = (read?.users?.scope?.length ?? 0) + (read?.groups?.scope?.length ?? 0);
    const description =
      filters === 0
        ? who
        : filters === 1
          ? l10n.t("{0}, 1 group of clauses", who)
          : l10n.t("{0}, {1} groups of clauses", who, filters);
    return { description, command: { id: "scim.entra.editMappings", title: l10n.t("Edit Mappings") } };
  });
}

function renderAssignment(
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

/** An error as a row: what is missing stands in it, the whole message in the tooltip. */
export function renderTrouble(error: unknown): RenderedJobRow {
  const message = error instanceof Error ? error.message : String(error);
  const missing = missingPermission(error);
  const label = missing === undefined ? displayText(message, 160) : l10n.t("Missing permission: {0}", missing);
  return {
    ...leaf(
      "warning",
      label,
      undefined,
      "trouble",
      { id: "scim.entra.signIn", title: l10n.t("Sign In…") },
      "list.warningForeground",
    ),
    tooltip: displayText(message, 2000),
  };
}

function missingPermission(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("permissions" in error) || !Array.isArray(error.permissions)) return undefined;
  const [least] = error.permissions as readonly unknown[];
  return typeof least === "string" ? least : undefined;
}

function leaf(
  icon: string,
  label: string,
  description: string | undefined,
  context: string,
  command?: { readonly id: CommandId; readonly title: string },
  iconColor?: string,
): RenderedJobRow {
  return {
    label,
    ...(description !== undefined && { description }),
    tooltip: description === undefined ? label : `${label}\n${description}`,
    icon,
    ...(iconColor !== undefined && { iconColor }),
    expandable: "none",
    context,
    ...(command !== undefined && { command }),
  };
}

const showLog = (): RenderedJobRow["command"] => ({
  id: "scim.entra.showLog",
  title: l10n.t("Show Provisioning Log…"),
});

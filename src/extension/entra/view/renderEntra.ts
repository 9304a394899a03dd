import * as l10n from "@vscode/l10n";
import type { SynchronizationJob } from "../../../graph/types/synchronization.ts";
import { leaf, type RenderedJobRow } from "../../jobs/view/renderedRow.ts";
import { displayText } from "../../platform/text.ts";
import { isPartRow } from "../model.ts";
import type { EntraApplication, EntraJobDetails, EntraRow, EntraTenant, Read } from "../model.ts";
import { renderJob } from "./renderEntraJob.ts";
import { renderAssignment, renderPart } from "./renderEntraParts.ts";
import { renderTrouble } from "./renderTrouble.ts";

/** What a row is drawn from. */
export interface EntraView {
  readTenant(key: string): Read<EntraTenant>;
  application(tenant: string, servicePrincipalId: string): EntraApplication | undefined;
  job(place: Extract<EntraRow, { jobId: string }>): SynchronizationJob | undefined;
  details(place: Extract<EntraRow, { jobId: string }>): EntraJobDetails;
}

/** Draws a row. Pure: the same state always looks the same at the same time. */
export function renderEntraRow(row: EntraRow, view: EntraView, now: Date): RenderedJobRow {
  if (isPartRow(row)) return renderPart(row.kind, view.job(row), view.details(row), now);
  switch (row.kind) {
    case "tenant": {
      const read = view.readTenant(row.tenant);
      const tenant = read.state === "read" ? read.value : undefined;
      const name = displayText(tenant?.name ?? row.tenant) || l10n.t("Microsoft Entra");
      return {
        ...leaf("azure", name, read.state === "reading" ? l10n.t("reading") : undefined, "tenant"),
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

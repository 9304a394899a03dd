import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import {
  addApplication,
  databricksTemplateName,
  findApplication,
  findTemplate,
  setAssignmentRequired,
} from "../../entra/applications.ts";
import { assign, assignableRoles, defaultAccessWarnings, listAssignments, unassign } from "../../entra/assignments.ts";
import { createJob, listTemplates } from "../../entra/jobs.ts";
import type { ServicePrincipal } from "../../graph/types/applications.ts";
import type { GraphClient } from "../../graph/client.ts";
import type { SomeHandlers } from "../platform/commandTable.ts";
import { CancelledError, UserError } from "../platform/errors.ts";
import { displayText, labelText } from "../platform/text.ts";
import { confirmAndRun, input, pick } from "./ask.ts";
import { readPurposes } from "./access.ts";
import { choosePrincipals } from "./choosePrincipals.ts";
import { choose, reviewOf, settled, tenantOf, type EntraServices } from "./services.ts";

type Ids = "scim.entra.addApplication" | "scim.entra.createJob" | "scim.entra.assign" | "scim.entra.unassign";

/** Tutorial steps 1 to 4: the gallery application, its job, and who is assigned to it. */
export function applicationCommands(services: EntraServices): SomeHandlers<Ids> {
  const review = reviewOf(services);
  const newJob = async (client: GraphClient, application: ServicePrincipal): Promise<void> => {
    const templates = await listTemplates(client, application);
    const [only, ...others] = templates;
    const items = templates.map(({ id, description }) => ({ label: id, description: labelText(description), id }));
    const id = others.length === 0 && only !== undefined ? only.id : (await pick(items, l10n.t("The template"))).id;
    await confirmAndRun(await createJob(client, application.id, id), l10n.t("Create Job"), review);
    await services.view.reload();
  };
  return {
    "scim.entra.addApplication": async (target) => {
      const tenant = await tenantOf(services, target);
      const purposes = ["instantiateTemplate", "changeApplication", "changeSynchronization"] as const;
      const client = await services.access.client(tenant, [...readPurposes, ...purposes], "ask");
      const templateName = await input({
        title: l10n.t("Add a gallery application (1 of 2)"),
        prompt: l10n.t("The name that the application has in the gallery"),
        value: databricksTemplateName,
      });
      const template = await findTemplate(client, templateName);
      const name = await input({
        title: l10n.t("Add a gallery application (2 of 2)"),
        prompt: l10n.t("What it is called in your tenant"),
        value: templateName,
        validateInput: (text) => (text.trim() === "" ? l10n.t("It cannot be empty.") : undefined),
      });
      const application = await confirmAndRun(await addApplication(client, template, name), l10n.t("Add"), review);
      await optional(() => confirmAndRun(setAssignmentRequired(client, application.id, false), l10n.t("Set"), review));
      await newJob(client, application);
    },
    "scim.entra.createJob": async (target) => {
      const row = services.view.row(target);
      const tenant = await tenantOf(services, target);
      const client = await services.access.client(tenant, [...readPurposes, "changeSynchronization"], "ask");
      const named =
        row !== undefined && "servicePrincipalId" in row
          ? row.servicePrincipalId
          : await input({
              title: l10n.t("Create a provisioning job"),
              prompt: l10n.t("The enterprise application: its name, or the object id of its service principal"),
            });
      await newJob(client, await findApplication(client, named));
    },
    "scim.entra.assign": async (target) => {
      const { place, application, name, client } = await choose(services, target, [
        "assign",
        "readUsers",
        "readGroups",
      ]);
      const principals = await choosePrincipals(client, l10n.t("{0}: users and groups to assign", name));
      const roles = assignableRoles(application);
      const items = roles.map((role) => ({
        label: labelText(role.displayName ?? role.value ?? role.id),
        description: labelText(role.value),
        role,
      }));
      const role = items.length === 0 ? undefined : (await pick(items, l10n.t("{0}: the role", name))).role;
      const results = await confirmAndRun(assign(client, application, principals, role), l10n.t("Assign"), review);
      const failed = results.filter(({ outcome }) => outcome === "failed");
      await settled(services, place);
      const warnings = defaultAccessWarnings(await listAssignments(client, application));
      const texts = [...failed.map(({ message }) => message ?? ""), ...warnings];
      if (texts.length > 0) void vscode.window.showWarningMessage(displayText(texts.join(" "), 1000));
    },
    "scim.entra.unassign": async (target, selected) => {
      const { place, application, client } = await choose(services, target, ["assign"]);
      const known = services.tenants.details(place).assignments;
      const rows = services.view.rows(target, selected).filter((row) => row.kind === "assignment");
      const chosen = rows.flatMap(({ at }) => (known.state === "read" ? (known.value[at]?.assignment ?? []) : []));
      if (chosen.length === 0) throw new UserError(l10n.t("Choose an assignment in the Microsoft Entra view."));
      await confirmAndRun(unassign(client, application, chosen), l10n.t("Remove"), review);
      await settled(services, place);
    },
  };
}

/** A step that may be left out: calling it off goes on with the next one. */
async function optional(step: () => Promise<unknown>): Promise<void> {
  try {
    await step();
  } catch (error) {
    if (!(error instanceof CancelledError)) throw error;
  }
}

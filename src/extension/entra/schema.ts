import { readFile } from "node:fs/promises";
import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { prepareSchema, readSchema, schemaWith, writeSchema } from "../../entra/schemaEdit.ts";
import { readSettings } from "../../entra/secrets.ts";
import { jobFromSchema } from "../../job/fromSchema.ts";
import type { Job } from "../../job/job.ts";
import { parseJob } from "../../job/load.ts";
import { jobSuffix } from "../../job/paths.ts";
import { fileNameOf } from "../jobs/jobTemplate.ts";
import type { SomeHandlers } from "../platform/commandTable.ts";
import { CancelledError, UserError } from "../platform/errors.ts";
import { displayText } from "../platform/text.ts";
import { confirmAndRun, pick } from "./ask.ts";
import type { SchemaDocuments } from "./schemaDocuments.ts";
import { choose, reviewOf, settled, type EntraServices } from "./services.ts";

type Ids = "scim.entra.editSchema" | "scim.entra.writeSchema" | "scim.entra.exportSchema" | "scim.entra.importSchema";

export interface SchemaServices extends EntraServices {
  readonly schemas: SchemaDocuments;
  openJob(file: vscode.Uri): Promise<void>;
}

/** Tutorial step "Mappings": the schema as a document with its diff, to a job file, and from one. */
export function schemaCommands(services: SchemaServices): SomeHandlers<Ids> {
  const { schemas, openJob, tenants, access } = services;
  return {
    "scim.entra.editSchema": async (target) => {
      const { client, place, name } = await choose(services, target, []);
      await schemas.open(name, place, await readSchema(client, place));
    },
    "scim.entra.writeSchema": async (target) => {
      const chosen = await choose(services, typeof target === "string" ? target : schemas.active, [
        "changeSynchronization",
      ]);
      const { client, place, name } = chosen;
      await schemas.save(name, place);
      const edit = schemas.edit(place);
      if (edit === undefined)
        throw new UserError(
          l10n.t("The schema of {0} has no edit. Edit it first, or import a job file into it.", name),
        );
      const prepared = await prepareSchema(client, place, edit.base, edit.edited);
      // What will be written stands on the screen, other people's changes included, before anybody is asked.
      await schemas.open(name, place, prepared.current, prepared.text);
      const written = await confirmAndRun(writeSchema(client, place, prepared), l10n.t("Write"), reviewOf(services));
      await schemas.open(name, place, written);
      await settled(services, place);
    },
    "scim.entra.exportSchema": async (target) => {
      const { client, place, name } = await choose(services, target, []);
      const [schema, settings] = await Promise.all([
        readSchema(client, place),
        readSettings(client, place.servicePrincipalId),
      ]);
      const kinds = [
        {
          label: l10n.t("A job file"),
          detail: l10n.t("To preview, explain and review it with the local engine"),
          job: true,
        },
        {
          label: l10n.t("The schema"),
          detail: l10n.t("JSON as the portal exports it, byte for byte; a way back before edits"),
          job: false,
        },
      ];
      const { job } = await pick(kinds, l10n.t("{0}: export", name));
      if (job && settings.baseUrl === undefined)
        throw new UserError(
          l10n.t("{0} has no tenant URL yet, which a job file needs. Set its credentials first.", name),
        );
      const file = await chooseTarget(fileNameOf(name) + (job ? jobSuffix : ".schema.json"));
      if (!job) {
        await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(schema));
        await vscode.window.showTextDocument(file);
        return;
      }
      const { graphUrl } = access;
      const made = jobFromSchema(schema, {
        ...settings,
        name,
        baseUrl: settings.baseUrl ?? "",
        tenantId: tenants.tenant(place.tenant)?.id ?? place.tenant,
        servicePrincipalId: place.servicePrincipalId,
        ...(graphUrl !== "https://graph.microsoft.com" && { graphUrl }),
      });
      await vscode.workspace.fs.writeFile(
        file,
        new TextEncoder().encode(`${JSON.stringify(made.job, undefined, 2)}\n`),
      );
      await openJob(file);
      const notes = made.notes.map(({ place: where, message }) => `${where}: ${message}`);
      if (notes.length > 0) void vscode.window.showWarningMessage(displayText(notes.join(" "), 1000));
    },
    "scim.entra.importSchema": async (target) => {
      const { client, place, name } = await choose(services, target, ["changeSynchronization"]);
      const file = await chooseJobFile(name);
      const job = parseJob(await readFile(file.fsPath, "utf8"), file.fsPath);
      const live = await readSchema(client, place);
      await schemas.open(name, place, live, await schemaWith(client, place, live, exported(job)));
      void vscode.window.showInformationMessage(
        l10n.t("Nothing is sent yet. Review the difference, then write it to Microsoft Entra."),
      );
    },
  };
}

/** What of a job goes into a schema. */
const exported = ({ users, groups, scope }: Job) => ({
  users: { ...users, scope: scope.users },
  groups: { ...groups, scope: scope.groups },
});

async function chooseTarget(name: string): Promise<vscode.Uri> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const defaultUri = folder === undefined ? vscode.Uri.file(name) : vscode.Uri.joinPath(folder, name);
  const target = await vscode.window.showSaveDialog({ defaultUri, filters: { JSON: ["json"] } });
  if (target === undefined) throw new CancelledError();
  return target;
}

async function chooseJobFile(name: string): Promise<vscode.Uri> {
  const files = await vscode.workspace.findFiles(`**/*${jobSuffix}`, "**/node_modules/**", 200);
  if (files.length === 0) throw new UserError(l10n.t("The workspace holds no job file to import."));
  const items = files.map((uri) => ({ label: vscode.workspace.asRelativePath(uri), uri }));
  return (await pick(items, l10n.t("{0}: the job file whose mappings and filters it takes", name))).uri;
}

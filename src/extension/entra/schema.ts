import { readFile } from "node:fs/promises";
import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { readSchema, schemaWith, writeSchema } from "../../entra/schemaEdit.ts";
import { readSettings } from "../../entra/secrets.ts";
import { jobFromSchema } from "../../job/fromSchema.ts";
import type { Job } from "../../job/job.ts";
import { parseJob } from "../../job/load.ts";
import { jobSuffix } from "../../job/paths.ts";
import type { ThreeSides } from "../documents/threeSides.ts";
import { fileNameOf } from "../jobs/jobTemplate.ts";
import type { SomeHandlers } from "../platform/commandTable.ts";
import { CancelledError, UserError } from "../platform/errors.ts";
import { displayText } from "../platform/text.ts";
import { confirmAndRun, pick } from "./ask.ts";
import { bringTogether } from "./schemaConflict.ts";
import type { LiveSchema, SchemaDocuments } from "./schemaDocuments.ts";
import { choose, reviewOf, settled, type Chosen, type EntraServices } from "./services.ts";

type Ids =
  | "scim.entra.editMappings"
  | "scim.entra.editSchema"
  | "scim.entra.writeSchema"
  | "scim.entra.exportSchema"
  | "scim.entra.importSchema";

export interface SchemaServices extends EntraServices {
  readonly schemas: SchemaDocuments;
  readonly sides: ThreeSides;
  /** Opens the job editor. */
  openJob(file: vscode.Uri, page?: string): Promise<void>;
}

/** Tutorial step "Mappings": the schema as a mapping table and as a document with its diff, to a job file, and from one. */
export function schemaCommands(services: SchemaServices): SomeHandlers<Ids> {
  const { schemas, openJob, sides } = services;
  return {
    "scim.entra.editMappings": async (target) => {
      const chosen = await choose(services, schemas.place(target) ?? target, []);
      const row = services.view.row(target);
      const uri = await schemas.take(chosen.place, await readLive(services, chosen));
      await openJob(uri, row?.kind === "groups" || row?.kind === "scope" ? row.kind : "users");
    },
    "scim.entra.editSchema": async (target) => {
      const chosen = await choose(services, schemas.place(target) ?? target, []);
      await schemas.review(await schemas.take(chosen.place, await readLive(services, chosen)));
    },
    "scim.entra.writeSchema": async (target) => {
      const chosen = await choose(services, schemas.place(target) ?? target, ["changeSynchronization"]);
      const { client, place, name } = chosen;
      await schemas.save(place);
      const edit = await schemas.edit(place);
      if (edit === undefined)
        throw new UserError(
          l10n.t("The schema of {0} has no edit. Edit its mappings first, or import a job file into it.", name),
        );
      const prepared = await bringTogether(client, place, name, edit, sides);
      const { settings } = await readLive(services, chosen);
      // What will be written stands on the screen, other people's changes included, before anybody is asked.
      await schemas.review(await schemas.put(place, { raw: prepared.current, settings }, prepared.text));
      const written = await confirmAndRun(writeSchema(client, place, prepared), l10n.t("Write"), reviewOf(services));
      await schemas.put(place, { raw: written, settings }, written);
      await settled(services, place);
    },
    "scim.entra.exportSchema": async (target) => {
      const chosen = await choose(services, target, []);
      const { name, client, place } = chosen;
      const { raw: schema, settings } = await readLive(services, chosen);
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
      if (job && (await readSettings(client, place.servicePrincipalId)).baseUrl === undefined)
        throw new UserError(
          l10n.t("{0} has no tenant URL yet, which a job file needs. Set its credentials first.", name),
        );
      const file = await chooseTarget(fileNameOf(name) + (job ? jobSuffix : ".schema.json"));
      if (!job) {
        await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(schema));
        await vscode.window.showTextDocument(file);
        return;
      }
      const made = jobFromSchema(schema, settings);
      await vscode.workspace.fs.writeFile(
        file,
        new TextEncoder().encode(`${JSON.stringify(made.job, undefined, 2)}\n`),
      );
      await openJob(file);
      const notes = made.notes.map(({ place: where, message }) => `${where}: ${message}`);
      if (notes.length > 0) void vscode.window.showWarningMessage(displayText(notes.join(" "), 1000));
    },
    "scim.entra.importSchema": async (target) => {
      const chosen = await choose(services, target, ["changeSynchronization"]);
      const { client, place, name } = chosen;
      const file = await chooseJobFile(name);
      const job = parseJob(await readFile(file.fsPath, "utf8"), file.fsPath);
      const live = await readLive(services, chosen);
      await schemas.save(place);
      const edit = (await schemas.edit(place)) ?? { base: live.raw, edited: live.raw };
      const edited = await schemaWith(client, place, edit.edited, exported(job));
      await schemas.review(await schemas.put(place, { ...live, raw: edit.base }, edited));
      void vscode.window.showInformationMessage(
        l10n.t("Nothing is sent yet. Review the difference, then write it to Microsoft Entra."),
      );
    },
  };
}

/** Stands for the tenant URL of a job that has none yet: nothing is sent to it. */
const noTenantUrl = "https://no-tenant-url.invalid/scim";

/** Reads what the service holds of a job. */
async function readLive({ tenants, access }: EntraServices, { client, place, name }: Chosen): Promise<LiveSchema> {
  const [raw, settings] = await Promise.all([
    readSchema(client, place),
    readSettings(client, place.servicePrincipalId),
  ]);
  const { graphUrl } = access;
  return {
    raw,
    settings: {
      ...settings,
      name,
      baseUrl: settings.baseUrl ?? noTenantUrl,
      tenantId: tenants.tenant(place.tenant)?.id ?? place.tenant,
      servicePrincipalId: place.servicePrincipalId,
      ...(graphUrl !== "https://graph.microsoft.com" && { graphUrl }),
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

import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { curlOf } from "../../changes/requestText.ts";
import { resourcePath } from "../../scim/client.ts";
import type { Clients } from "../connections/clients.ts";
import type { Connection } from "../connections/connection.ts";
import type { Targets } from "../connections/targets.ts";
import { addressParts, resourceKey } from "../documents/address.ts";
import { schemes } from "../documents/schemes.ts";
import { documentText } from "../documents/documentText.ts";
import type { SomeHandlers } from "../platform/commandTable.ts";
import { UserError } from "../platform/errors.ts";
import { withViewProgress } from "../platform/progress.ts";
import { keyOf } from "../tree/rows.ts";
import type { ResourceNode } from "../tree/nodes.ts";
import type { BatchServices, EditTarget } from "./batch.ts";
import { reviseMany } from "./batch.ts";
import { pickResources } from "./picker.ts";

export interface ResourceServices extends BatchServices {
  readonly clients: Clients;
  readonly targets: Targets;
}

type Ids =
  | "scim.resource.open"
  | "scim.resource.find"
  | "scim.resource.copyId"
  | "scim.resource.copyJson"
  | "scim.resource.copyCurl"
  | "scim.resource.delete";

/** Commands of any resource: open, copy, delete. */
export function resourceCommands(services: ResourceServices): SomeHandlers<Ids> {
  const { targets, pending, resources } = services;
  const resourceRows = (row: unknown, rows: unknown): ResourceNode[] =>
    targets.rowsOrSelection(row, rows).filter((node) => node.kind === "resource");
  return {
    "scim.resource.open": async (row, rows) => {
      const nodes = resourceRows(row, rows);
      const preview = nodes.length === 1;
      for (const node of nodes) await openResource(services, targets.connectionOf([node]), targetOf(node), preview);
    },
    "scim.resource.find": async (target) => {
      const connection = await targets.connection(target);
      const [picked] = await pickResources(services.clients, connection, {
        title: l10n.t("Open a user or a group of {0}", connection.name),
        placeholder: l10n.t("A part of the name"),
        types: ["User", "Group"],
        many: false,
      });
      if (picked !== undefined) await openResource(services, connection, picked);
    },
    "scim.resource.copyId": async (row, rows) => {
      const ids = resourceRows(row, rows).flatMap(({ resourceId }) => resourceId ?? []);
      await copy(ids.join("\n"));
    },
    "scim.resource.copyJson": async (row, rows) => {
      const nodes = resourceRows(row, rows);
      const texts: string[] = [];
      for (const node of nodes) texts.push(await jsonOf(services, node));
      await copy(texts.length === 1 ? (texts[0] ?? "") : `[\n${texts.map((text) => text.trimEnd()).join(",\n")}\n]\n`);
    },
    "scim.resource.copyCurl": async (row, rows) => {
      const commands = resourceRows(row, rows).flatMap(({ baseUrl, resourceType, resourceId }) =>
        resourceId === undefined
          ? []
          : curlOf({ method: "GET", path: resourcePath(resourceType, resourceId) }, baseUrl),
      );
      await copy(commands.join("\n"));
    },
    "scim.resource.delete": async (row, rows) => {
      const nodes = resourceRows(row, rows).filter((node) => !node.readOnly);
      if (nodes.length === 0) throw new UserError(l10n.t("Select users or groups to delete first."));
      await reviseMany(
        { resources, pending, tell: services.tell },
        targets.connectionOf(nodes),
        nodes.map(targetOf),
        "delete",
      );
    },
  };
}

/** The resource of a row, for an edit. */
export const targetOf = (node: ResourceNode): EditTarget => ({
  resourceType: node.resourceType,
  name: node.name || node.key,
  ...(node.resourceId === undefined ? { draft: node.draft ?? "" } : { id: node.resourceId }),
});

/** Opens the document of a resource, read anew when nothing is pending for it; its tab carries the name. */
export async function openResource(
  services: Pick<ResourceServices, "pending" | "resources">,
  connection: Connection,
  target: Pick<EditTarget, "resourceType" | "id" | "draft">,
  preview = true,
): Promise<void> {
  const { pending, resources } = services;
  const { resourceType, id } = target;
  const held = pending.get(connection.baseUrl, resourceKey(target));
  const document =
    held?.change.before ??
    held?.change.after ??
    (await withViewProgress("scim.connections", () => resources.read(connection, resourceType, id ?? "")));
  const name = keyOf(resourceType, document);
  const parts = addressParts({ ...target, connection: connection.name, name });
  const uri = vscode.Uri.from({ scheme: schemes.pending, ...parts });
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview });
}

async function jsonOf({ pending, resources, targets }: ResourceServices, node: ResourceNode): Promise<string> {
  const connection = targets.connectionOf([node]);
  const held = pending.get(connection.baseUrl, resourceKey(targetOf(node)));
  const { schema } = await resources.context(connection, node.resourceType);
  if (held?.wanted !== undefined) return documentText(held.wanted, schema);
  return documentText(await resources.stored(connection, node.resourceType, node.resourceId ?? ""), schema);
}

async function copy(text: string): Promise<void> {
  if (text === "") throw new UserError(l10n.t("Select users or groups first."));
  await vscode.env.clipboard.writeText(text);
}

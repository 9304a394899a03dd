import { randomUUID } from "node:crypto";
import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { withValueAt } from "../../changes/attributePath.ts";
import type { ScimDocument } from "../../scim/resource.ts";
import { urns } from "../../scim/resource.ts";
import { edit } from "../changes/edits.ts";
import type { Connection } from "../connections/connection.ts";
import type { SomeHandlers } from "../platform/commandTable.ts";
import { CancelledError } from "../platform/errors.ts";
import type { ResourceNode } from "../tree/nodes.ts";
import type { EditTarget } from "./batch.ts";
import { refuseReadOnly, reviseMany } from "./batch.ts";
import { withMembers } from "./members.ts";
import { pickResources } from "./picker.ts";
import type { ResourceServices } from "./resourceCommands.ts";
import { openResource, targetOf } from "./resourceCommands.ts";

type Ids = "scim.user.create" | "scim.user.activate" | "scim.user.deactivate" | "scim.user.addToGroup";

/** Commands of users. Each makes pending changes; nothing is sent. */
export function userCommands(services: ResourceServices): SomeHandlers<Ids> {
  const { targets } = services;
  const setActive = async (row: unknown, rows: unknown, active: boolean): Promise<void> => {
    const title = active ? l10n.t("Activate users") : l10n.t("Deactivate users");
    const { connection, users } = await chosenUsers(services, row, rows, title);
    await reviseMany(services, connection, users, (current) => withValueAt(current, "active", active));
  };
  return {
    "scim.user.create": async (row) => {
      const connection = await targets.connection(row, ({ readOnly }) => readOnly !== true);
      refuseReadOnly(connection);
      const userName = await askName(
        l10n.t("Create a user in {0}", connection.name),
        l10n.t("User name, often the e-mail address"),
      );
      const document = { schemas: [urns.user], userName, active: true };
      await createResource(services, connection, "User", "userName", userName, document);
    },
    "scim.user.activate": (row, rows) => setActive(row, rows, true),
    "scim.user.deactivate": (row, rows) => setActive(row, rows, false),
    "scim.user.addToGroup": async (row, rows) => {
      const { connection, users } = await chosenUsers(services, row, rows, l10n.t("Add users to groups"));
      const stored = users.filter(({ id }) => id !== undefined);
      const groups = await pickResources(services.clients, connection, {
        title:
          stored.length === 1
            ? l10n.t("Add {0} to groups", stored[0]?.name ?? "")
            : l10n.t("Add {0} users to groups", stored.length),
        placeholder: l10n.t("A part of the group name"),
        types: ["Group"],
        many: true,
      });
      const members = stored.map(({ id, name, resourceType }) => ({ id: id ?? "", name, resourceType }));
      await reviseMany(services, connection, groups, (group) => withMembers(group, members));
    },
  };
}

/** The users that a command was called on, or those that the person finds. */
async function chosenUsers(
  services: ResourceServices,
  row: unknown,
  rows: unknown,
  title: string,
): Promise<{ readonly connection: Connection; readonly users: readonly EditTarget[] }> {
  const nodes = services.targets
    .rowsOrSelection(row, rows)
    .filter((node): node is ResourceNode => node.kind === "resource" && node.resourceType !== "Group");
  if (nodes.length > 0) return { connection: services.targets.connectionOf(nodes), users: nodes.map(targetOf) };
  const connection = await services.targets.connection(undefined, ({ readOnly }) => readOnly !== true);
  refuseReadOnly(connection);
  const placeholder = l10n.t("A part of the user name");
  const picked = await pickResources(services.clients, connection, { title, placeholder, types: ["User"], many: true });
  return { connection, users: picked };
}

/** Asks for a name that is not empty. @throws CancelledError */
export async function askName(title: string, prompt: string, value = ""): Promise<string> {
  const name = await vscode.window.showInputBox({
    title,
    prompt,
    value,
    ignoreFocusOut: true,
    validateInput: (text) => (text.trim() === "" ? l10n.t("Nothing is entered.") : undefined),
  });
  if (name === undefined) throw new CancelledError();
  return name.trim();
}

/** Makes the creation of a resource pending and opens its document; one that exists already is opened instead, on wish. */
export async function createResource(
  services: ResourceServices,
  connection: Connection,
  resourceType: "User" | "Group",
  attribute: string,
  name: string,
  document: ScimDocument,
): Promise<void> {
  const [known] = await services.clients.client(connection).findByAttribute(resourceType, attribute, name);
  if (known !== undefined) {
    const open = l10n.t("Open");
    const message = l10n.t("{0} exists already in {1}.", name, connection.name);
    if ((await vscode.window.showWarningMessage(message, open)) === open)
      await openResource(services, connection, { resourceType, id: known.id });
    return;
  }
  const draft = randomUUID();
  const editable = await services.resources.editable(connection, { resourceType, draft });
  edit(services.pending, editable, document);
  await openResource(services, connection, { resourceType, draft }, false);
}

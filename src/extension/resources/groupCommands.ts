import * as l10n from "@vscode/l10n";
import { withValueAt } from "../../changes/attributePath.ts";
import { urns } from "../../scim/resource.ts";
import type { Connection } from "../connections/connection.ts";
import type { SomeHandlers } from "../platform/commandTable.ts";
import { UserError } from "../platform/errors.ts";
import type { ResourceNode } from "../tree/nodes.ts";
import type { EditTarget } from "./batch.ts";
import { refuseReadOnly, reviseMany } from "./batch.ts";
import { removalsOf, withMembers, withoutMembers } from "./members.ts";
import { pickResources } from "./picker.ts";
import type { ResourceServices } from "./resourceCommands.ts";
import { targetOf } from "./resourceCommands.ts";
import { askName, createResource } from "./userCommands.ts";

type Ids = "scim.group.create" | "scim.group.rename" | "scim.group.addMembers" | "scim.group.removeMembers";

/** Commands of groups. Each makes pending changes; nothing is sent. */
export function groupCommands(services: ResourceServices): SomeHandlers<Ids> {
  const { targets, clients } = services;
  return {
    "scim.group.create": async (row) => {
      const connection = await targets.connection(row, ({ readOnly }) => readOnly !== true);
      refuseReadOnly(connection);
      const displayName = await askName(l10n.t("Create a group in {0}", connection.name), l10n.t("Name of the group"));
      const document = { schemas: [urns.group], displayName };
      await createResource(services, connection, "Group", "displayName", displayName, document);
    },
    "scim.group.rename": async (row, rows) => {
      const { connection, group } = await oneGroup(services, row, rows, l10n.t("Rename a group"));
      const name = await askName(l10n.t("Rename {0}", group.name), l10n.t("New name of the group"), group.name);
      await reviseMany(services, connection, [group], (current) => withValueAt(current, "displayName", name));
    },
    "scim.group.addMembers": async (row, rows) => {
      const { connection, group } = await oneGroup(services, row, rows, l10n.t("Add members to a group"));
      const picked = await pickResources(clients, connection, {
        title: l10n.t("Add members to {0}", group.name),
        placeholder: l10n.t("A part of the name"),
        types: ["User", "Group"],
        many: true,
        accept: ({ resourceType, id }) => resourceType !== "Group" || id !== group.id,
      });
      await reviseMany(services, connection, [group], (current) => withMembers(current, picked));
    },
    "scim.group.removeMembers": async (row, rows) => {
      const nodes = targets.rowsOrSelection(row, rows).filter((node) => node.kind === "resource");
      const removals = removalsOf(nodes);
      if (removals.size === 0)
        throw new UserError(l10n.t("Open a group in the view and select the members to remove."));
      const connection = targets.connectionOf(nodes);
      const groups = [...removals.keys()].map((id): EditTarget => ({
        resourceType: "Group",
        id,
        name: nameOf(nodes, id),
      }));
      await reviseMany(services, connection, groups, (current, { id }) =>
        withoutMembers(current, removals.get(id ?? "") ?? new Set()),
      );
    },
  };
}

const nameOf = (nodes: readonly ResourceNode[], id: string): string =>
  nodes.find(({ resourceId }) => resourceId === id)?.name ?? l10n.t("The group");

async function oneGroup(
  services: ResourceServices,
  row: unknown,
  rows: unknown,
  title: string,
): Promise<{ readonly connection: Connection; readonly group: EditTarget }> {
  const [node] = services.targets
    .rowsOrSelection(row, rows)
    .filter((each): each is ResourceNode => each.kind === "resource" && each.resourceType === "Group");
  if (node !== undefined) return { connection: services.targets.connectionOf([node]), group: targetOf(node) };
  const connection = await services.targets.connection(undefined, ({ readOnly }) => readOnly !== true);
  const [picked] = await pickResources(services.clients, connection, {
    title,
    placeholder: l10n.t("A part of the group name"),
    types: ["Group"],
    many: false,
  });
  if (picked === undefined) throw new UserError(l10n.t("No group is chosen."));
  return { connection, group: picked };
}

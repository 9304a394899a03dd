import * as l10n from "@vscode/l10n";
import type { ResourceType } from "../../scim/resource.ts";
import { addressParts } from "../documents/address.ts";
import type { ResourceAddress, UriParts } from "../documents/address.ts";
import { count, displayText } from "../platform/text.ts";
import type { ConnectionNode, ResourceNode, SectionNode, TreeNode } from "./nodes.ts";

/** A row as it is drawn: what a `TreeItem` needs, without VS Code. */
export interface RenderedRow {
  readonly label: string;
  readonly description?: string;
  readonly tooltip: string;
  /** A codicon, and the theme colour that it takes. */
  readonly icon?: string;
  readonly iconColor?: string;
  readonly expandable: "none" | "collapsed" | "expanded";
  /** Tags joined by dots; menus match them as `/\.tag\b/`. */
  readonly context: string;
  /** Where the row's document is; decorations follow it. A fragment `inactive` dims the row. */
  readonly resource?: UriParts & { readonly fragment: string };
  /** What a click does. */
  readonly command?: { readonly id: string; readonly title: string };
  /** What a screen reader says, where the label alone would not do. */
  readonly accessible?: string;
}

export const collectionNames = (): Readonly<Record<ResourceType, string>> => ({
  User: l10n.t("Users"),
  Group: l10n.t("Groups"),
  ServicePrincipal: l10n.t("Service principals"),
});

const resourceIcons: Readonly<Record<ResourceType, string>> = {
  User: "account",
  Group: "organization",
  ServicePrincipal: "server-process",
};

/** The address of the document of a row. */
export function addressOf(node: ResourceNode): ResourceAddress {
  return {
    connection: node.connection,
    resourceType: node.resourceType,
    name: node.key,
    ...(node.resourceId === undefined ? { draft: node.draft ?? "" } : { id: node.resourceId }),
  };
}

/** Draws a row. Pure: the same node always looks the same. */
export function renderNode(node: TreeNode): RenderedRow {
  switch (node.kind) {
    case "connection":
      return renderConnection(node);
    case "collection": {
      const label = collectionNames()[node.resourceType];
      const total = node.total === undefined ? undefined : count(node.total);
      const filter = node.filter && displayText(node.filter.search ?? node.filter.filter, 60);
      const description = filter === undefined ? total : total === undefined ? filter : `${total} · ${filter}`;
      return {
        label,
        ...(description === undefined ? {} : { description }),
        tooltip:
          node.filter === undefined
            ? label
            : l10n.t("{0} that match {1}", label, displayText(node.filter.filter, 1000)),
        icon: node.filter === undefined ? resourceIcons[node.resourceType] : "filter-filled",
        expandable: "collapsed",
        context: `collection.${node.resourceType}.${node.readOnly ? "locked" : "writable"}${node.filter === undefined ? "" : ".filtered"}`,
      };
    }
    case "resource":
      return renderResource(node);
    case "section": {
      const label = sectionNames()[node.section];
      const icon = node.section === "groups" ? "organization" : node.section === "roles" ? "shield" : "key";
      const description = count(node.count);
      return { label, description, tooltip: label, icon, expandable: "collapsed", context: "section" };
    }
    case "value":
      return {
        label: displayText(node.value),
        tooltip: displayText(node.value, 1000),
        icon: node.section === "roles" ? "shield" : "key",
        expandable: "none",
        context: `value.${node.section}`,
      };
    case "more": {
      const label = node.loading ? l10n.t("Loading…") : l10n.t("Load more…");
      return {
        label,
        ...(node.left === undefined ? {} : { description: l10n.t("{0} left", count(node.left)) }),
        tooltip: l10n.t("Load the next rows"),
        icon: node.loading ? "loading~spin" : "ellipsis",
        expandable: "none",
        context: "more",
        ...(node.loading ? {} : { command: { id: "scim.tree.loadMore", title: label } }),
      };
    }
    case "message":
      return {
        // What to do stands first: a narrow view cuts the end.
        ...(node.action === undefined ? { label: node.text } : { label: node.action.title, description: node.text }),
        tooltip: [node.text, node.detail].filter((line) => line !== undefined).join("\n"),
        icon: messageIcons[node.tone],
        ...(node.tone === "empty" ? {} : { iconColor: "list.warningForeground" }),
        expandable: "none",
        context: `message.${node.tone}`,
        ...(node.action === undefined ? {} : { command: { id: node.action.command, title: node.action.title } }),
      };
  }
}

const messageIcons = { empty: "info", error: "warning", offline: "debug-disconnect", refused: "key" } as const;

const sectionNames = (): Readonly<Record<SectionNode["section"], string>> => ({
  groups: l10n.t("Groups"),
  entitlements: l10n.t("Entitlements"),
  roles: l10n.t("Roles"),
});

function renderConnection({ connection, pending, trouble }: ConnectionNode): RenderedRow {
  const label = displayText(connection.name);
  const host = new URL(connection.baseUrl).host;
  const notes = [
    trouble === undefined ? undefined : troubleWords()[trouble.kind],
    pending === 0 ? undefined : l10n.t("{0} pending", count(pending)),
    connection.production === true ? l10n.t("production") : undefined,
    connection.readOnly === true ? l10n.t("read-only") : undefined,
  ].filter((note) => note !== undefined);
  const description = notes.length > 0 ? notes.join(", ") : host;
  const tags = [
    connection.origin,
    connection.production === true ? "production" : "nonproduction",
    connection.readOnly === true ? "readonly" : "writable",
    ...(trouble === undefined ? [] : [trouble.kind]),
    ...(pending > 0 ? ["pending"] : []),
  ];
  return {
    label,
    description,
    tooltip: [label, connection.baseUrl, ...notes, trouble?.message].filter((line) => line !== undefined).join("\n"),
    icon: trouble !== undefined ? "warning" : connectionIcon(connection),
    ...(trouble === undefined ? {} : { iconColor: "list.warningForeground" }),
    expandable: "collapsed",
    context: `connection.${tags.join(".")}`,
    accessible: `${label}, ${description}`,
  };
}

const connectionIcon = (connection: ConnectionNode["connection"]): string =>
  connection.origin === "sandbox" ? "beaker" : connection.production === true ? "lock" : "plug";

const troubleWords = () => ({
  noToken: l10n.t("token missing"),
  refused: l10n.t("token refused"),
  forbidden: l10n.t("not allowed"),
  offline: l10n.t("offline"),
  error: l10n.t("error"),
});

function renderResource(node: ResourceNode): RenderedRow {
  const label = displayText(node.name) || displayText(node.key) || (node.resourceId ?? "");
  const key = displayText(node.key);
  const details = [
    node.inactive ? l10n.t("inactive") : undefined,
    node.members === undefined ? undefined : memberCount(node.members),
    key === label || key === "" || node.inactive ? undefined : key,
  ].filter((detail) => detail !== undefined);
  const tags: string[] = [node.resourceType, node.inactive ? "inactive" : "active"];
  tags.push(node.resourceId === undefined ? "draft" : "stored", node.readOnly ? "locked" : "writable");
  if (node.pending !== undefined) tags.push("changed", node.pending);
  if (node.via?.resourceType === "Group") tags.push("member");
  if (node.via?.resourceType === "User") tags.push("membership");
  const icon = node.inactive ? "circle-slash" : resourceIcons[node.resourceType];
  const pending = node.pending === undefined ? undefined : pendingWords()[node.pending];
  return {
    label,
    ...(details.length === 0 ? {} : { description: details.join(", ") }),
    tooltip: [label, key === label ? undefined : key, node.resourceId && `id ${node.resourceId}`, pending]
      .filter((line) => line !== undefined)
      .join("\n"),
    icon,
    expandable: node.resourceId === undefined || node.resourceType === "ServicePrincipal" ? "none" : "collapsed",
    context: `resource.${tags.join(".")}`,
    resource: { ...addressParts(addressOf(node)), fragment: node.inactive ? "inactive" : "" },
    command: { id: "scim.resource.open", title: l10n.t("Open") },
    accessible: [label, ...details, pending].filter((part) => part !== undefined).join(", "),
  };
}

export const memberCount = (members: number): string =>
  members === 1 ? l10n.t("1 member") : l10n.t("{0} members", count(members));

export const pendingWords = () => ({
  create: l10n.t("Will be created"),
  update: l10n.t("Will be updated"),
  deactivate: l10n.t("Will be inactive"),
  delete: l10n.t("Will be deleted"),
});

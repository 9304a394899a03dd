import * as l10n from "@vscode/l10n";
import type { ResourceType } from "../../scim/resource.ts";
import type { ConnectionProblem } from "../connections/connection.ts";
import type { ConnectionTrouble } from "../connections/trouble.ts";
import type { MessageNode, MoreNode, NodeId } from "./nodes.ts";
import { childId } from "./nodes.ts";

/** An entry of the setting that cannot be used, in the place of its connection. */
export const problemRow = ({ position, name, message: text }: ConnectionProblem): MessageNode => ({
  kind: "message",
  id: `problem:${position}`,
  tone: "error",
  text: l10n.t("{0} in the setting scim.connections cannot be used", name ?? l10n.t("Entry {0}", position)),
  detail: text,
  action: { command: "scim.connection.openSettings", title: l10n.t("Open Settings") },
});

/** What keeps the rows of a parent from being read, and the command that mends it. */
export function troubleRow(parent: NodeId, trouble: ConnectionTrouble): MessageNode {
  const replace = trouble.kind === "noToken" || trouble.kind === "refused";
  const text = {
    noToken: l10n.t("The token is not stored on this machine"),
    refused: l10n.t("The service refused the token"),
    forbidden: l10n.t("The token may not read this"),
    offline: l10n.t("The service cannot be reached"),
    error: l10n.t("This could not be read"),
  }[trouble.kind];
  const tone = replace ? "refused" : trouble.kind === "offline" ? "offline" : "error";
  const action = replace
    ? ({ command: "scim.connection.replaceToken", title: l10n.t("Replace Token…") } as const)
    : ({ command: "scim.tree.refresh", title: l10n.t("Try Again") } as const);
  return { ...message(parent, tone, text), detail: trouble.message, action };
}

/** Says that a list holds nothing, or nothing that matches. */
export function emptyList(parent: NodeId, type: ResourceType, isFiltered: boolean): MessageNode {
  const texts = {
    User: l10n.t("No users"),
    Group: l10n.t("No groups"),
    ServicePrincipal: l10n.t("No service principals"),
  };
  return message(parent, "empty", isFiltered ? l10n.t("Nothing matches") : texts[type]);
}

/** Says that a group has no members, or a person neither groups nor entitlements. */
export const emptyResource = (parent: NodeId, type: ResourceType): MessageNode =>
  message(parent, "empty", type === "Group" ? l10n.t("No members") : l10n.t("In no group, without entitlements"));

/** Stands for the rows that are not loaded yet. */
export const moreRow = (parent: NodeId, left: number | undefined, loading: boolean): MoreNode => ({
  kind: "more",
  id: childId(parent, "more"),
  parent,
  loading,
  ...(left === undefined ? {} : { left }),
});

const message = (parent: NodeId, tone: MessageNode["tone"], text: string): MessageNode => ({
  kind: "message",
  id: childId(parent, `message:${tone}`),
  parent,
  tone,
  text,
});

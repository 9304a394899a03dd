import * as z from "zod";
import * as l10n from "@vscode/l10n";
import { odataQuery, odataText, type GraphClient } from "../../graph/client.ts";
import { directoryObject } from "../../graph/types/directory.ts";
import { displayText } from "../platform/text.ts";
import { input, pick, pickMany } from "./ask.ts";

/** A user or group of the tenant. */
export interface Principal {
  readonly id: string;
  readonly type: "User" | "Group";
  readonly name: string;
  readonly detail: string;
}

const page = z.looseObject({ value: z.array(directoryObject) });
/** Most that a search shows of users, and of groups; a longer word narrows it. */
const most = 25;

/** Users and groups whose name, or user principal name, begins with a text. @throws GraphError, HttpError */
export async function findPrincipals(client: GraphClient, text: string, signal?: AbortSignal): Promise<Principal[]> {
  const word = odataText(text);
  const users = odataQuery({
    $filter: `startswith(displayName,${word}) or startswith(userPrincipalName,${word})`,
    $select: "id,displayName,userPrincipalName",
    $top: most,
  });
  const groups = odataQuery({ $filter: `startswith(displayName,${word})`, $select: "id,displayName", $top: most });
  const [people, teams] = await Promise.all([
    client.get(`/users${users}`, "readUsers", page, { signal }),
    client.get(`/groups${groups}`, "readGroups", page, { signal }),
  ]);
  return [
    ...people.value.map((user): Principal => ({
      id: user.id,
      type: "User",
      name: user.displayName ?? user.userPrincipalName ?? user.id,
      detail: user.userPrincipalName ?? "",
    })),
    ...teams.value.map((group): Principal => ({
      id: group.id,
      type: "Group",
      name: group.displayName ?? group.id,
      detail: l10n.t("group"),
    })),
  ];
}

/** The direct members of a group that are users: what the service provisions with it. */
export async function membersOf(client: GraphClient, groupId: string): Promise<Principal[]> {
  const path = `/groups/${encodeURIComponent(groupId)}/members/microsoft.graph.user${odataQuery({ $select: "id,displayName,userPrincipalName", $top: 100 })}`;
  const { value } = await client.get(path, "readGroups", page);
  return value.map((user) => ({
    id: user.id,
    type: "User",
    name: user.displayName ?? user.userPrincipalName ?? user.id,
    detail: user.userPrincipalName ?? "",
  }));
}

/** Searches until something is found. @throws CancelledError */
async function search(client: GraphClient, title: string): Promise<Principal[]> {
  let prompt = l10n.t("How the name, or the user principal name, begins.");
  for (;;) {
    const text = await input({
      title,
      prompt,
      validateInput: (value) => (value.trim() === "" ? l10n.t("Type the beginning of a name.") : undefined),
    });
    const found = await findPrincipals(client, text);
    if (found.length > 0) return found;
    prompt = l10n.t("No user or group begins with {0}. Type another beginning.", displayText(text, 60));
  }
}

const itemOf = (principal: Principal) => ({
  label: displayText(principal.name),
  description: displayText(principal.detail),
  principal,
});

export async function choosePrincipal(client: GraphClient, title: string): Promise<Principal> {
  const items = (await search(client, title)).map(itemOf);
  return (await pick(items, title)).principal;
}

export async function choosePrincipals(client: GraphClient, title: string): Promise<readonly Principal[]> {
  const items = (await search(client, title)).map(itemOf);
  return (await pickMany(items, title)).map(({ principal }) => principal);
}

/** Members of a group to go along, a few of many. */
export async function chooseMembers(client: GraphClient, groupId: string, title: string): Promise<readonly string[]> {
  const members = await membersOf(client, groupId);
  if (members.length === 0) return [];
  const chosen = await pickMany(members.map(itemOf), title);
  return chosen.map(({ principal }) => principal.id);
}

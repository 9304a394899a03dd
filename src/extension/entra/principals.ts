import * as z from "zod";
import * as l10n from "@vscode/l10n";
import { odataQuery, odataText, type GraphClient } from "../../graph/client.ts";
import { directoryObject } from "../../graph/types/directory.ts";

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
/** Most members that a choice shows. */
export const membersShown = 100;

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

/** The first direct members of a group that are users: what the service provisions with it. */
export async function membersOf(client: GraphClient, groupId: string): Promise<Principal[]> {
  const path = `/groups/${encodeURIComponent(groupId)}/members/microsoft.graph.user${odataQuery({ $select: "id,displayName,userPrincipalName", $top: membersShown })}`;
  const { value } = await client.get(path, "readGroups", page);
  return value.map((user) => ({
    id: user.id,
    type: "User",
    name: user.displayName ?? user.userPrincipalName ?? user.id,
    detail: user.userPrincipalName ?? "",
  }));
}

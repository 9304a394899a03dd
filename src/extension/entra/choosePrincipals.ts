import * as l10n from "@vscode/l10n";
import type { GraphClient } from "../../graph/client.ts";
import { displayText, labelText } from "../platform/text.ts";
import { input, pick, pickMany } from "./ask.ts";
import { findPrincipals, membersOf, membersShown, type Principal } from "./principals.ts";

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
  label: labelText(principal.name),
  description: labelText(principal.detail),
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
  const shown = members.length < membersShown ? title : l10n.t("{0} (the first {1} members)", title, membersShown);
  const chosen = await pickMany(members.map(itemOf), shown);
  return chosen.map(({ principal }) => principal.id);
}

import type { DirectoryGroup, DirectoryUser } from "../../../directory/source.ts";
import { sourceName } from "../../../provisioning/sourceName.ts";
import { displayText } from "../../platform/text.ts";
import type { Person } from "../messages/previews.ts";

/** Most people that a list shows at once. */
export const listLimit = 50;

type Source = DirectoryUser | DirectoryGroup;

/** An object of the directory as lists show it: its name first, then what tells it from others of that name. */
export function personOf(source: Source): Person {
  const { displayName, userPrincipalName } = source.attributes;
  return {
    id: source.id,
    name: displayText(textOr(displayName, sourceName(source))),
    detail: displayText(textOr(userPrincipalName, source.id)),
  };
}

const textOr = (value: unknown, otherwise: string): string =>
  typeof value === "string" && value.trim() !== "" ? value : otherwise;

/** The objects whose name, user name, mail address or id holds the text, whatever its case; all for an empty text. */
export function searchPeople(sources: readonly Source[], text: string): { people: Person[]; total: number } {
  const people: Person[] = [];
  let total = 0;
  const wanted = text.trim().toLowerCase();
  for (const source of sources) {
    if (!matches(source, wanted)) continue;
    total++;
    if (people.length < listLimit) people.push(personOf(source));
  }
  return { people, total };
}

const searched = ["displayName", "userPrincipalName", "mail"];

/** @param wanted in lower case. */
export function matches(source: Source, wanted: string): boolean {
  if (wanted === "") return true;
  if (source.id.toLowerCase() === wanted) return true;
  return searched.some((name) => {
    const value = source.attributes[name];
    return typeof value === "string" && value.toLowerCase().includes(wanted);
  });
}

import * as z from "zod";
import type { Change, ChangeAction } from "../../changes/change.ts";
import { changeSummary } from "../../changes/describe.ts";
import { endpoints } from "../../scim/resource.ts";
import type { UriParts } from "../documents/address.ts";
import { displayText } from "../platform/text.ts";
import { memberCount } from "../tree/render.ts";

/**
 * Scheme of the rows of the Source Control view. VS Code draws a row from its URI alone: the last segment of the path as the
 * name, and beside it the folder as the manifest's `resourceLabelFormatters` writes it: `detail` of the query. The folder
 * `SCIM Users` or `SCIM Groups` gives the icon, by the manifest's `languages`.
 */
export const rowScheme = "scim-change";

/** The URI of a row: a person's or group's name, and what happens to them in a few words. */
export function rowParts(change: Change, key: string): UriParts & { readonly scheme: string } {
  const name = displayText(rowName(change)).replaceAll("/", "\u2215");
  return {
    scheme: rowScheme,
    path: `/SCIM ${endpoints[change.resourceType]}/${name}`,
    query: JSON.stringify({ detail: displayText(rowDetail(change)), action: change.action, key }),
  };
}

const query = z.object({ action: z.enum(["create", "update", "deactivate", "delete"]) });

/** What the change of a row does. */
export function rowAction(uri: UriParts): ChangeAction | undefined {
  try {
    return query.parse(JSON.parse(uri.query)).action;
  } catch {
    return undefined;
  }
}

function rowName({ name, before, after }: Change): string {
  const display = (after ?? before)?.["displayName"];
  return typeof display === "string" && display.trim() !== "" ? display : name;
}

/** What stands beside the name: what changes, or why it goes, or what tells it from others of that name. */
function rowDetail(change: Change): string {
  const { action, reason, sourceId, resourceType, before, after, name } = change;
  if (action === "update") return changeSummary(change);
  const planned = sourceId !== undefined;
  if (action !== "create" && planned && reason !== "") return reason.replace(/\.$/, "");
  const members = (after ?? before)?.["members"];
  // Groups of a list come without their members.
  if (resourceType === "Group") return Array.isArray(members) ? memberCount(members.length) : "";
  return name === rowName(change) ? "" : name;
}

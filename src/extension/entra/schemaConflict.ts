import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { GraphClient } from "../../graph/client.ts";
import { SchemaConflictError } from "../../entra/entraError.ts";
import type { Decisions, MergeConflict } from "../../entra/mergeJson.ts";
import { prepareSchema, type SchemaEdit } from "../../entra/schemaEdit.ts";
import type { ThreeSides } from "../documents/threeSides.ts";
import { CancelledError } from "../platform/errors.ts";
import { displayText, labelText } from "../platform/text.ts";
import type { EntraJobPlace } from "./model.ts";
import { indented } from "./schemaDocuments.ts";

/**
 * Brings an edit onto what the service has now. Where somebody else changed the same places, the three sides are shown, and the
 * person decides for each.
 *
 * @throws CancelledError when the person does not decide, and what {@link prepareSchema} throws
 */
export async function bringTogether(
  client: GraphClient,
  place: EntraJobPlace,
  name: string,
  { base, edited }: { readonly base: string; readonly edited: string },
  sides: ThreeSides,
): Promise<SchemaEdit> {
  let decided: Decisions = new Map();
  for (;;) {
    try {
      return await prepareSchema(client, place, base, edited, { decided });
    } catch (error) {
      if (!(error instanceof SchemaConflictError)) throw error;
      await sides.show(displayText(name, 60), indented(base), indented(error.current), indented(edited));
      decided = new Map([...decided, ...(await decide(name, error.conflicts))]);
    }
  }
}

async function decide(name: string, conflicts: readonly MergeConflict[]): Promise<Decisions> {
  const items = conflicts.map(({ place, ours, theirs }) => ({
    label: labelText(shortPlace(place), 120),
    description: labelText(objectOf(place)),
    detail: l10n.t("yours: {0}   in the service: {1}", shortValue(ours), shortValue(theirs)),
    place,
  }));
  const picked = await vscode.window.showQuickPick(items, {
    title: l10n.t("{0}: somebody else changed its schema", name),
    placeHolder: l10n.t("Tick where your value is to win; the rest stays"),
    canPickMany: true,
    ignoreFocusOut: true,
  });
  if (picked === undefined) throw new CancelledError();
  const mine = new Set(picked.map(({ place }) => place));
  return new Map(conflicts.map(({ place }) => [place, mine.has(place) ? "ours" : "theirs"]));
}

/** The last two steps say which row and what of it. */
const shortPlace = (place: string): string => place.split(" › ").slice(-2).join(" › ");

/** What the row is of: `User`, `Group`. */
function objectOf(place: string): string {
  const steps = place.split(" › ");
  return steps[steps.indexOf("objectMappings") + 1] ?? "";
}

/** A value in few words: of a source, its expression. */
function shortValue(value: unknown): string {
  if (value === undefined) return l10n.t("removed");
  if (value === null || value === "") return l10n.t("empty");
  const expression: unknown = typeof value === "object" ? Reflect.get(value, "expression") : undefined;
  const text = typeof expression === "string" ? expression : typeof value === "string" ? value : JSON.stringify(value);
  return displayText(text, 60);
}

import * as l10n from "@vscode/l10n";
import type { ServicePrincipal } from "../../graph/types/applications.ts";
import type { GraphClient } from "../../graph/client.ts";
import type { Purpose } from "../../graph/permissions.ts";
import type { ReadOnlyDocuments } from "../documents/readOnlyDocuments.ts";
import type { LogPanels } from "../log/logPanels.ts";
import { UserError } from "../platform/errors.ts";
import { displayText, labelText } from "../platform/text.ts";
import { pick, type StepReview } from "./ask.ts";
import type { EntraAccess } from "./access.ts";
import { readPurposes } from "./access.ts";
import type { EntraJobPlace } from "./model.ts";
import type { EntraTenants } from "./tenants.ts";
import type { EntraView } from "./view/entraView.ts";

/** What the commands of the Entra view stand on. */
export interface EntraServices {
  readonly access: EntraAccess;
  readonly tenants: EntraTenants;
  readonly view: EntraView;
  readonly documents: ReadOnlyDocuments;
  readonly logs: LogPanels;
}

/** A job that a command is about, with a client that may do what the command needs. */
export interface Chosen {
  readonly place: EntraJobPlace;
  readonly application: ServicePrincipal;
  /** What people call it: the name of the application. */
  readonly name: string;
  readonly client: GraphClient;
}

export const reviewOf = ({ access, documents }: EntraServices): StepReview => ({
  documents,
  graphUrl: access.graphUrl,
});

/**
 * The job of a row, the only one, or the one that the person picks; the sign-in asks for the permissions that the command needs.
 * @throws CancelledError, UserError, and what a sign-in throws
 */
export async function choose(services: EntraServices, target: unknown, purposes: readonly Purpose[]): Promise<Chosen> {
  const place = await placeOf(services, target);
  const client = await services.access.client(place.tenant, [...readPurposes, ...purposes], "ask");
  const known = () => services.tenants.application(place.tenant, place.servicePrincipalId)?.servicePrincipal;
  // A document can outlive what the view has read.
  if (known() === undefined) await services.view.reload();
  const application = known();
  if (application === undefined)
    throw new UserError(l10n.t("This application has no provisioning any more, or it cannot be read."));
  return { place, application, name: displayText(application.displayName ?? application.id), client };
}

async function placeOf({ tenants, view }: EntraServices, target: unknown): Promise<EntraJobPlace> {
  const row = view.row(target);
  if (row !== undefined && "jobId" in row) return row;
  if (tenants.places().length === 0) await view.reload("ask");
  const all = tenants.places();
  const within =
    row?.kind === "application" ? all.filter((place) => place.servicePrincipalId === row.servicePrincipalId) : all;
  const [only, ...others] = within;
  if (only === undefined)
    throw new UserError(
      l10n.t("There is no provisioning job here. Add a gallery application, or create its job, first."),
    );
  if (others.length === 0) return only;
  const items = within.map((place) => ({
    label: labelText(tenants.application(place.tenant, place.servicePrincipalId)?.servicePrincipal.displayName),
    description: labelText(place.jobId, 80),
    place,
  }));
  return (await pick(items, l10n.t("The provisioning job"))).place;
}

/** The tenant of a row, the only one, or the one that the person picks. @throws CancelledError */
export async function tenantOf({ access, tenants, view }: EntraServices, target: unknown): Promise<string> {
  const row = view.row(target);
  if (row !== undefined && "tenant" in row) return row.tenant;
  const keys = access.tenants();
  const [only = "", ...others] = keys;
  if (others.length === 0) return only;
  const items = keys.map((key) => ({ label: labelText(tenants.tenant(key)?.name ?? key), key }));
  return (await pick(items, l10n.t("The tenant"))).key;
}

/** Reads a job again after something was done to it, and shows it. */
export async function settled({ tenants, view }: EntraServices, place: EntraJobPlace): Promise<void> {
  await tenants.refreshJob(place);
  await view.reveal(place);
}

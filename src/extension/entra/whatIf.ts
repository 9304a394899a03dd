import * as l10n from "@vscode/l10n";
import { scorePrediction, type Score } from "../../entra/score.ts";
import { readSettings } from "../../entra/secrets.ts";
import { whatIf, type WhatIf } from "../../entra/whatIf.ts";
import type { Purpose } from "../../graph/permissions.ts";
import type { TokenProvider } from "../../http/token.ts";
import { formatPlan } from "../../provisioning/planText.ts";
import { normalizeBaseUrl } from "../../scim/baseUrl.ts";
import type { Clients } from "../connections/clients.ts";
import type { ConnectionStore } from "../connections/connectionStore.ts";
import type { SomeHandlers } from "../platform/commandTable.ts";
import { UserError } from "../platform/errors.ts";
import { withProgress } from "../platform/progress.ts";
import { count, displayText, markdownText } from "../platform/text.ts";
import { input, pick, secret } from "./ask.ts";
import { readPurposes } from "./access.ts";
import { readAll } from "./logs.ts";
import type { PlanReview } from "./planReview.ts";
import type { SchemaDocuments } from "./schemaDocuments.ts";
import { choose, type Chosen, type EntraServices } from "./services.ts";

type Ids = "scim.entra.whatIf" | "scim.entra.compareWithLog" | "scim.entra.showPlan";

export interface WhatIfServices extends EntraServices {
  readonly schemas: SchemaDocuments;
  readonly review: PlanReview;
  readonly connections: ConnectionStore;
  readonly clients: Clients;
}

const purposes: readonly Purpose[] = ["readProvisioningLogs", "readUsers", "readGroups"];

/** What the service's next cycle would do, and how well that was foreseen. */
export function whatIfCommands(services: WhatIfServices): SomeHandlers<Ids> {
  const { review, documents, tenants, access } = services;
  /** The last prediction of each job, by its place. */
  const predictions = new Map<string, WhatIf>();
  /** The last prediction of each application name, for its text. */
  const byName = new Map<string, WhatIf>();
  return {
    "scim.entra.whatIf": async (target) => {
      const chosen = await choose(services, services.schemas.place(target) ?? target, purposes);
      const { place, name, client } = chosen;
      const settings = await readSettings(client, place.servicePrincipalId);
      const wanted = await chooseCase(services, chosen, settings.syncAll);
      const baseUrl = settings.baseUrl ?? (await askAddress(name));
      const token = await targetToken(services, baseUrl, name);
      const found = await withProgress(l10n.t("Predicting the next cycle of {0}", name), (signal, report) =>
        whatIf({
          client,
          graphToken: access.token(place.tenant, [...readPurposes, ...purposes]),
          address: place,
          applicationName: name,
          tenantId: tenants.tenant(place.tenant)?.id ?? place.tenant,
          targetToken: () => token,
          baseUrl,
          ...wanted,
          now: new Date(),
          signal,
          onProgress: ({ step, done }) =>
            report(
              step === "directory" ? l10n.t("reading the directory") : l10n.t("comparing {0}, {1}", step, count(done)),
            ),
        }),
      );
      predictions.set(JSON.stringify([place.tenant, place.servicePrincipalId, place.jobId]), found);
      byName.set(name, found);
      await review.show(name, found.plan.changes, found.why);
      if (found.plan.changes.length === 0) await documents.show(planName(name), planText(found));
    },
    "scim.entra.showPlan": async (target) => {
      const name = typeof target === "string" && byName.has(target) ? target : [...byName.keys()].at(-1);
      const found = name === undefined ? undefined : byName.get(name);
      if (name === undefined || found === undefined)
        throw new UserError(l10n.t("No cycle has been predicted in this window. Preview the next cycle first."));
      await documents.show(planName(name), planText(found));
    },
    "scim.entra.compareWithLog": async (target) => {
      const chosen = await choose(services, target, ["readProvisioningLogs"]);
      const { place, name } = chosen;
      const found = predictions.get(JSON.stringify([place.tenant, place.servicePrincipalId, place.jobId]));
      if (found === undefined)
        throw new UserError(l10n.t("{0}: preview its next cycle first; after that cycle the two are compared.", name));
      const since = new Date(found.plan.createdAt);
      const records = await withProgress(l10n.t("Reading the provisioning log of {0}", name), (signal) =>
        readAll(chosen, since, signal),
      );
      if (records.length === 0)
        throw new UserError(
          l10n.t(
            "The log holds nothing since the prediction of {0}. Wait for the next cycle.",
            since.toLocaleString("en-GB"),
          ),
        );
      const score = scorePrediction(found.plan, records);
      await documents.showMarkdown(`${l10n.t("{0}: prediction and log", name)}.md`, scoreText(name, found, score));
    },
  };
}

const planName = (name: string): string => `${l10n.t("Next cycle of {0}", name)}.txt`;

/** The prediction as text: why, what cannot be known, the plan with its requests. */
function planText(found: WhatIf): string {
  const unknown = found.unpredictable.map(({ resourceType, target, functions }) =>
    l10n.t("{0}.{1} comes from {2} and cannot be predicted.", resourceType, target, functions.join(", ")),
  );
  const form = found.compliant
    ? l10n.t("Requests have the forms of aadOptscim062020.")
    : l10n.t("Requests have the service's older forms (without aadOptscim062020).");
  return `${[...unknown, form].map((line) => displayText(line, 500)).join("\n")}\n\n${formatPlan(found.plan)}`;
}

/** The score as Markdown, with why prediction and log differ. */
export function scoreText(name: string, { plan }: Pick<WhatIf, "plan">, score: Score): string {
  const percent = (share: number): string => `${(Math.floor(share * 1000) / 10).toFixed(1)} %`;
  const { objects, agreed, share, changes, differences } = score;
  const rows = differences
    .slice(0, 500)
    .map(
      ({ name: who, predicted, happened, why }) =>
        `| ${[who, predicted, happened, why].map((cell) => markdownText(cell, 1000)).join(" | ")} |`,
    );
  return `${[
    `# ${l10n.t("{0}: prediction and log", markdownText(name))}`,
    l10n.t("Predicted at {0}.", markdownText(new Date(plan.createdAt).toLocaleString("en-GB"))),
    l10n.t("{0} of {1} objects as predicted ({2}).", count(agreed), count(objects), percent(share)),
    l10n.t(
      "Of those that changed or were to change: {0} of {1} ({2}).",
      count(changes.agreed),
      count(changes.objects),
      percent(changes.share),
    ),
    ...(rows.length === 0
      ? [l10n.t("No object differs.")]
      : [
          [
            `| ${l10n.t("Object")} | ${l10n.t("Predicted")} | ${l10n.t("Happened")} | ${l10n.t("Why")} |`,
            "|---|---|---|---|",
            ...rows,
          ].join("\n"),
        ]),
    ...(differences.length > rows.length ? [l10n.t("{0} more differ.", count(differences.length - rows.length))] : []),
  ].join("\n\n")}\n`;
}

/** Which cycle is predicted: the next one, or the one that an unsaved edit would start. */
async function chooseCase(
  { schemas }: WhatIfServices,
  { place, name }: Chosen,
  syncAll: boolean,
): Promise<{ readonly schema?: string; readonly syncAll?: boolean }> {
  await schemas.save(place);
  const edit = await schemas.edit(place);
  const items = [
    { label: l10n.t("The next cycle"), detail: l10n.t("With schema, scope and assignments as they are"), wanted: {} },
    ...(edit === undefined
      ? []
      : [
          {
            label: l10n.t("With the edited schema"),
            detail: l10n.t("The cycle that writing the edit would start"),
            wanted: { schema: edit.edited },
          },
        ]),
    {
      label: syncAll ? l10n.t("With only assigned users and groups") : l10n.t("With everybody in scope"),
      detail: l10n.t("The cycle that changing the scope would start"),
      wanted: { syncAll: !syncAll, ...(edit !== undefined && { schema: edit.edited }) },
    },
  ];
  return (await pick(items, l10n.t("{0}: what if", name))).wanted;
}

const askAddress = (name: string): Promise<string> =>
  input({
    title: l10n.t("{0}: tenant URL", name),
    prompt: l10n.t("Microsoft Entra does not give it back; it is needed to look at the target."),
  });

/** The token of the connection with that address; without one the person is asked, and it is not kept. */
async function targetToken(
  { connections, clients }: WhatIfServices,
  address: string,
  name: string,
): Promise<string | TokenProvider> {
  const { baseUrl } = normalizeBaseUrl(address);
  const connection = connections.byUrl(baseUrl) ?? connections.byUrl(baseUrl.replace(/\?.*$/, ""));
  if (connection !== undefined) return clients.token(connection);
  return await secret(
    l10n.t("{0}: token of the target", name),
    l10n.t("To read {0}. It is used for this preview and not kept; connect to the service to keep one.", baseUrl),
  );
}

import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { deleteJob, pauseJob, resetEffects, restartJob, startJob, type ResetScope } from "../../entra/jobs.ts";
import type { SomeHandlers } from "../platform/commandTable.ts";
import { confirmAndRun, pick } from "./ask.ts";
import { choose, reviewOf, settled, type EntraServices } from "./services.ts";

type Ids = "scim.entra.start" | "scim.entra.pause" | "scim.entra.restart" | "scim.entra.deleteJob";

/** Tutorial step "Turn on": start, pause, restart with the chosen reset, delete. */
export function lifecycleCommands(services: EntraServices): SomeHandlers<Ids> {
  const review = reviewOf(services);
  return {
    "scim.entra.start": async (target) => {
      const { place, client } = await choose(services, target, ["changeSynchronization"]);
      await confirmAndRun(startJob(client, place), l10n.t("Start"), review);
      await settled(services, place);
    },
    "scim.entra.pause": async (target) => {
      const { place, client } = await choose(services, target, ["changeSynchronization"]);
      await confirmAndRun(pauseJob(client, place), l10n.t("Pause"), review);
      await settled(services, place);
    },
    "scim.entra.restart": async (target) => {
      const { place, client } = await choose(services, target, ["changeSynchronization"]);
      const scope = await chooseReset();
      const job = services.tenants.job(place);
      const entries = job?.status?.synchronizedEntryCountByType ?? [];
      const objects = entries.reduce((sum, { value }) => sum + value, 0);
      await confirmAndRun(restartJob(client, place, [scope], objects), l10n.t("Restart"), review);
      await settled(services, place);
    },
    "scim.entra.deleteJob": async (target) => {
      const { place, client } = await choose(services, target, ["changeSynchronization"]);
      await confirmAndRun(deleteJob(client, place), l10n.t("Delete Job"), review);
      await services.view.reload();
    },
  };
}

async function chooseReset(): Promise<ResetScope> {
  const names: Readonly<Record<ResetScope, string>> = {
    portal: l10n.t("As the portal's Restart Provisioning"),
    Watermark: l10n.t("Evaluate everybody again (Watermark)"),
    Escrows: l10n.t("Forget failures (Escrows)"),
    QuarantineState: l10n.t("Lift the quarantine (QuarantineState)"),
    ForceDeletes: l10n.t("Let held deletions through (ForceDeletes)"),
    Full: l10n.t("Forget everything, links included (Full)"),
    ConnectorDataStore: l10n.t("Drop the links (ConnectorDataStore)"),
  };
  const risky = new Set<ResetScope>(["ForceDeletes", "Full", "ConnectorDataStore"]);
  const item = (scope: ResetScope) => ({ label: names[scope], detail: resetEffects[scope], scope });
  const all = Object.keys(names) as ResetScope[];
  const items = [
    ...all.filter((scope) => !risky.has(scope)).map(item),
    { label: l10n.t("cannot be taken back"), kind: vscode.QuickPickItemKind.Separator, scope: "portal" as const },
    ...all.filter((scope) => risky.has(scope)).map(item),
  ];
  return (await pick(items, l10n.t("Restart provisioning: what is forgotten"))).scope;
}

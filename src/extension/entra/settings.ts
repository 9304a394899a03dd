import * as l10n from "@vscode/l10n";
import {
  changeSettings,
  readSettings,
  testConnection,
  type JobSettings,
  type SettingsChange,
} from "../../entra/secrets.ts";
import { normalizeBaseUrl } from "../../scim/baseUrl.ts";
import type { SomeHandlers } from "../platform/commandTable.ts";
import * as vscode from "vscode";
import { confirmAndRun, input, pick, secret } from "./ask.ts";
import { choose, reviewOf, settled, type Chosen, type EntraServices } from "./services.ts";

type Ids =
  "scim.entra.setCredentials" | "scim.entra.testConnection" | "scim.entra.setNotification" | "scim.entra.setScope";

/** Tutorial steps "Tenant URL and secret token", "Test Connection", "Notification", "Scope". */
export function settingsCommands(services: EntraServices): SomeHandlers<Ids> {
  const review = reviewOf(services);
  const change = async (chosen: Chosen, settings: JobSettings, wanted: SettingsChange): Promise<void> => {
    const { client, place } = chosen;
    const secrets = await hiddenAgain(chosen, settings, wanted);
    const step = await changeSettings(client, place.servicePrincipalId, { ...wanted, secrets });
    await confirmAndRun(step, l10n.t("Save"), review);
    await settled(services, place);
  };
  return {
    "scim.entra.setCredentials": async (target) => {
      const chosen = await choose(services, target, ["changeSynchronization"]);
      const { client, place, name } = chosen;
      const settings = await readSettings(client, place.servicePrincipalId);
      const baseUrl = await askBaseUrl(name, settings.baseUrl);
      const token = await secret(
        l10n.t("{0} (2 of 2): secret token", name),
        l10n.t("A token of the service at {0}. It goes to Microsoft Entra and is kept there, not here.", baseUrl),
      );
      // First whether they work, as the tutorial has it; nothing is saved when they do not.
      await confirmAndRun(testConnection(client, place, { baseUrl, token }), l10n.t("Test Connection"), review);
      await change(chosen, settings, { baseUrl, secrets: { SecretToken: token } });
    },
    "scim.entra.testConnection": async (target) => {
      const { client, place, name } = await choose(services, target, ["changeSynchronization"]);
      await confirmAndRun(testConnection(client, place), l10n.t("Test Connection"), review);
      void vscode.window.showInformationMessage(l10n.t("{0}: the provisioning service reaches the target.", name));
    },
    "scim.entra.setNotification": async (target) => {
      const chosen = await choose(services, target, ["changeSynchronization"]);
      const { client, place, name } = chosen;
      const settings = await readSettings(client, place.servicePrincipalId);
      const mail = await input({
        title: l10n.t("{0} (1 of 2): notification mail", name),
        prompt: l10n.t("Who hears of a quarantine. Empty for nobody."),
        value: settings.notificationEmail ?? "",
        validateInput: (text) =>
          text.trim() === "" || /^\S+@\S+\.\S+$/.test(text.trim()) ? undefined : l10n.t("This is no mail address."),
      });
      const threshold = await input({
        title: l10n.t("{0} (2 of 2): accidental deletion prevention", name),
        prompt: l10n.t("From how many deletions of one cycle on the job is held for you. Empty for no limit."),
        value: settings.deleteThreshold === undefined ? "" : String(settings.deleteThreshold),
        validateInput: (text) =>
          text.trim() === "" || /^[1-9]\d{0,8}$/.test(text.trim()) ? undefined : l10n.t("Give a whole number above 0."),
      });
      await change(chosen, settings, {
        notificationEmail: mail === "" ? null : mail,
        deleteThreshold: threshold === "" ? null : Number(threshold),
      });
    },
    "scim.entra.setScope": async (target) => {
      const chosen = await choose(services, target, ["changeSynchronization"]);
      const settings = await readSettings(chosen.client, chosen.place.servicePrincipalId);
      const current = l10n.t("as it is now");
      const items = [
        {
          label: l10n.t("Assigned users and groups"),
          detail: l10n.t("Only who is assigned, and the direct members of assigned groups (recommended)"),
          ...(!settings.syncAll && { description: current }),
          syncAll: false,
        },
        {
          label: l10n.t("Everybody"),
          detail: l10n.t("All users and groups of the directory; scoping filters can narrow it"),
          ...(settings.syncAll && { description: current }),
          syncAll: true,
        },
      ];
      const { syncAll } = await pick(items, l10n.t("{0}: who is provisioned", chosen.name));
      await change(chosen, settings, { syncAll });
    },
  };
}

async function askBaseUrl(name: string, value: string | undefined): Promise<string> {
  return await input({
    title: l10n.t("{0} (1 of 2): tenant URL", name),
    prompt: l10n.t("The SCIM base URL of the target. Add ?aadOptscim062020 for requests by the RFC."),
    ...(value !== undefined && { value }),
    validateInput: (text) => {
      try {
        normalizeBaseUrl(text.trim());
        return undefined;
      } catch (error) {
        return error instanceof Error ? error.message : String(error);
      }
    },
  });
}

/** The service replaces all secrets at once, so each that it does not give back has to be typed again. */
async function hiddenAgain(
  { name }: Chosen,
  settings: JobSettings,
  { secrets = {} }: SettingsChange,
): Promise<Readonly<Record<string, string>>> {
  const needed = new Set(settings.hiddenKeys);
  if (settings.baseUrl !== undefined) needed.add("SecretToken");
  const given: Record<string, string> = { ...secrets };
  for (const key of needed) {
    if (given[key] !== undefined) continue;
    const label = key === "SecretToken" ? l10n.t("secret token") : key;
    given[key] = await secret(
      l10n.t("{0}: {1}", name, label),
      l10n.t(
        "Microsoft Entra replaces all settings at once and does not give this one back, so it has to be sent again.",
      ),
    );
  }
  return given;
}

import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { CheckReport } from "../../conformance/check.ts";
import type { NormalizedBaseUrl } from "../../scim/baseUrl.ts";
import { normalizeBaseUrl } from "../../scim/baseUrl.ts";
import { CancelledError } from "../platform/errors.ts";
import type { ConnectionSetting } from "./connection.ts";
import { freeName, sameName } from "./connection.ts";
import { defaultTokenUrl } from "./clientCredentials.ts";
import type { ConnectionStore } from "./connectionStore.ts";
import { failedStep } from "./reportText.ts";

/** What the flow needs from outside. */
export interface ConnectServices {
  readonly connections: ConnectionStore;
  /** Tests a connection that is not saved yet. */
  check(connection: ConnectionSetting, secret: string): Promise<CheckReport>;
  showReport(connection: ConnectionSetting, report: CheckReport): Promise<void>;
}

export interface Connected {
  readonly connection: ConnectionSetting;
  readonly secret: string;
}

interface Answers {
  url: string;
  auth: ConnectionSetting["auth"];
  clientId: string;
  tokenUrl: string;
  secret: string;
}

/**
 * Asks for a tenant URL in any form, how to authenticate and the secret, and tests them before anything is saved. A failed
 * test says which step failed and goes back there with everything that was typed.
 *
 * @throws CancelledError when the person leaves
 */
export async function connectFlow(services: ConnectServices): Promise<Connected> {
  const answers: Answers = { url: "", auth: "token", clientId: "", tokenUrl: "", secret: "" };
  let address = await askUrl(answers);
  await askSecret(answers, address);
  for (;;) {
    const connection = connectionOf(answers, address, services.connections);
    const report = await services.check(connection, answers.secret);
    const next = report.healthy ? "save" : await askAfterFailure(report);
    switch (next) {
      case "save":
        return await named(connection, answers, services);
      case "report":
        await services.showReport(connection, report);
        throw new CancelledError();
      case "url":
        address = await askUrl(answers);
        break;
      case "secret":
        await askSecret(answers, address);
        break;
    }
  }
}

const title = (): string => l10n.t("Connect to a SCIM service");

async function askUrl(answers: Answers): Promise<NormalizedBaseUrl> {
  const url = await vscode.window.showInputBox({
    title: title(),
    prompt: l10n.t("Tenant URL of the SCIM service, in any form"),
    placeHolder: "https://adb-1234567890123456.7.azuredatabricks.net",
    value: answers.url,
    ignoreFocusOut: true,
    validateInput: (text) => (text.trim() === "" ? undefined : describeUrl(text)),
  });
  if (url === undefined || url.trim() === "") throw new CancelledError();
  answers.url = url;
  return normalizeBaseUrl(url);
}

/** What the typed address would become, or what is wrong with it. */
function describeUrl(text: string): vscode.InputBoxValidationMessage {
  try {
    const { vendor, baseUrl, notes } = normalizeBaseUrl(text);
    const message = [`${vendor}: ${baseUrl}`, ...notes].join(" ");
    return { message, severity: vscode.InputBoxValidationSeverity.Info };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { message, severity: vscode.InputBoxValidationSeverity.Error };
  }
}

async function askSecret(answers: Answers, address: NormalizedBaseUrl): Promise<void> {
  const methods = [
    {
      label: l10n.t("Secret token"),
      detail: l10n.t("A token that an administrator has created"),
      auth: "token" as const,
    },
    {
      label: l10n.t("OAuth client credentials"),
      detail: l10n.t("A client id and secret, such as those of a Databricks service principal"),
      auth: "oauth" as const,
    },
  ];
  const method = await vscode.window.showQuickPick(methods, {
    title: title(),
    placeHolder: l10n.t("How does {0} know you?", address.vendor),
    ignoreFocusOut: true,
  });
  if (method === undefined) throw new CancelledError();
  answers.auth = method.auth;
  if (method.auth === "oauth") {
    answers.clientId = await ask(l10n.t("Client id of the OAuth client"), answers.clientId);
    const known = defaultTokenUrl(address);
    if (known === undefined) answers.tokenUrl = await ask(l10n.t("Token URL of the OAuth server"), answers.tokenUrl);
  }
  answers.secret = await askForSecret(method.auth, address.vendor, answers.secret);
}

/** Asks for a token or a client secret in a password box. @throws CancelledError */
export async function askForSecret(auth: ConnectionSetting["auth"], name: string, value = ""): Promise<string> {
  const prompt = auth === "oauth" ? l10n.t("Client secret for {0}", name) : l10n.t("Secret token for {0}", name);
  return await ask(prompt, value, true);
}

async function ask(prompt: string, value: string, password = false): Promise<string> {
  const answer = await vscode.window.showInputBox({
    title: title(),
    prompt,
    value,
    password,
    ignoreFocusOut: true,
    validateInput: (text) => (text.trim() === "" ? l10n.t("Nothing is entered.") : undefined),
  });
  if (answer === undefined) throw new CancelledError();
  return answer.trim();
}

function connectionOf(answers: Answers, address: NormalizedBaseUrl, connections: ConnectionStore): ConnectionSetting {
  const known = connections.byUrl(address.baseUrl);
  const taken = connections.all().map((connection) => connection.name);
  return {
    name: known?.name ?? freeName(address.vendor, taken),
    baseUrl: address.baseUrl,
    dialect: address.dialect,
    auth: answers.auth,
    ...(known?.production === undefined ? {} : { production: known.production }),
    ...(known?.readOnly === undefined ? {} : { readOnly: known.readOnly }),
    ...(answers.auth === "oauth" ? { clientId: answers.clientId } : {}),
    ...(answers.auth === "oauth" && answers.tokenUrl !== "" ? { tokenUrl: answers.tokenUrl } : {}),
  };
}

async function named(connection: ConnectionSetting, answers: Answers, services: ConnectServices): Promise<Connected> {
  const name = await askForName(connection, services.connections);
  return { connection: { ...connection, name }, secret: answers.secret };
}

/** Asks what a connection is to be called; names are unique. @throws CancelledError */
export async function askForName(connection: ConnectionSetting, connections: ConnectionStore): Promise<string> {
  const others = connections.all().filter((other) => other.baseUrl !== connection.baseUrl);
  const name = await vscode.window.showInputBox({
    title: title(),
    prompt: l10n.t("Name of the connection"),
    value: connection.name,
    ignoreFocusOut: true,
    validateInput: (text) => {
      if (text.trim() === "") return l10n.t("Nothing is entered.");
      if (text.trim().length > 80) return l10n.t("A name has at most 80 characters.");
      return others.some((other) => sameName(other.name, text))
        ? l10n.t("Another connection is named the same.")
        : undefined;
    },
  });
  if (name === undefined) throw new CancelledError();
  return name.trim();
}

async function askAfterFailure(report: CheckReport): Promise<"url" | "secret" | "report" | "save"> {
  const failed = failedStep(report);
  const url = { label: `$(link) ${l10n.t("Change the URL…")}`, next: "url" as const };
  const secret = { label: `$(key) ${l10n.t("Change the token…")}`, next: "secret" as const };
  const ofToken = failed?.id === "authentication" || failed?.id === "permission";
  const [first, second] = ofToken ? [secret, url] : [url, secret];
  // What mends it stands first, with how.
  const items = [
    failed?.fix === undefined ? first : { ...first, detail: failed.fix },
    second,
    { label: `$(output) ${l10n.t("Show the report")}`, detail: failed?.explanation ?? "", next: "report" as const },
    { label: `$(save) ${l10n.t("Save without a passed test")}`, next: "save" as const },
  ];
  const picked = await vscode.window.showQuickPick(items, {
    title: l10n.t("The test failed at: {0}", failed?.title ?? ""),
    placeHolder: l10n.t("Nothing is saved yet"),
    ignoreFocusOut: true,
  });
  if (picked === undefined) throw new CancelledError();
  return picked.next;
}

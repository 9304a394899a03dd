import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { ConformanceReport } from "../../conformance/conformance.ts";
import { checkConformance, conformanceRules } from "../../conformance/conformance.ts";
import { conformanceJunit } from "../../conformance/conformanceReport.ts";
import { describeObserved } from "../../scim/dialects/observedDialect.ts";
import { dialectFor } from "../../scim/dialects/dialects.ts";
import type { ReadOnlyDocuments } from "../documents/readOnlyDocuments.ts";
import type { SomeHandlers } from "../platform/commandTable.ts";
import { CancelledError, UserError } from "../platform/errors.ts";
import { withProgress } from "../platform/progress.ts";
import { count, displayText } from "../platform/text.ts";
import type { Clients } from "./clients.ts";
import { conformanceMarkdown } from "./conformanceText.ts";
import type { Connection } from "./connection.ts";
import type { Observations } from "./observations.ts";
import type { Targets } from "./targets.ts";

export interface ConformanceServices {
  readonly clients: Clients;
  readonly targets: Targets;
  readonly documents: ReadOnlyDocuments;
  readonly observations: Observations;
}

/** Checks services against the RFCs, keeps what was observed, and exports the last report of each. */
export function conformanceCommands(
  services: ConformanceServices,
): SomeHandlers<"scim.connection.checkConformance" | "scim.connection.exportConformance"> {
  const { targets } = services;
  const reports = new Map<string, ConformanceReport>();
  const exportReport = async (connection: Connection): Promise<void> => {
    const report = reports.get(connection.baseUrl);
    if (report === undefined)
      throw new UserError(
        l10n.t("{0} was not checked in this window. Check its conformance first.", displayText(connection.name)),
      );
    await saveReport(connection, report);
  };
  return {
    "scim.connection.checkConformance": async (target) => {
      const connection = await targets.connection(target);
      const report = await runCheck(services, connection);
      reports.set(connection.baseUrl, report);
      const save = l10n.t("Export…");
      void vscode.window.showInformationMessage(summary(connection, report), save).then(async (chosen) => {
        if (chosen === save)
          await vscode.commands.executeCommand("scim.connection.exportConformance", connection.baseUrl);
      });
    },
    "scim.connection.exportConformance": async (target) =>
      exportReport(await targets.connection(target, ({ baseUrl }) => reports.has(baseUrl))),
  };
}

async function runCheck(
  { clients, documents, observations }: ConformanceServices,
  connection: Connection,
): Promise<ConformanceReport> {
  const token = clients.token(connection);
  const { baseUrl } = connection;
  const write = await askWhetherToWrite(connection);
  const title = l10n.t("Checking the conformance of {0}", displayText(connection.name));
  const report = await withProgress(title, (signal, tell) =>
    checkConformance({
      baseUrl,
      token,
      write,
      signal,
      onResult: ({ id }, done, total) =>
        tell(l10n.t("{0} of {1} rules, {2}", count(done), count(total), id), done / total),
    }),
  );
  await observations.put({ ...report, baseUrl });
  const dialect = dialectFor(connection.dialect, baseUrl);
  const effects = describeObserved(dialect, observations.profile(baseUrl) ?? report.profile);
  await documents.showMarkdown(
    `${l10n.t("Conformance of {0}", connection.name)}.md`,
    conformanceMarkdown(connection.name, report, effects),
  );
  return report;
}

/** @returns whether the rules that write may be tried too @throws CancelledError */
async function askWhetherToWrite(connection: Connection): Promise<boolean> {
  const name = displayText(connection.name);
  const reading = conformanceRules.filter(({ kind }) => kind === "read").length;
  const items = [
    {
      label: `$(eye) ${l10n.t("Read Only")}`,
      description: l10n.t("{0} rules", count(reading)),
      detail: l10n.t("Nothing is changed."),
      write: false,
    },
    {
      label: `$(beaker) ${l10n.t("Read and Write")}`,
      description: l10n.t("{0} rules", count(conformanceRules.length)),
      detail: l10n.t("Creates about 60 users and 20 groups named scim-check-…, changes them, and removes them."),
      write: true,
    },
  ];
  const locked = connection.readOnly === true;
  const placeHolder = locked
    ? l10n.t("{0} is read-only, so only reading is tried", name)
    : l10n.t("What may be tried on {0}?", name);
  const picked = await vscode.window.showQuickPick(locked ? items.slice(0, 1) : items, { placeHolder });
  if (picked === undefined) throw new CancelledError();
  if (picked.write) await askForConsent(connection);
  return picked.write;
}

/** @throws CancelledError unless the person says yes */
async function askForConsent(connection: Connection): Promise<void> {
  const name = displayText(connection.name);
  const act = l10n.t("Create and Remove Test Users");
  const detail = [
    l10n.t(
      "About 60 users and 20 groups named scim-check-… are created, changed and removed, one after the other; nobody else is touched. They are removed even when you cancel; what cannot be removed is named. Whatever listens to this service may react to them.",
    ),
    connection.production === true ? l10n.t("{0} is marked as production.", name) : undefined,
  ];
  const options = { modal: true, detail: detail.filter((line) => line !== undefined).join("\n\n") };
  const question = l10n.t("Write to {0} for the check?", name);
  if ((await vscode.window.showWarningMessage(question, options, act)) !== act) throw new CancelledError();
}

function summary({ name }: Connection, { conformant, counts }: ConformanceReport): string {
  if (conformant) return l10n.t("{0} keeps every rule that was tried.", displayText(name));
  return counts.departed === 1
    ? l10n.t("{0} departs from 1 rule.", displayText(name))
    : l10n.t("{0} departs from {1} rules.", displayText(name), count(counts.departed));
}

async function saveReport(connection: Connection, report: ConformanceReport): Promise<void> {
  const formats = [
    { label: "JUnit XML", detail: l10n.t("For the test results of a CI runner"), extension: "xml" },
    {
      label: "JSON",
      detail: l10n.t("All evidence, and the profile that the command line takes with --observed"),
      extension: "json",
    },
  ] as const;
  const picked = await vscode.window.showQuickPick(formats, { placeHolder: l10n.t("Export the report as") });
  if (picked === undefined) throw new CancelledError();
  const name = `conformance-${new URL(connection.baseUrl).hostname}.${picked.extension}`;
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
  const file = await vscode.window.showSaveDialog({
    defaultUri: vscode.Uri.file(folder === undefined ? name : join(folder, name)),
    filters: { [picked.label]: [picked.extension] },
  });
  if (file === undefined) throw new CancelledError();
  const text = picked.extension === "xml" ? conformanceJunit(report) : `${JSON.stringify(report, undefined, 2)}\n`;
  // Evidence of reading can name people.
  await writeFile(file.fsPath, text, { mode: 0o600 });
  void vscode.window.setStatusBarMessage(`$(check) ${l10n.t("Exported {0}", name)}`, 5000);
}

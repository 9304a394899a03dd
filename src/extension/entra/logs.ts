import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { readProvisioningLog } from "../../entra/logs.ts";
import type { LogRecord } from "../../provisioning/logRecord.ts";
import { jobLogFile } from "../../provisioning/stateFiles.ts";
import type { SomeHandlers } from "../platform/commandTable.ts";
import { Disposable } from "../platform/disposable.ts";
import { UserError } from "../platform/errors.ts";
import { withProgress } from "../platform/progress.ts";
import { count } from "../platform/text.ts";
import { pick } from "./ask.ts";
import { choose, type Chosen, type EntraServices } from "./services.ts";

const hour = 3_600_000;

/**
 * The service's provisioning log in the same table as that of local jobs. The table reads a file, so the records go to one in a
 * private folder, which ends with this window.
 */
export class EntraLogs extends Disposable {
  readonly #services: EntraServices;
  readonly #folders = new Map<string, Promise<string>>();

  constructor(services: EntraServices) {
    super();
    this.#services = services;
    this.register({
      dispose: () =>
        this.#folders.forEach((made) => void made.then((folder) => rm(folder, { recursive: true, force: true }))),
    });
  }

  commands(): SomeHandlers<"scim.entra.showLog"> {
    return {
      "scim.entra.showLog": async (target) => {
        const chosen = await choose(this.#services, target, ["readProvisioningLogs"]);
        const items = [
          { label: l10n.t("Last 24 hours"), hours: 24 },
          { label: l10n.t("Last 7 days"), hours: 24 * 7 },
          { label: l10n.t("Last 30 days"), detail: l10n.t("As long as the service keeps it at most"), hours: 24 * 30 },
        ];
        const { hours } = await pick(items, l10n.t("{0}: provisioning log", chosen.name));
        await this.show(chosen, new Date(Date.now() - hours * hour));
      },
    };
  }

  /** Reads the log since a time and opens the table. */
  async show(chosen: Chosen, since: Date): Promise<void> {
    const { place, name } = chosen;
    const records = await withProgress(l10n.t("Reading the provisioning log of {0}", name), (signal, report) =>
      readAll(chosen, since, signal, (read) => report(l10n.t("{0} records", count(read)))),
    );
    const key = JSON.stringify(place);
    const made = this.#folders.get(key) ?? mkdtemp(join(tmpdir(), "scim-entra-log-"));
    this.#folders.set(key, made);
    const stateDir = await made;
    // The table's file grows at its end, so that the oldest record stands first.
    const lines = records.toReversed().map((record) => `${JSON.stringify(record)}\n`);
    await writeFile(jobLogFile(stateDir), lines.join(""), { mode: 0o600 });
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? stateDir;
    this.#services.logs.show(
      { name, problems: [], paths: { file: stateDir, id: name.replace(/[^\w-]+/g, "-"), baseDir: folder, stateDir } },
      undefined,
      async (act) => {
        if (act === "preview") await vscode.commands.executeCommand("scim.entra.whatIf", place);
        else
          throw new UserError(
            l10n.t("Explanations and person cards are of local jobs. Export the schema to a job file to get them."),
          );
      },
    );
  }
}

/** The whole log since a time, newest first. */
export async function readAll(
  { client, place }: Pick<Chosen, "client" | "place">,
  since: Date,
  signal: AbortSignal,
  report: (read: number) => void = () => undefined,
): Promise<LogRecord[]> {
  const records: LogRecord[] = [];
  for await (const record of readProvisioningLog(client, { jobId: place.jobId, since }, signal)) {
    records.push(record);
    if (records.length % 500 === 0) report(records.length);
  }
  return records;
}

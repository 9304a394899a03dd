import { relative } from "node:path";
import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { JobInput } from "../../job/job.ts";
import { jobSuffix } from "../../job/paths.ts";
import type { Connection } from "../connections/connection.ts";
import type { ConnectionStore } from "../connections/connectionStore.ts";
import { CancelledError, UserError } from "../platform/errors.ts";
import { labelText } from "../platform/text.ts";
import { chooseGraph, type KnownGraph } from "./chooseGraph.ts";
import { csvSiblings, fileNameOf, newJobText } from "./jobTemplate.ts";
import { sampleDirectory, sampleFiles, sampleFolder } from "./sampleDirectory.ts";

/**
 * Asks for connection, directory and scope and writes a job file with the dialect's default mappings.
 *
 * @throws CancelledError, UserError when no folder is open or no service connected
 */
export async function createJob(connections: ConnectionStore, graph: KnownGraph): Promise<vscode.Uri> {
  const folder = await chooseFolder();
  const connection = await chooseConnection(connections);
  const chosen = await chooseDirectory(folder, connections, connection, graph);
  const mode = await chooseScope();
  const directory = mode === "assigned" ? await withAssignments(folder, chosen) : chosen;
  const name = await askName(folder, connection);
  const file = vscode.Uri.joinPath(folder, fileNameOf(name) + jobSuffix);
  const { baseUrl, dialect } = connection;
  await vscode.workspace.fs.writeFile(
    file,
    new TextEncoder().encode(newJobText({ name, baseUrl, dialect, directory, mode })),
  );
  return file;
}

async function chooseFolder(): Promise<vscode.Uri> {
  const folders = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === "file");
  const [first] = folders;
  if (first === undefined) throw new UserError(l10n.t("Open a folder first: a job is a file in it."));
  if (folders.length === 1) return first.uri;
  const picked = await vscode.window.showWorkspaceFolderPick({ placeHolder: l10n.t("The folder of the new job") });
  if (picked === undefined) throw new CancelledError();
  return picked.uri;
}

async function chooseConnection(connections: ConnectionStore): Promise<Connection> {
  const items = connections.all().map((connection) => ({
    label: labelText(connection.name),
    description: labelText(connection.baseUrl),
    connection,
  }));
  if (items.length === 0) {
    await vscode.commands.executeCommand("scim.connection.connect");
    const [made] = connections.all();
    if (made === undefined) throw new CancelledError();
    return made;
  }
  return (await pick(items, l10n.t("New provisioning job (1 of 4): the service to provision"))).connection;
}

type DirectoryChoice = JobInput["directory"]["type"] | "sample";

async function chooseDirectory(
  folder: vscode.Uri,
  connections: ConnectionStore,
  target: Connection,
  graph: KnownGraph,
): Promise<JobInput["directory"]> {
  const kinds: { label: string; detail: string; type: DirectoryChoice }[] = [
    {
      label: l10n.t("CSV files"),
      detail: l10n.t("users.csv, and beside it groups.csv, members.csv, assignments.csv"),
      type: "csv",
    },
    { label: l10n.t("A JSON file"), detail: l10n.t("users, groups and assignments in one file"), type: "json" },
    {
      label: l10n.t("Microsoft Entra ID"),
      detail: l10n.t("users, groups and assignments of a tenant, read over Microsoft Graph"),
      type: "graph",
    },
    { label: l10n.t("Another SCIM service"), detail: l10n.t("one of your connections"), type: "scim" },
    {
      label: l10n.t("Sample people"),
      detail: l10n.t("six people in CSV files, written to {0}, to try with", `${sampleFolder}/`),
      type: "sample",
    },
  ];
  const { type } = await pick(kinds, l10n.t("New provisioning job (2 of 4): where people come from"));
  if (type === "graph") return await chooseGraph(graph);
  if (type === "scim") {
    const others = connections.all().filter(({ baseUrl }) => baseUrl !== target.baseUrl);
    if (others.length === 0)
      throw new UserError(l10n.t("There is no other connection to read people from. Connect to that service first."));
    const items = others.map(({ name, baseUrl }) => ({
      label: labelText(name),
      description: labelText(baseUrl),
      baseUrl,
    }));
    return { type: "scim", baseUrl: (await pick(items, l10n.t("The service that people come from"))).baseUrl };
  }
  if (type === "sample") {
    await writeSample(folder);
    return sampleDirectory;
  }
  const path = await chooseFile(
    folder,
    type,
    type === "csv" ? l10n.t("The file of users") : l10n.t("The directory file"),
  );
  if (type === "json") return { type: "json", file: path };
  const siblings = (await vscode.workspace.findFiles(new vscode.RelativePattern(folder, "**/*.csv"))).map((uri) =>
    relativeTo(folder, uri),
  );
  return { type: "csv", users: path, ...csvSiblings(path, siblings) };
}

/** What is there already stays as it is. */
async function writeSample(folder: vscode.Uri): Promise<void> {
  for (const [name, text] of Object.entries(sampleFiles)) {
    const file = vscode.Uri.joinPath(folder, sampleFolder, `${name}.csv`);
    if (!(await exists(file))) await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(text));
  }
}

/** Without its assignments nobody of a CSV directory is assigned, so they are asked for. */
async function withAssignments(folder: vscode.Uri, directory: JobInput["directory"]): Promise<JobInput["directory"]> {
  if (directory.type !== "csv" || directory.assignments !== undefined) return directory;
  const title = l10n.t("The file of assignments (principalId, principalType, appRole)");
  return { ...directory, assignments: await chooseFile(folder, "csv", title) };
}

async function chooseFile(folder: vscode.Uri, extension: "csv" | "json", title: string): Promise<string> {
  const ignored = extension === "json" ? `**/{node_modules,.provisioning,.vscode}/**` : undefined;
  const found = await vscode.workspace.findFiles(new vscode.RelativePattern(folder, `**/*.${extension}`), ignored, 200);
  const paths = found
    .map((uri) => relativeTo(folder, uri))
    .filter((path) => !path.endsWith(jobSuffix))
    .sort((a, b) => likely(b) - likely(a) || a.localeCompare(b));
  const browse = { label: l10n.t("Browse…"), path: "" };
  const chosen = await pick([...paths.map((path) => ({ label: path, path })), browse], title);
  if (chosen.path !== "") return chosen.path;
  const opened = await vscode.window.showOpenDialog({
    defaultUri: folder,
    filters: { [extension.toUpperCase()]: [extension] },
    title,
  });
  if (opened?.[0] === undefined) throw new CancelledError();
  return relativeTo(folder, opened[0]);
}

const likely = (path: string): number => (/(^|\/)(users|directory)\.(csv|json)$/i.test(path) ? 1 : 0);

const relativeTo = (folder: vscode.Uri, file: vscode.Uri): string =>
  relative(folder.fsPath, file.fsPath).replaceAll("\\", "/");

async function chooseScope(): Promise<"assigned" | "all"> {
  const items: { label: string; detail: string; mode: "assigned" | "all" }[] = [
    {
      label: l10n.t("Assigned users and groups"),
      detail: l10n.t("Only who is assigned, and the direct members of assigned groups (recommended)"),
      mode: "assigned",
    },
    {
      label: l10n.t("Everybody"),
      detail: l10n.t("All users and groups of the directory; scoping filters can narrow it"),
      mode: "all",
    },
  ];
  return (await pick(items, l10n.t("New provisioning job (3 of 4): who is provisioned"))).mode;
}

async function askName(folder: vscode.Uri, connection: Connection): Promise<string> {
  const name = await vscode.window.showInputBox({
    title: l10n.t("New provisioning job (4 of 4): its name"),
    value: connection.name,
    ignoreFocusOut: true,
    validateInput: async (text) => {
      if (text.trim() === "") return l10n.t("Give the job a name.");
      const file = fileNameOf(text.trim()) + jobSuffix;
      const taken = await exists(vscode.Uri.joinPath(folder, file));
      return taken ? l10n.t("{0} is there already. Choose another name.", file) : undefined;
    },
  });
  if (name === undefined) throw new CancelledError();
  return name.trim();
}

async function exists(uri: vscode.Uri): Promise<boolean> {
  try {
    await vscode.workspace.fs.stat(uri);
    return true;
  } catch {
    return false;
  }
}

async function pick<T extends vscode.QuickPickItem>(items: readonly T[], title: string): Promise<T> {
  const picked = await vscode.window.showQuickPick(items, { title, placeHolder: title, ignoreFocusOut: true });
  if (picked === undefined) throw new CancelledError();
  return picked;
}

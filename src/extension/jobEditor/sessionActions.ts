import * as vscode from "vscode";
import type { Job } from "../../job/job.ts";
import { directoryFiles } from "./directoryWatch.ts";
import type { LiveCommands } from "./jobForm.ts";
import { liveActions, type ToHost } from "./messages.ts";

type Action = Extract<ToHost, { kind: "run" }>["action"];
type LiveAction = (typeof liveActions)[number];

const isLive = (action: Action): action is LiveAction => liveActions.some((each) => each === action);

/** The commands behind the buttons of the page; those that only the session can do are not among them. */
const commands: Readonly<Record<Exclude<Action, "reloadDirectory" | "replaceToken" | LiveAction>, string>> = {
  openAsText: "vscode.openWith",
  manageTrust: "workbench.trust.manage",
  connect: "scim.connection.connect",
  preview: "scim.job.preview",
  turnOn: "scim.job.turnOn",
  turnOff: "scim.job.turnOff",
  showLog: "scim.job.showLog",
};

/**
 * Runs the command of a button.
 *
 * @param connection the address of the job's connection, as it is known
 * @param live what the mappings of a live job do instead
 */
export async function runAction(
  action: Exclude<Action, "reloadDirectory">,
  uri: vscode.Uri,
  connection: string | undefined,
  live: LiveCommands | undefined,
): Promise<void> {
  if (isLive(action)) await live?.[action]();
  else if (action === "preview" && live !== undefined) await live.preview();
  else if (action === "replaceToken") await vscode.commands.executeCommand("scim.connection.replaceToken", connection);
  else await vscode.commands.executeCommand(commands[action], uri, ...(action === "openAsText" ? ["default"] : []));
}

/** Opens a file of the directory; nothing else can be opened from the page. */
export async function openDirectoryFile(
  { directory }: Job,
  jobFile: string,
  file: string,
  line: number | null,
): Promise<void> {
  const known = directoryFiles(directory, jobFile);
  const found = known.find((each) => each === file || each.endsWith(`/${file}`) || each.endsWith(`\\${file}`));
  if (found === undefined) return;
  const at = new vscode.Position(Math.max(0, (line ?? 1) - 1), 0);
  await vscode.window.showTextDocument(vscode.Uri.file(found), { selection: new vscode.Range(at, at) });
}

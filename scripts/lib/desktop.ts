/** The desktop VS Code of whoever runs this, if there is one. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { ScriptError } from "./project.ts";

/** The program `code` on the PATH, which opens the desktop VS Code. */
export function findDesktop(): string | undefined {
  const name = process.platform === "win32" ? "code.cmd" : "code";
  const folders = (process.env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  return folders.map((folder) => join(folder, name)).find((file) => existsSync(file));
}

export interface DesktopOptions {
  /** Kept apart from the person's own settings and extensions. */
  readonly userDataDir: string;
  readonly extensionsDir: string;
  readonly extensionDevelopmentPath: string;
  readonly open: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Opens a window of its own; `closed` settles when it is closed. */
export function openDesktop(
  code: string,
  options: DesktopOptions,
): { closed: Promise<void>; close: () => Promise<void> } {
  const child = spawn(
    code,
    [
      ...["--new-window", "--wait", "--disable-workspace-trust", "--skip-welcome", "--skip-release-notes"],
      `--user-data-dir=${options.userDataDir}`,
      `--extensions-dir=${options.extensionsDir}`,
      `--extensionDevelopmentPath=${options.extensionDevelopmentPath}`,
      options.open,
    ],
    { env: { ...process.env, ...options.env }, stdio: "ignore", shell: process.platform === "win32" },
  );
  const closed = new Promise<void>((resolve, reject) => {
    child.once("error", (error) => reject(new ScriptError(`${code} did not start: ${error.message}`)));
    child.once("exit", () => resolve());
  });
  const close = async () => {
    child.kill("SIGTERM");
    // `code` only passes the word on; the window belongs to a process whose id VS Code keeps in this file.
    const main = Number(await readFile(join(options.userDataDir, "code.lock"), "utf8").catch(() => ""));
    if (!Number.isInteger(main) || main <= 0) return;
    try {
      process.kill(main, "SIGTERM");
    } catch {
      // It has ended already.
    }
  };
  return { closed, close };
}

#!/usr/bin/env node
/**
 * Takes the arguments of the desktop VS Code and carries them out in the browser-hosted one: runs extension tests
 * (`--extensionTestsPath`), installs and lists extensions. It stands where @vscode/test-electron wants an executable.
 * Exit code: 0 when the tests passed, 1 when anything else happened, 130 when a signal ended it.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { main, ScriptError } from "../lib/project.ts";
import { runHostTests } from "./hostTests.ts";
import { installedHost } from "./install.ts";
import { parseLaunchArguments, type LaunchArguments } from "./launchArguments.ts";
import { serverCommand } from "./server.ts";

const interrupted = 130;

await main(async () => {
  const launch = parseLaunchArguments(process.argv.slice(2));
  const host = await installedHost();
  if (launch.command !== undefined) {
    process.stdout.write(await withDirs(launch, (dirs) => serverCommand(host, dirs, launch.command ?? [])));
    return 0;
  }
  if (launch.extensionTestsPath === undefined) {
    throw new ScriptError("This launcher runs extension tests and manages extensions. To see VS Code, run: npm start");
  }
  const abort = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => abort.abort());
  try {
    await runHostTests(host, launch, abort.signal);
    return 0;
  } catch (error) {
    if (abort.signal.aborted) return interrupted;
    throw error;
  }
});

/** Without folders of its own, a command gets temporary ones: never those of an installed VS Code. */
async function withDirs<Result>(
  launch: LaunchArguments,
  use: (dirs: { userDataDir: string; extensionsDir: string }) => Promise<Result>,
): Promise<Result> {
  const temporary = await mkdtemp(join(tmpdir(), "vscode-host-"));
  try {
    return await use({
      userDataDir: launch.userDataDir ?? join(temporary, "user-data"),
      extensionsDir: launch.extensionsDir ?? join(temporary, "extensions"),
    });
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

/**
 * `npm start`: this extension at work, with nothing to prepare. Builds, starts the sandbox with the people of
 * samples/sandbox.json, runs the initial cycle of the sample job against it, and opens a copy of samples/ with the
 * extension connected: in the desktop VS Code where `code` is on the PATH, else in a browser-hosted one. Ctrl-C ends all.
 *
 *     npm start -- --headless   the same without a screen: the cycle, then connect, list, change one user, diff, push, read back
 *     npm start -- --browser    the browser-hosted VS Code even where there is a desktop
 *     npm start -- --port N     where the browser-hosted VS Code listens (default: any free port)
 */
import { spawn } from "node:child_process";
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { ensureBuilt } from "./lib/build.ts";
import { Cleanup } from "./lib/cleanup.ts";
import { findDesktop, openDesktop } from "./lib/desktop.ts";
import { ensurePackage } from "./lib/package.ts";
import { main, paths, root, say, ScriptError } from "./lib/project.ts";
import { startSandboxProcess, type RunningSandbox } from "./lib/sandbox.ts";
import { copySamples } from "./lib/samples.ts";
import { ensureHost } from "./vscode-host/install.ts";
import { startProxy } from "./vscode-host/proxy.ts";
import { serverCommand, startServer } from "./vscode-host/server.ts";
import { visitSettings, writeUserSettings } from "./vscode-host/settings.ts";

const whatToDo = `
Open SCIM in the activity bar: the sandbox's users and groups. Open a user, change something, save;
Source Control shows the change as a diff; Push sends it. The directory is that of the next day meanwhile: preview the
job to see who comes, changes and leaves. Ctrl-C here ends everything.`;

const interrupted = new AbortController();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => interrupted.abort());

await main(async () => {
  const { values } = parseArgs({
    options: { headless: { type: "boolean" }, browser: { type: "boolean" }, port: { type: "string", default: "0" } },
  });
  const cleanup = new Cleanup();
  try {
    await ensureBuilt();
    const sandbox = await startSandboxProcess(join(paths.samples, "sandbox.json"));
    cleanup.defer(() => sandbox.stop());
    say(`Sandbox    a SCIM service like a Databricks workspace's, with sample people\n           ${sandbox.baseUrl}`);
    const folder = await mkdtemp(join(tmpdir(), "scim-start-"));
    cleanup.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }));
    const visit = await prepareVisit(folder, sandbox);
    say(`Workspace  a copy of samples/, gone at the end\n           ${visit.workspace}`);
    await initialCycle(visit.workspace, sandbox);
    if (values.headless === true) return await cli(["demo", sandbox.baseUrl], sandbox);
    await nextDay(visit.workspace);
    const desktop = values.browser === true ? undefined : findDesktop();
    if (desktop === undefined) await visitInBrowser(visit, Number(values.port), cleanup);
    else await visitOnDesktop(desktop, visit, cleanup);
    return 0;
  } finally {
    await cleanup.run();
  }
});

interface Visit {
  readonly workspace: string;
  readonly userDataDir: string;
  readonly extensionsDir: string;
  readonly env: Readonly<Record<string, string>>;
}

async function prepareVisit(folder: string, { baseUrl, token }: RunningSandbox): Promise<Visit> {
  const workspace = join(folder, "samples");
  await copySamples(workspace, baseUrl);
  const userDataDir = join(folder, "user-data");
  await writeUserSettings(userDataDir, visitSettings);
  // How the extension learns of the sandbox: through a file that only this user may read, never through an argument.
  const sandboxFile = join(folder, "sandbox.json");
  await writeFile(sandboxFile, JSON.stringify({ baseUrl, token, name: "Sandbox" }), { mode: 0o600 });
  return { workspace, userDataDir, extensionsDir: join(folder, "extensions"), env: { SCIM_SANDBOX: sandboxFile } };
}

/** The plan of the sample job, and then the cycle that makes it so. */
async function initialCycle(workspace: string, sandbox: RunningSandbox): Promise<void> {
  const job = join(workspace, "databricks.provisioning.json");
  say("Job        databricks.provisioning.json: its plan, and then its initial cycle\n");
  const planned = await cli(["plan", job], sandbox);
  if (planned !== 2) throw new ScriptError(`The plan of the sample job ended with ${planned}.`);
  say("");
  const cycled = await cli(["cycle", job], sandbox);
  if (cycled !== 0) throw new ScriptError(`The initial cycle of the sample job ended with ${cycled}.`);
  say("");
}

/** Lets the directory of the next day come, so that the editor has something to preview. */
async function nextDay(workspace: string): Promise<void> {
  await cp(join(workspace, "tomorrow"), join(workspace, "directory"), { recursive: true });
}

/** Runs the built command line against the sandbox, and gives its exit code. */
async function cli(args: readonly string[], { token }: RunningSandbox): Promise<number> {
  const child = spawn(process.execPath, [paths.cli, ...args], {
    env: { ...process.env, SCIM_TOKEN: token },
    stdio: ["ignore", "inherit", "inherit"],
  });
  return new Promise((resolve, reject) => {
    child.on("error", (error) => reject(new ScriptError(`The command line did not start: ${error.message}`)));
    child.on("exit", (code) => resolve(code ?? 1));
  });
}

async function visitOnDesktop(code: string, visit: Visit, cleanup: Cleanup): Promise<void> {
  const window = openDesktop(code, { ...visit, open: visit.workspace, extensionDevelopmentPath: root });
  cleanup.defer(() => window.close());
  say(`VS Code    opens in a window of its own (${code}), apart from your settings and extensions`);
  say(whatToDo);
  await Promise.race([window.closed, interruption()]);
}

async function visitInBrowser(visit: Visit, port: number, cleanup: Cleanup): Promise<void> {
  const [host, { file }] = await Promise.all([ensureHost(), ensurePackage()]);
  await serverCommand(host, visit, ["--install-extension", file]);
  const server = await startServer(host, visit);
  cleanup.defer(() => server.stop());
  const proxy = await startProxy(server, port).catch((error: unknown) => {
    throw new ScriptError(`Port ${port} cannot be used: ${error instanceof Error ? error.message : String(error)}`);
  });
  cleanup.defer(() => proxy.close());
  const url = new URL(server.url({ open: visit.workspace }));
  url.port = String(proxy.port);
  say("VS Code    in your browser; the address holds the key, whoever has it works on this machine as you");
  process.stdout.write(`           ${url.href}\n`);
  say(whatToDo);
  const ended = server.ended.then(() => {
    if (!interrupted.signal.aborted) throw new ScriptError(`The VS Code server ended:\n${server.log().trimEnd()}`);
  });
  await Promise.race([ended, interruption()]);
}

function interruption(): Promise<void> {
  const { signal } = interrupted;
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}

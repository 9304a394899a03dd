/** The server half of a browser-hosted VS Code: it serves the workbench on loopback and runs the extension host. */
import { spawn, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { mustRun, ScriptError } from "../lib/project.ts";
import type { VsCodeHost } from "./install.ts";

export interface ServerOptions {
  readonly userDataDir: string;
  readonly extensionsDir: string;
  /** Honour development and test extensions named in the page's address. Also silences notifications. */
  readonly smokeTestDriver?: boolean;
  /** Further environment of the extension host; undefined takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Whether VS Code asks about the trust in a workspace; without it every workspace is trusted. */
  readonly workspaceTrust?: boolean;
  /** 0 for any free one. What a page stores belongs to its port: reuse it to test a restart. */
  readonly port?: number;
}

export interface Server {
  readonly port: number;
  readonly token: string;
  /** Settles when the server ends by itself or is stopped. */
  readonly ended: Promise<void>;
  /** What the server wrote so far. */
  log(): string;
  /** Address of the workbench on a folder or `.code-workspace` file, or on an empty window. */
  url(target: WindowTarget): string;
  /** Ends the server and everything it started. */
  stop(): Promise<void>;
}

export interface WindowTarget {
  /** Absolute path of a folder or a `.code-workspace` file. */
  readonly open?: string;
  readonly extensionDevelopmentPaths?: readonly string[];
  readonly extensionTestsPath?: string;
}

const startTimeout = 60_000;

/**
 * Starts a server and waits until it listens.
 * @throws ScriptError with the server's output when it ends or stays silent instead.
 */
export async function startServer(host: VsCodeHost, options: ServerOptions): Promise<Server> {
  const token = randomBytes(24).toString("hex");
  const tokenFile = join(options.userDataDir, `connection-token-${process.pid}`);
  await mkdir(options.userDataDir, { recursive: true });
  await mkdir(options.extensionsDir, { recursive: true });
  await writeFile(tokenFile, token, { mode: 0o600 });
  // Its own process group: the extension host and the rest of its children end with it.
  const child = spawn(
    host.node,
    [
      host.serverMain,
      ...["--accept-server-license-terms", "--telemetry-level", "off", "--host", "127.0.0.1"],
      ...["--port", String(options.port ?? 0), "--connection-token-file", tokenFile],
      ...["--user-data-dir", options.userDataDir, "--extensions-dir", options.extensionsDir],
      ...["--disable-getting-started-override", "--force-disable-user-env"],
      ...(options.workspaceTrust === true ? [] : ["--disable-workspace-trust"]),
      ...(options.smokeTestDriver === true ? ["--enable-smoke-test-driver"] : []),
    ],
    { env: hostEnvironment(options.env), stdio: ["ignore", "pipe", "pipe"], detached: true },
  );
  const output: string[] = [];
  child.stdout.setEncoding("utf8").on("data", (text: string) => output.push(text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => output.push(text));
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const killWithParent = () => killGroup(child, "SIGKILL");
  process.once("exit", killWithParent);
  const stop = async () => {
    killGroup(child, "SIGTERM");
    const killer = setTimeout(() => killGroup(child, "SIGKILL"), 3000);
    await ended;
    clearTimeout(killer);
    killGroup(child, "SIGKILL");
    process.off("exit", killWithParent);
    await rm(tokenFile, { force: true });
  };
  const log = () => output.join("");
  const port = await listening(child, log).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  return { port, token, ended, log, stop, url: (target) => windowUrl(port, token, target) };
}

/** Runs one of the server's own commands, such as `--install-extension FILE`, and gives what it wrote. */
export async function serverCommand(
  host: VsCodeHost,
  dirs: { userDataDir: string; extensionsDir: string },
  command: readonly string[],
): Promise<string> {
  const flags = ["--user-data-dir", dirs.userDataDir, "--extensions-dir", dirs.extensionsDir];
  await mkdir(dirs.extensionsDir, { recursive: true });
  return mustRun(host.node, [host.serverMain, ...flags, ...command], {
    quiet: true,
    env: { EXTENSIONS_GALLERY: "{}" },
  });
}

/** No gallery look-ups, and no trace of a VS Code whose terminal this may run in. */
function hostEnvironment(extra: ServerOptions["env"]): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = { ...process.env, EXTENSIONS_GALLERY: "{}", ...extra };
  const foreign = ["ELECTRON_RUN_AS_NODE", "NODE_OPTIONS"];
  return Object.fromEntries(
    Object.entries(env).filter(([name, value]) => {
      return value !== undefined && !name.startsWith("VSCODE_IPC") && !foreign.includes(name);
    }),
  );
}

function listening(child: ChildProcess, log: () => string): Promise<number> {
  return new Promise((resolve, reject) => {
    const fail = (what: string) => {
      clearTimeout(timer);
      reject(new ScriptError(`The VS Code server ${what}:\n${log().trimEnd()}`));
    };
    const timer = setTimeout(() => fail(`did not listen within ${startTimeout / 1000} s`), startTimeout);
    child.once("error", (error) => fail(`did not start (${error.message})`));
    child.once("exit", (code, signal) => fail(`ended with ${signal ?? `exit code ${code ?? 1}`} before it listened`));
    child.stdout?.on("data", () => {
      // The token file is read between the two lines: the second one says that the server is ready.
      const port = /Extension host agent listening on (\d+)/.exec(log())?.[1];
      if (port === undefined || !log().includes("Extension host agent started")) return;
      clearTimeout(timer);
      resolve(Number(port));
    });
  });
}

function killGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // No process of the group is left.
  }
}

function windowUrl(port: number, token: string, target: WindowTarget): string {
  const url = new URL(`http://127.0.0.1:${port}/`);
  url.searchParams.set("tkn", token);
  if (target.open === undefined) url.searchParams.set("ew", "true");
  else url.searchParams.set(target.open.endsWith(".code-workspace") ? "workspace" : "folder", target.open);
  const remote = (path: string) => `vscode-remote://remote${path}`;
  const payload = (target.extensionDevelopmentPaths ?? []).map((path) => ["extensionDevelopmentPath", remote(path)]);
  if (target.extensionTestsPath !== undefined) payload.push(["extensionTestsPath", remote(target.extensionTestsPath)]);
  if (payload.length > 0) url.searchParams.set("payload", JSON.stringify(payload));
  return url.href;
}

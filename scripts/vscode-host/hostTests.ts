/** Runs a test entry inside the extension host of a browser-hosted VS Code. */
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import * as z from "zod";
import { findChromium } from "../lib/chromium.ts";
import { Cleanup } from "../lib/cleanup.ts";
import { ScriptError } from "../lib/project.ts";
import { openBrowser } from "./browser.ts";
import type { VsCodeHost } from "./install.ts";
import type { LaunchArguments } from "./launchArguments.ts";
import { startServer } from "./server.ts";
import { quietSettings, writeUserSettings } from "./settings.ts";

const wrapper = fileURLToPath(new URL("testEntry.cjs", import.meta.url));
const connectTimeout = 90_000;

const messageSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("output"), stream: z.union([z.literal(1), z.literal(2)]), text: z.string() }),
  z.object({ type: z.literal("passed") }),
  z.object({ type: z.literal("failed"), text: z.string() }),
]);

/**
 * Runs the tests and relays what they write.
 * @param signal ends everything at once; the promise then rejects with its reason.
 * @throws ScriptError when the tests fail, the entry is missing, or the host ends without a report: silence is failure.
 */
export async function runHostTests(host: VsCodeHost, launch: LaunchArguments, signal: AbortSignal): Promise<void> {
  const entry = launch.extensionTestsPath;
  if (entry === undefined || !existsSync(entry)) {
    throw new ScriptError(`The test entry ${entry ?? "(none)"} does not exist. --extensionTestsPath must name a file.`);
  }
  if (launch.extensionDevelopmentPaths.length === 0) {
    throw new ScriptError("--extensionTestsPath needs --extensionDevelopmentPath beside it, or VS Code runs no test.");
  }
  const chromium = await findChromium();
  if (chromium === undefined) throw new ScriptError("No Chromium is installed. Run: npm run setup");
  const temporary = await mkdtemp(join(tmpdir(), "vscode-host-"));
  const cleanup = new Cleanup();
  cleanup.defer(() => rm(temporary, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }));
  try {
    const userDataDir = launch.userDataDir ?? join(temporary, "user-data");
    await writeUserSettings(userDataDir, quietSettings);
    const socketPath = join(temporary, "report.sock");
    const report = listenForReport(socketPath);
    cleanup.defer(() => report.close());
    const server = await startServer(host, {
      userDataDir,
      extensionsDir: launch.extensionsDir ?? join(temporary, "extensions"),
      smokeTestDriver: true,
      env: { SCIM_HOST_SOCKET: socketPath, SCIM_HOST_ENTRY: entry },
    });
    cleanup.defer(() => server.stop());
    signal.throwIfAborted();
    const context = await openBrowser({ executablePath: chromium, userDataDir });
    cleanup.defer(() => context.close());
    signal.throwIfAborted();
    const page = context.pages()[0] ?? (await context.newPage());
    await page.exposeFunction("codeAutomationLog", () => undefined);
    await page.exposeFunction("codeAutomationExit", () => undefined);
    await page.goto(server.url({ ...launch, extensionTestsPath: wrapper }));
    page.once("crash", () => report.fail("The workbench's page crashed before the tests reported."));
    void server.ended.then(() =>
      report.fail(`The VS Code server ended before the tests reported:\n${tail(server.log())}`),
    );
    signal.addEventListener("abort", () => report.fail("Interrupted."), { once: true });
    const silence = setTimeout(() => {
      if (report.isConnected()) return;
      report.fail(`No test entry started within ${connectTimeout / 1000} s:\n${tail(server.log())}`);
    }, connectTimeout);
    cleanup.defer(() => clearTimeout(silence));
    await report.result;
  } finally {
    await cleanup.run();
  }
}

/** The result that arrives over the socket. The first of report, silence and failure counts. */
function listenForReport(socketPath: string) {
  const sockets = new Set<Socket>();
  const end: { pass(): void; fail(message: string): void } = { pass: () => undefined, fail: () => undefined };
  const result = new Promise<void>((resolve, reject) => {
    end.pass = resolve;
    end.fail = (message) => reject(new ScriptError(message));
  });
  // A failure before anyone waits is kept for who waits later.
  result.catch(() => undefined);
  const server = createServer((socket) => {
    sockets.add(socket);
    const lines = createInterface({ input: socket });
    socket.on("error", () => lines.close());
    lines.on("line", (line) => {
      const message = messageSchema.parse(JSON.parse(line));
      if (message.type === "output") (message.stream === 1 ? process.stdout : process.stderr).write(message.text);
      else if (message.type === "passed") end.pass();
      else end.fail(`Tests failed: ${message.text}`);
    });
    // After the last line, so that a report that came in time counts.
    lines.on("close", () => end.fail("The extension host ended before the tests reported a result."));
  }).listen(socketPath);
  return {
    result,
    fail: (message: string) => end.fail(message),
    isConnected: () => sockets.size > 0,
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

function tail(text: string): string {
  return text.trimEnd().split("\n").slice(-20).join("\n");
}

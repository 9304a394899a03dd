import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { root } from "../../../scripts/lib/project.ts";

let folder: string;
let running: ChildProcess | undefined;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "start-test-"));
});
afterEach(async () => {
  running?.kill("SIGKILL");
  await rm(folder, { recursive: true, force: true });
});

interface Started {
  readonly process: ChildProcess;
  readonly output: () => string;
  /** Waits until the output matches and gives the match. */
  readonly until: (pattern: RegExp) => Promise<RegExpExecArray>;
  /** Waits for the end and gives the exit code. */
  readonly ended: Promise<number | null>;
}

/** Runs what `npm start` runs, with temporary files in the test's folder. */
function start(startArguments: readonly string[], env: Record<string, string> = {}): Started {
  const child = spawn(process.execPath, [join(root, "scripts/run.mjs"), "scripts/start.ts", ...startArguments], {
    env: { ...process.env, TMPDIR: folder, ...env },
  });
  running = child;
  let output = "";
  const ended = once(child, "close").then(([code]) => code as number | null);
  const until = (pattern: RegExp) =>
    new Promise<RegExpExecArray>((resolve, reject) => {
      const look = () => {
        const match = pattern.exec(output);
        if (match !== null) resolve(match);
      };
      child.stdout.on("data", look);
      child.stderr.on("data", look);
      void ended.then(() => reject(new Error(`ended without ${String(pattern)}:\n${output}`)));
      look();
    });
  const collect = (text: string) => {
    output += text;
  };
  child.stdout.setEncoding("utf8").on("data", collect);
  child.stderr.setEncoding("utf8").on("data", collect);
  return { process: child, output: () => output, until, ended };
}

interface Answer {
  readonly status: number | undefined;
  readonly cookie: string | undefined;
  readonly bytes: number;
}

function ask(method: string, url: string, headers: Record<string, string> = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { method, headers }, (response) => {
      const cookie = response.headers["set-cookie"]?.[0]?.split(";")[0];
      let bytes = 0;
      response.on("data", (chunk: Buffer) => (bytes += chunk.length));
      response.on("end", () => resolve({ status: response.statusCode, cookie, bytes }));
    });
    asked.on("error", reject).end();
  });
}

describe("npm start -- --headless", () => {
  it("does the job without a screen and ends with 0", async () => {
    const started = start(["--headless"]);
    expect(await started.ended, started.output()).toBe(0);
  });
});

describe("npm start in the browser", () => {
  it("serves VS Code to who holds the address, to nobody else, and leaves nothing behind", async () => {
    const started = start(["--browser"]);
    const [address] = await started.until(/http:\/\/127\.0\.0\.1:\d+\/\?tkn=\S+/);
    const [sandbox] = await started.until(/http:\/\/127\.0\.0\.1:\d+\/api\S+/);
    const url = new URL(address);

    const page = await ask("GET", address);
    expect(page.cookie).toMatch(/^vscode-tkn=/);
    expect((await ask("GET", url.origin)).status).toBe(403);
    expect((await ask("GET", address, { host: `attacker.example:${url.port}` })).status).toBe(421);

    const key = { cookie: page.cookie ?? "" };
    expect(await ask("POST", `${url.origin}/mint-key`, key)).toMatchObject({ status: 200, bytes: 32 });
    expect((await ask("POST", `${url.origin}/mint-key`)).status).toBe(403);
    expect((await ask("POST", `${url.origin}/mint-key`, { cookie: "vscode-tkn=guess" })).status).toBe(403);
    expect((await ask("GET", `${sandbox}/Users`)).status).toBe(401);

    started.process.kill("SIGINT");
    expect(await started.ended, started.output()).toBe(0);
    await expect(ask("GET", address)).rejects.toThrow("ECONNREFUSED");
    await expect(ask("GET", sandbox)).rejects.toThrow("ECONNREFUSED");
    await expect(stat(url.searchParams.get("folder") ?? "")).rejects.toThrow("ENOENT");
  });
});

describe("npm start where code is on the PATH", () => {
  /** Stands for the desktop's `code`: says what it was given, then waits as `--wait` does. */
  const desktop = `#!/usr/bin/env node
const { readFileSync, statSync, writeFileSync } = require("node:fs");
const sandboxFile = process.env.SCIM_SANDBOX;
writeFileSync(process.env.REPORT, JSON.stringify({
  arguments: process.argv.slice(2),
  sandbox: JSON.parse(readFileSync(sandboxFile, "utf8")),
  mode: statSync(sandboxFile).mode & 0o777,
}));
setInterval(() => undefined, 1000);
`;

  it("opens a window apart from the person's own settings, tells it of the sandbox, and ends with it", async () => {
    const report = join(folder, "report.json");
    await writeFile(join(folder, "code"), desktop);
    await chmod(join(folder, "code"), 0o755);
    const path = folder + delimiter + (process.env["PATH"] ?? "");
    const started = start([], { PATH: path, REPORT: report });
    await started.until(/Ctrl-C/);
    const given = await eventually(async () => JSON.parse(await readFile(report, "utf8")));
    expect(given.arguments).toContain(`--extensionDevelopmentPath=${root}`);
    expect(given.arguments).toContainEqual(expect.stringMatching(/^--user-data-dir=.*scim-start-/));
    expect(given.sandbox).toMatchObject({ name: "Sandbox", baseUrl: expect.stringContaining("127.0.0.1") });
    expect(given.mode).toBe(0o600);
    expect(given.arguments.join(" ")).not.toContain(given.sandbox.token);
    expect(started.output()).not.toContain(given.sandbox.token);

    started.process.kill("SIGTERM");
    expect(await started.ended).toBe(0);
    await expect(ask("GET", given.sandbox.baseUrl)).rejects.toThrow("ECONNREFUSED");
  });
});

/** Tries again until it does not throw; the test's own time limit ends it. */
async function eventually<Value>(attempt: () => Promise<Value>): Promise<Value> {
  for (;;) {
    try {
      return await attempt();
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

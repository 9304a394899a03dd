import { spawn } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { root } from "../../../scripts/lib/project.ts";

const launcher = join(root, "scripts/vscode-host/launch.ts");
const runMocha = join(root, "scripts/vscode-host/runMocha.cjs");
const fixtures = join(root, "test/integration/host/fixtures");

let temporary: string;
beforeAll(async () => {
  temporary = await mkdtemp(join(tmpdir(), "launcher-test-"));
});
afterAll(() => rm(temporary, { recursive: true, force: true }));

interface Launch {
  readonly arguments: readonly string[];
  readonly env?: Record<string, string>;
  /** Called with all output so far, at each piece of it. */
  readonly onOutput?: (output: string, kill: (signal: NodeJS.Signals) => void) => void;
}

async function launch(options: Launch): Promise<{ code: number | null; output: string }> {
  const child = spawn(launcher, options.arguments, { env: { ...process.env, NO_COLOR: "1", ...options.env } });
  let output = "";
  const collect = (text: string) => {
    output += text;
    options.onOutput?.(output, (signal) => child.kill(signal));
  };
  child.stdout.setEncoding("utf8").on("data", collect);
  child.stderr.setEncoding("utf8").on("data", collect);
  const code = await new Promise<number | null>((resolve, reject) => child.on("error", reject).on("close", resolve));
  return { code, output };
}

const developing = `--extensionDevelopmentPath=${root}`;

const suite = (folder: string): Launch => ({
  arguments: [`--extensionTestsPath=${runMocha}`, developing, join(root, "samples")],
  env: { SCIM_TEST_FOLDER: join(fixtures, folder), SCIM_TEST_RESULTS: join(temporary, `${folder}.json`) },
});

const results = async (folder: string): Promise<unknown> =>
  JSON.parse(await readFile(join(temporary, `${folder}.json`), "utf8"));

describe("a test run in the browser-hosted VS Code", () => {
  it("passes when every test passes, and relays what the tests write", async () => {
    const { code, output } = await launch(suite("passing"));
    expect(output).toContain(`workspace ${join(root, "samples")}`);
    expect(output).toContain("1 passing");
    expect(await results("passing")).toEqual({ passed: 1, failed: 0 });
    expect(code).toBe(0);
  });

  it("fails when a test fails", async () => {
    const { code, output } = await launch(suite("failing"));
    expect(output).toContain("1 of 1 tests failed");
    expect(await results("failing")).toEqual({ passed: 0, failed: 1 });
    expect(code).toBe(1);
  });

  it("fails when no test runs", async () => {
    const { code, output } = await launch(suite("empty"));
    expect(output).toContain("No test ran");
    expect(code).toBe(1);
  });

  it("fails when the extension host dies before it reports", async () => {
    const { code, output } = await launch({
      arguments: [`--extensionTestsPath=${join(fixtures, "dies.cjs")}`, developing],
    });
    expect(output).toContain("The extension host ended before the tests reported a result.");
    expect(code).toBe(1);
  });

  it("fails at once when the test entry is missing", async () => {
    const { code, output } = await launch({
      arguments: [`--extensionTestsPath=${join(fixtures, "missing.cjs")}`, developing],
    });
    expect(output).toContain("missing.cjs does not exist");
    expect(code).toBe(1);
  });

  it("fails at once without an extension under development, since VS Code would then run no test", async () => {
    const { code, output } = await launch({ arguments: [`--extensionTestsPath=${join(fixtures, "dies.cjs")}`] });
    expect(output).toContain("--extensionDevelopmentPath");
    expect(code).toBe(1);
  });

  it("ends with 130 and leaves no process when it is terminated", async () => {
    const userDataDir = join(temporary, "terminated");
    const { code } = await launch({
      arguments: [`--extensionTestsPath=${join(fixtures, "waits.cjs")}`, developing, `--user-data-dir=${userDataDir}`],
      onOutput: (output, kill) => {
        if (output.includes("waiting")) kill("SIGTERM");
      },
    });
    expect(code).toBe(130);
    expect(await commandLinesNaming(userDataDir)).toEqual([]);
  });
});

describe("the launcher's other commands", () => {
  it("tells the version of VS Code", async () => {
    const { code, output } = await launch({ arguments: ["--version"] });
    expect(output).toMatch(/^1\.\d+\.\d+\n/);
    expect(code).toBe(0);
  });

  it("lists no extension in a fresh folder", async () => {
    const { code, output } = await launch({ arguments: ["--list-extensions", "--extensions-dir", temporary] });
    expect(output.trim()).toBe("");
    expect(code).toBe(0);
  });

  it("fails to install a file that is no extension", async () => {
    const { code, output } = await launch({ arguments: ["--install-extension", join(fixtures, "missing.vsix")] });
    expect(output).toContain("missing.vsix");
    expect(code).toBe(1);
  });

  it("says what it is for when there is nothing to do", async () => {
    const { code, output } = await launch({ arguments: [] });
    expect(output).toContain("npm start");
    expect(code).toBe(1);
  });
});

/** Command lines of all running processes that name the path. */
async function commandLinesNaming(path: string): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir("/proc")) {
    if (!/^\d+$/.test(entry)) continue;
    const commandLine = await readFile(`/proc/${entry}/cmdline`, "utf8").catch(() => "");
    if (commandLine.includes(path)) found.push(commandLine.replaceAll("\0", " "));
  }
  return found;
}

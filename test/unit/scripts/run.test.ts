import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { root } from "../../../scripts/lib/project.ts";

let folder: string;
/** A clone in small: run.mjs, a lock file with one package, a script, and an `npm` that only says what it was asked. */
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "run-test-"));
  await mkdir(join(folder, "scripts"));
  await mkdir(join(folder, "tools"));
  await copyFile(join(root, "scripts/run.mjs"), join(folder, "scripts/run.mjs"));
  await writeFile(join(folder, "package-lock.json"), lock({ "node_modules/tool": { version: "1.2.3" } }));
  await writeFile(
    join(folder, "scripts/hello.ts"),
    "const words: string[] = process.argv.slice(2);\nconsole.log(words);",
  );
  await writeFile(join(folder, "tools/npm"), '#!/bin/sh\necho "$@" > "$NPM_ASKED"\nexit ${NPM_ENDS_WITH:-0}\n');
  await chmod(join(folder, "tools/npm"), 0o755);
});
afterEach(() => rm(folder, { recursive: true }));

const lock = (packages: Record<string, unknown>) => JSON.stringify({ packages: { "": {}, ...packages } });

async function installed(packages: Record<string, unknown>): Promise<void> {
  await mkdir(join(folder, "node_modules"));
  await writeFile(join(folder, "node_modules/.package-lock.json"), lock(packages));
}

async function run(script: string, options: { env?: Record<string, string>; signal?: NodeJS.Signals } = {}) {
  const child = spawn(process.execPath, [join(folder, "scripts/run.mjs"), script, "one", "two words"], {
    env: {
      ...process.env,
      PATH: join(folder, "tools") + delimiter + (process.env["PATH"] ?? ""),
      NPM_ASKED: join(folder, "asked"),
      ...options.env,
    },
  });
  let output = "";
  const collect = (text: string) => {
    output += text;
    if (options.signal !== undefined && output.includes("ready")) child.kill(options.signal);
  };
  child.stdout.setEncoding("utf8").on("data", collect);
  child.stderr.setEncoding("utf8").on("data", collect);
  const [code] = (await once(child, "close")) as [number | null];
  const asked = await readFile(join(folder, "asked"), "utf8").catch(() => undefined);
  return { code, output, asked };
}

describe("running a script from a clone", () => {
  it("installs the packages first where there are none", async () => {
    const { code, output, asked } = await run("scripts/hello.ts");
    expect(asked).toMatch(/^ci /);
    expect(output).toContain("(none installed)");
    expect(output).toContain("[ 'one', 'two words' ]");
    expect(code).toBe(0);
  });

  it("installs them anew where another version is installed, and says which", async () => {
    await installed({ "node_modules/tool": { version: "1.2.2" } });
    const { asked, output } = await run("scripts/hello.ts");
    expect(asked).toMatch(/^ci /);
    expect(output).toContain("tool is 1.2.2, wanted 1.2.3");
  });

  it("installs nothing where the locked versions are there", async () => {
    await installed({ "node_modules/tool": { version: "1.2.3" } });
    const { code, asked } = await run("scripts/hello.ts");
    expect(asked).toBeUndefined();
    expect(code).toBe(0);
  });

  it("does not miss what another system alone would have", async () => {
    await writeFile(
      join(folder, "package-lock.json"),
      lock({ "node_modules/tool": { version: "1.2.3" }, "node_modules/other": { version: "1.0.0", optional: true } }),
    );
    await installed({ "node_modules/tool": { version: "1.2.3" } });
    expect((await run("scripts/hello.ts")).asked).toBeUndefined();
  });

  it("stops when the install fails", async () => {
    const { code, output } = await run("scripts/hello.ts", { env: { NPM_ENDS_WITH: "7" } });
    expect(output).toContain("npm ci failed");
    expect(output).not.toContain("two words");
    expect(code).toBe(1);
  });

  it("uses the Node.js that the packages brought", async () => {
    await installed({ "node_modules/tool": { version: "1.2.3" } });
    await mkdir(join(folder, "node_modules/.bin"));
    await symlink(process.execPath, join(folder, "node_modules/.bin/node"));
    await writeFile(join(folder, "scripts/which.ts"), "console.log(process.argv0, process.env.PATH);");
    const { output } = await run("scripts/which.ts");
    expect(output.startsWith(`${folder}/node_modules/.bin/node ${folder}/node_modules/.bin:`)).toBe(true);
  });

  it("ends as the script ends", async () => {
    await installed({ "node_modules/tool": { version: "1.2.3" } });
    await writeFile(join(folder, "scripts/fails.ts"), "process.exitCode = 42;");
    expect((await run("scripts/fails.ts")).code).toBe(42);
  });

  it("passes a signal on and lets the script decide how to end", async () => {
    await installed({ "node_modules/tool": { version: "1.2.3" } });
    await writeFile(
      join(folder, "scripts/waits.ts"),
      'process.on("SIGTERM", () => process.exit(5)); setInterval(() => undefined, 1000); console.log("ready");',
    );
    expect((await run("scripts/waits.ts", { signal: "SIGTERM" })).code).toBe(5);
  });
});

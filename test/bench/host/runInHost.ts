import { mkdtemp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { ensureBuilt } from "../../../scripts/lib/build.ts";
import { ensureChromium } from "../../../scripts/lib/chromium.ts";
import { paths, root } from "../../../scripts/lib/project.ts";
import { runHostTests } from "../../../scripts/vscode-host/hostTests.ts";
import { ensureHost } from "../../../scripts/vscode-host/install.ts";

/** What a script of a benchmark finds in its environment, and where it leaves what it measured. */
export interface HostRun {
  /** Files of the workspace, by their names. */
  readonly files?: Readonly<Record<string, string>>;
  /** A folder with a folder for each extension that is installed beside ours. */
  readonly extensionsDir?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** The variable that names the file for the result. */
export const resultVariable = "SCIM_BENCH_RESULT";

/**
 * Runs a script of this folder inside the extension host of a fresh VS Code, beside the extension as it is built.
 *
 * @param script its name, without `.ts`; it exports `run`
 * @returns what it wrote into the file that `SCIM_BENCH_RESULT` names
 */
export async function runInHost(script: string, { files = {}, extensionsDir, env = {} }: HostRun): Promise<unknown> {
  await ensureBuilt();
  await ensureChromium();
  const host = await ensureHost();
  const temporary = await mkdtemp(join(tmpdir(), "scim-bench-host-"));
  const entry = join(paths.out, "bench", `${script}.cjs`);
  const result = join(temporary, "result.json");
  const workspace = join(temporary, "workspace");
  const before = { ...process.env };
  try {
    await build({
      bundle: true,
      platform: "node",
      format: "cjs",
      external: ["vscode"],
      entryPoints: [join(root, "test/bench/host", `${script}.ts`)],
      outfile: entry,
      logLevel: "warning",
    });
    await mkdir(workspace);
    for (const [name, text] of Object.entries(files)) await writeFile(join(workspace, name), text);
    Object.assign(process.env, env, { [resultVariable]: result });
    await runHostTests(
      host,
      {
        userDataDir: join(temporary, "user-data"),
        extensionsDir: extensionsDir ?? join(temporary, "extensions"),
        open: workspace,
        extensionDevelopmentPaths: [root],
        extensionTestsPath: entry,
      },
      new AbortController().signal,
    );
    return JSON.parse(await readFile(result, "utf8"));
  } finally {
    process.env = before;
    await rm(temporary, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}

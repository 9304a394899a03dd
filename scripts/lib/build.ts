import { chmod, copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as esbuild from "esbuild";
import { extensionTestBundles, productBundles } from "./bundles.ts";
import { paths, root, say, ScriptError, seconds } from "./project.ts";
import { sourceMark } from "./sourceMark.ts";

const stampFile = join(paths.dist, ".built");
const sources = [
  "src",
  "test/extension",
  "scripts/lib/bundles.ts",
  "scripts/cli.js",
  "package-lock.json",
  "tsconfig.json",
];

export interface BuildOptions {
  readonly watch?: boolean;
}

/**
 * Builds everything, or goes on rebuilding until the process ends.
 * @throws ScriptError when the sources do not bundle; esbuild has written the places to standard error.
 */
export async function build({ watch = false }: BuildOptions = {}): Promise<void> {
  const started = Date.now();
  const mark = await sourceMark(sources);
  await rm(paths.dist, { recursive: true, force: true });
  await rm(join(paths.out, "extension"), { recursive: true, force: true });
  await mkdir(paths.dist, { recursive: true });
  const bundles = [...(await productBundles({ watch })), ...(await extensionTestBundles())];
  await copyFile(join(root, "scripts/cli.js"), paths.cli);
  await chmod(paths.cli, 0o755);
  if (watch) {
    const contexts = await Promise.all(bundles.map((options) => esbuild.context({ ...options, plugins: [reporter] })));
    await Promise.all(contexts.map((context) => context.watch()));
    return;
  }
  try {
    await Promise.all(bundles.map((options) => esbuild.build(options)));
  } catch (error) {
    throw new ScriptError(`Build failed: ${error instanceof Error ? error.message : String(error)}`);
  }
  await writeFile(stampFile, mark);
  say(`Built dist/ in ${seconds(started)}`);
}

/** Builds unless dist/ already stands for the sources as they are now. */
export async function ensureBuilt(): Promise<void> {
  const stamp = await readFile(stampFile, "utf8").catch(() => "");
  if (stamp !== (await sourceMark(sources))) await build();
}

/** The two lines that the background task of .vscode/tasks.json waits for. */
const reporter: esbuild.Plugin = {
  name: "reporter",
  setup(context) {
    context.onStart(() => say("[watch] build started"));
    context.onEnd((result) => {
      for (const { text, location } of result.errors) {
        say(`✘ [ERROR] ${text}\n    ${location?.file ?? ""}:${location?.line ?? 0}:${location?.column ?? 0}:`);
      }
      say("[watch] build finished");
    });
  },
};

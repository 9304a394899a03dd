import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { figure, median, type Figure } from "./figure.ts";
import type { Activations } from "./host/activation.ts";
import { runInHost } from "./host/runInHost.ts";

const rounds = 5;
const empties = 6;
/** What we may take longer than an empty extension, in milliseconds. */
const allowance = 15;

/** Our activation in a real VS Code beside that of empty extensions, in the same extension host; a fresh VS Code each round. */
export async function activationSuite(): Promise<readonly Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), "scim-bench-empty-"));
  try {
    const names = Array.from({ length: empties }, (_, at) => `empty-${at}`);
    for (const name of names) await emptyExtension(join(folder, `bench.${name}-1.0.0`), name);
    const runs: Activations[] = [];
    for (let round = 0; round < rounds; round++)
      runs.push(
        (await runInHost("activation", {
          extensionsDir: folder,
          env: { SCIM_BENCH_EMPTY: names.map((name) => `bench.${name}`).join(",") },
        })) as Activations,
      );
    const empty = median(runs.map((run) => median(run.empty)));
    const ours = median(runs.map((run) => run.ours - median(run.empty))) + empty;
    const name = `activation: in VS Code, an empty extension's (${empty.toFixed(1)} ms) + ${allowance} ms`;
    return [figure(name, { ours, baseline: empty + allowance, unit: "ms" }, { atMost: 1 })];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** An extension that does nothing, of the same kind as ours: an ES module. */
async function emptyExtension(folder: string, name: string): Promise<void> {
  await mkdir(folder);
  const manifest = {
    name,
    publisher: "bench",
    version: "1.0.0",
    engines: { vscode: "^1.105.0" },
    type: "module",
    main: "./extension.js",
    activationEvents: [],
  };
  await writeFile(join(folder, "package.json"), JSON.stringify(manifest));
  await writeFile(join(folder, "extension.js"), "export function activate() {}\n");
}

import { cp, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { applyEdits, modify } from "jsonc-parser";
import { paths } from "./project.ts";

/**
 * Copies samples/ to work in, its jobs pointed at a sandbox.
 * @param target a folder that does not exist yet.
 * @param baseUrl the sandbox's, which has another port at every start.
 */
export async function copySamples(target: string, baseUrl: string): Promise<void> {
  await cp(paths.samples, target, { recursive: true, filter: (path) => !path.endsWith("/.provisioning") });
  for (const name of await readdir(target, { recursive: true })) {
    if (!name.endsWith(".provisioning.json")) continue;
    const file = join(target, name);
    const text = await readFile(file, "utf8");
    await writeFile(file, applyEdits(text, modify(text, ["connection", "baseUrl"], baseUrl, {})));
  }
}

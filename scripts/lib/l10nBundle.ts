import { glob, readFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { getL10nJson } from "@vscode/l10n-dev";
import { root } from "./project.ts";

/** The file of the manifest's `l10n` folder that translations start from. */
export const l10nBundleFile = join(root, "l10n/bundle.l10n.json");

/** Every text of the extension that is shown to a person, as JSON in a stable order. */
export async function l10nBundleText(): Promise<string> {
  const files: string[] = [];
  for await (const file of glob("src/**/*.ts", { cwd: root })) files.push(file);
  const scripts = await Promise.all(
    files.map(async (file) => ({ contents: await readFile(join(root, file), "utf8"), extension: extname(file) })),
  );
  const texts = await getL10nJson(scripts.filter(({ contents }) => contents.includes("l10n")));
  const sorted = Object.entries(texts).sort(([a], [b]) => (a < b ? -1 : 1));
  return `${JSON.stringify(Object.fromEntries(sorted), null, 2)}\n`;
}

/** The .vsix: packed by vsce, and held to what may be in it. */
import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import * as z from "zod";
import { ensureBuilt } from "./build.ts";
import { mustRun, paths, root, say, ScriptError, seconds } from "./project.ts";
import { sourceMark } from "./sourceMark.ts";

const contents = [
  "dist",
  "media",
  "l10n",
  "samples",
  "package.json",
  "package.nls.json",
  "README.md",
  "CHANGELOG.md",
  "LICENSE",
];
const markFile = join(paths.out, ".packaged");

/** Bytes. The extension has no native code and no framework: more than this means that something slipped in. */
export const sizeLimit = 1_500_000;

/** Bytes of what VS Code loads at activation: the entry and what it imports at once. The rest is loaded when it is needed. */
export const entryLimit = 100_000;

/** Paths inside the extension's folder of the package that are meant to be there. */
const allowed = [
  /^package\.json$/,
  /^package\.nls(\.[a-z-]+)?\.json$/,
  /^(readme|changelog)\.md$/,
  /^LICENSE\.txt$/,
  /^dist\/(extension\.js|cli\.js|cli-main\.js|[\w.-]+\.worker\.js|chunks\/[\w.-]+\.js)$/,
  /^dist\/webview\/[\w.-]+\.(js|css|ttf)$/,
  /^media\/[\w./-]+\.(svg|png|md|css|json)$/,
  /^l10n\/[\w.-]+\.json$/,
];
const required = ["package.json", "readme.md", "LICENSE.txt", "dist/extension.js", "dist/cli.js", "dist/cli-main.js"];

export interface Vsix {
  readonly file: string;
  readonly bytes: number;
  /** Of what VS Code loads at activation. */
  readonly entryBytes: number;
  /** Paths inside the extension's folder. */
  readonly files: readonly string[];
}

const manifestSchema = z.object({ name: z.string(), version: z.string() });

/** Where the package of this version is, or would be. */
export async function packageFile(): Promise<string> {
  const { name, version } = manifestSchema.parse(JSON.parse(await readFile(join(root, "package.json"), "utf8")));
  return join(root, `${name}-${version}.vsix`);
}

/**
 * Packs the built extension, unless the package already stands for the sources as they are now.
 * @throws ScriptError when vsce refuses, or the package holds something it should not or lacks something it should.
 */
export async function ensurePackage(): Promise<Vsix> {
  await ensureBuilt();
  const file = await packageFile();
  const mark = await sourceMark([...contents, ".vscodeignore"]);
  const isPacked = (await stat(file).catch(() => undefined)) !== undefined;
  if (!isPacked || (await readFile(markFile, "utf8").catch(() => "")) !== mark) {
    const started = Date.now();
    await mustRun(
      "vsce",
      ["package", "--no-dependencies", "--allow-missing-repository", "--no-rewrite-relative-links", "--out", file],
      {
        quiet: true,
      },
    );
    await mkdir(paths.out, { recursive: true });
    await writeFile(markFile, mark);
    say(`Packed ${basename(file)} in ${seconds(started)}`);
  }
  const { size } = await stat(file);
  const vsix = { file, bytes: size, entryBytes: await entrySize(), files: await filesIn(file) };
  const problems = packageProblems(vsix);
  if (problems.length > 0) throw new ScriptError(problems.join("\n"));
  return vsix;
}

/** Every reason why a package with these files must not leave the house. */
export function packageProblems({ bytes, entryBytes, files }: Omit<Vsix, "file">): string[] {
  const foreign = files.filter((path) => !allowed.some((pattern) => pattern.test(path)));
  const missing = required.filter((path) => !files.includes(path));
  return [
    ...(foreign.length > 0 ? [`The package holds files that do not belong in it: ${foreign.join(", ")}.`] : []),
    ...(missing.length > 0 ? [`The package lacks ${missing.join(", ")}.`] : []),
    ...(bytes > sizeLimit ? [`The package has ${bytes} bytes; the limit is ${sizeLimit}.`] : []),
    ...(entryBytes > entryLimit
      ? [`VS Code loads ${entryBytes} bytes of it at activation; the limit is ${entryLimit}.`]
      : []),
  ];
}

/** Bytes of the extension's entry and of every chunk that it imports without waiting for a need. */
async function entrySize(): Promise<number> {
  const seen = new Set([join(paths.dist, "extension.js")]);
  let bytes = 0;
  for (const file of seen) {
    const text = await readFile(file, "utf8");
    bytes += Buffer.byteLength(text);
    for (const [, path = ""] of text.matchAll(/(?:\bfrom|\bimport)"(\.[^"]+)"/g)) seen.add(join(dirname(file), path));
  }
  return bytes;
}

/** Names in the zip's central directory: end record, then one header a file (APPNOTE.TXT 4.3.12 and 4.3.16). */
async function filesIn(file: string): Promise<string[]> {
  const zip = await readFile(file);
  const end = zip.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  if (end < 0) throw new ScriptError(`${file} is not a zip file`);
  const names: string[] = [];
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left -= 1) {
    const nameLength = zip.readUInt16LE(at + 28);
    names.push(zip.toString("utf8", at + 46, at + 46 + nameLength));
    at += 46 + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  const folder = "extension/";
  return names
    .filter((path) => path.startsWith(folder) && !path.endsWith("/"))
    .map((path) => path.slice(folder.length));
}

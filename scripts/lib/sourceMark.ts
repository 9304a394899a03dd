import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { root } from "./project.ts";

/**
 * A mark that changes when any of the files changes, comes or goes.
 * @param entries files and folders, relative to the repository; those that do not exist count as absent.
 * @returns newest modification time in milliseconds and number of files, as one word.
 */
export async function sourceMark(entries: readonly string[]): Promise<string> {
  let newest = 0;
  let count = 0;
  for (const entry of entries) {
    for (const file of await filesUnder(join(root, entry))) {
      const { mtimeMs } = await stat(file);
      newest = Math.max(newest, mtimeMs);
      count += 1;
    }
  }
  return `${newest}-${count}`;
}

async function filesUnder(path: string): Promise<string[]> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return [];
  if (!found.isDirectory()) return [path];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** How long a piece of a secret must be to count as leaked, in characters of its encoding. */
const piece = 8;

/** The forms in which a secret could slip through: as it is, and as encoders of logs, addresses and documents write it. */
export function formsOf(secret: string): readonly string[] {
  const bytes = Buffer.from(secret);
  // Base64 of a text depends on where in a group of three bytes it begins; the first group may hold a foreign byte.
  const base64 = [0, 1, 2].map((shift) =>
    Buffer.concat([Buffer.alloc(shift), bytes])
      .toString("base64")
      .slice(shift === 0 ? 0 : 4),
  );
  return [
    secret,
    ...base64,
    ...base64.map((text) => text.replaceAll("+", "-").replaceAll("/", "_")),
    bytes.toString("hex"),
    bytes.toString("hex").toUpperCase(),
    encodeURIComponent(secret),
    [...bytes].map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join(""),
    Array.from(secret, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`).join(""),
    JSON.stringify(secret).slice(1, -1),
    Array.from(secret).reverse().join(""),
  ];
}

/** Pieces of a secret, in any of its forms, that stand in a text; empty when it is clean. */
export function leaks(text: string, secret: string): readonly string[] {
  const runs = new Set<string>();
  for (const form of formsOf(secret)) {
    // Escapes take several characters a letter, so that their pieces are longer.
    const size = form.startsWith("\\u") ? piece * 6 : form.startsWith("%") ? piece * 3 : piece;
    for (let at = 0; at + size <= form.length; at++) {
      const run = form.slice(at, at + size);
      if (text.includes(run)) runs.add(run);
    }
  }
  return [...runs];
}

/** Every file under a folder, as text by path. */
export async function filesUnder(folder: string): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    files.set(path, await readFile(path, "latin1"));
  }
  return files;
}

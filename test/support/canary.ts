import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** How many bytes of a secret in a row count as leaked. */
const piece = 8;

/** A secret as an encoder writes it. */
export interface Form {
  readonly text: string;
  /** How many letters of the form count as a leaked piece. */
  readonly size: number;
}

/** The forms in which a secret could slip through: as it is, and as encoders of logs, addresses and documents write it. */
export function formsOf(secret: string): readonly Form[] {
  const bytes = Buffer.from(secret);
  // Base64 of a text depends on where in a group of three bytes it begins; the first group may hold a foreign byte.
  const base64 = [0, 1, 2].map((shift) =>
    Buffer.concat([Buffer.alloc(shift), bytes])
      .toString("base64")
      .slice(shift === 0 ? 0 : 4),
  );
  const plain = [
    secret,
    ...base64,
    ...base64.map((text) => text.replaceAll("+", "-").replaceAll("/", "_")),
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
    Array.from(secret).reverse().join(""),
  ];
  const hex = bytes.toString("hex");
  // Letters that take several characters each have longer pieces.
  return [
    ...plain.map((text) => ({ text, size: piece })),
    ...[hex, hex.toUpperCase()].map((text) => ({ text, size: 2 * piece })),
    { text: hex.replaceAll(/../g, "%$&"), size: 3 * piece },
    { text: hex.replaceAll(/../g, "\\u00$&"), size: 6 * piece },
  ];
}

/** Finds pieces of one secret, in any form, in one pass over a text of any length. */
export class LeakDetector {
  readonly #runs = new Set<string>();
  readonly #sizes: readonly number[];
  /** Marks what the first four bytes of a piece can be, so that hardly any place of a clean text is looked at twice. */
  readonly #starts = new Uint8Array(1 << 16);

  constructor(secret: string) {
    const forms = formsOf(secret);
    for (const { text, size } of forms) {
      for (let at = 0; at + size <= text.length; at++) {
        const run = text.slice(at, at + size);
        this.#runs.add(run);
        this.#starts[mark(Buffer.from(run, "latin1"), 0)] = 1;
      }
    }
    this.#sizes = [...new Set(forms.map(({ size }) => size))];
  }

  /** Pieces of the secret that stand in a text; empty when it is clean. */
  find(text: string | Buffer): readonly string[] {
    const bytes = typeof text === "string" ? Buffer.from(text, "latin1") : text;
    const found = new Set<string>();
    for (let at = 0; at + piece <= bytes.length; at++) {
      if (this.#starts[mark(bytes, at)] === 0) continue;
      for (const size of this.#sizes) {
        const run = bytes.toString("latin1", at, at + size);
        if (this.#runs.has(run)) found.add(run);
      }
    }
    return [...found];
  }
}

function mark(bytes: Buffer, at: number): number {
  return Math.imul(bytes.readUInt32LE(at), 0x9e3779b1) >>> 16;
}

/** Pieces of a secret, in any of its forms, that stand in a text; empty when it is clean. */
export function leaks(text: string, secret: string): readonly string[] {
  return new LeakDetector(secret).find(text);
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

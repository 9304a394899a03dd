import { isUtf8 } from "node:buffer";
import type { Stats } from "node:fs";
import { type FileHandle, open, stat } from "node:fs/promises";
import { setImmediate } from "node:timers/promises";

/** How many bytes are read at once. */
const chunkSize = 1024 * 1024;

/** A line longer than this is no text file of ours. */
const lineLimit = 16 * chunkSize;

/** What stands in place of bytes that are not UTF-8. */
export const replacement = "\uFFFD";

/** Some whole lines of a file. `valid` is false when bytes in them were not UTF-8: they stand as U+FFFD. */
export interface TextPiece {
  readonly text: string;
  readonly valid: boolean;
}

/**
 * Reads a UTF-8 file in pieces of whole lines, so that neither a character nor a plain record is ever cut.
 * Afterwards {@link whatChanged} says whether the file stayed the same while it was read.
 */
export class TextFile {
  readonly #path: string;
  readonly #before: Stats;

  private constructor(path: string, before: Stats) {
    this.#path = path;
    this.#before = before;
  }

  /** @throws the system's error when the file is missing, is no file, or may not be read. */
  static async open(path: string): Promise<TextFile> {
    const before = await stat(path);
    if (!before.isFile()) throw new Error("it is not a file");
    return new TextFile(path, before);
  }

  /** The size in bytes when the file was opened. */
  get size(): number {
    return this.#before.size;
  }

  /** Yields the text without a byte order mark. */
  async *pieces(signal?: AbortSignal): AsyncGenerator<TextPiece> {
    const handle = await open(this.#path);
    try {
      let first = true;
      for await (const bytes of wholeLines(handle, this.size)) {
        signal?.throwIfAborted();
        const valid = isUtf8(bytes);
        const text = bytes.toString("utf8");
        yield { text: first && text.startsWith("\uFEFF") ? text.slice(1) : text, valid };
        first = false;
        // Parsing runs without a pause; others get their turn between two pieces.
        await setImmediate();
      }
    } finally {
      await handle.close();
    }
  }

  /** What happened to the file since it was opened, in words; undefined when it is unchanged. */
  async whatChanged(): Promise<string | undefined> {
    let after: Stats;
    try {
      after = await stat(this.#path);
    } catch {
      return "it vanished while it was read";
    }
    const same =
      after.size === this.#before.size && after.mtimeMs === this.#before.mtimeMs && after.ino === this.#before.ino;
    return same ? undefined : "it changed while it was read";
  }
}

async function* wholeLines(handle: FileHandle, size: number): AsyncGenerator<Buffer> {
  // A small file takes a small buffer: a byte more than it has, so that one read sees its end.
  let buffer = Buffer.allocUnsafe(Math.min(chunkSize, size + 1));
  let filled = 0;
  for (;;) {
    const { bytesRead } = await handle.read(buffer, filled, buffer.length - filled, null);
    if (bytesRead === 0) break;
    filled += bytesRead;
    const end = buffer.subarray(0, filled).lastIndexOf(10) + 1;
    if (end > 0) {
      yield buffer.subarray(0, end);
      buffer.copyWithin(0, end, filled);
      filled -= end;
    } else if (filled === buffer.length) {
      if (filled >= lineLimit) throw new Error(`it has a line longer than ${lineLimit} bytes`);
      buffer = Buffer.concat([buffer], filled * 2);
    }
  }
  if (filled > 0) yield buffer.subarray(0, filled);
}

/** How a text is encoded, as far as its first bytes show; undefined when it may be UTF-8. */
export async function foreignEncoding(path: string): Promise<string | undefined> {
  const handle = await open(path);
  try {
    const buffer = Buffer.alloc(4096);
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, 0);
    const head = buffer.subarray(0, bytesRead);
    if (head[0] === 0xff && head[1] === 0xfe) return "UTF-16 (little endian)";
    if (head[0] === 0xfe && head[1] === 0xff) return "UTF-16 (big endian)";
    if (head.includes(0)) return "UTF-16 without a byte order mark, or not a text at all";
    return undefined;
  } finally {
    await handle.close();
  }
}

/** Why a file cannot be read, in words. */
export function unreadable(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ENOENT") return "There is no such file.";
  if (code === "EACCES" || code === "EPERM") return "The file may not be read by this user.";
  return `The file cannot be read: ${error instanceof Error ? error.message : String(error)}.`;
}

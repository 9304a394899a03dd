import type { FileHandle } from "node:fs/promises";
import { open } from "node:fs/promises";
import { isMissing } from "./stateFiles.ts";

/** One line of a log and where it stands, in bytes. */
export interface LogLine {
  readonly text: string;
  readonly offset: number;
  readonly length: number;
}

const chunkSize = 1 << 20;
const newline = 0x0a;

/**
 * Reads the lines of a log from its end, a chunk at a time, newest first, so that the last records are there at once however
 * long the log is. A file that does not exist has no lines. An unfinished last line is passed over.
 *
 * @param from where the reading ends, in bytes: what stands before was read earlier
 * @param to where it begins; the end of the file when absent
 */
export async function* readLinesBackwards(
  file: string,
  options: { readonly from?: number; readonly to?: number } = {},
): AsyncGenerator<readonly LogLine[]> {
  const handle = await opened(file);
  if (handle === undefined) return;
  try {
    const { size } = await handle.stat();
    const from = options.from ?? 0;
    let end = Math.min(size, options.to ?? size);
    // Bytes of a line whose beginning is not read yet.
    let rest = Buffer.alloc(0);
    let unfinished = true;
    while (end > from) {
      const start = Math.max(from, end - chunkSize);
      const chunk = Buffer.concat([await bytesAt(handle, start, end - start), rest]);
      const lines: LogLine[] = [];
      let stop = chunk.length;
      if (unfinished) {
        stop = chunk.lastIndexOf(newline) + 1;
        if (stop === 0 && start > from) {
          rest = chunk;
          end = start;
          continue;
        }
        unfinished = false;
      }
      while (stop > 0) {
        const before = stop < 2 ? -1 : chunk.lastIndexOf(newline, stop - 2);
        if (before === -1 && start > from) break;
        const length = stop - 1 - (before + 1);
        if (length > 0)
          lines.push({ text: chunk.toString("utf8", before + 1, stop - 1), offset: start + before + 1, length });
        stop = before + 1;
      }
      rest = chunk.subarray(0, stop);
      end = start;
      yield lines;
    }
  } finally {
    await handle.close();
  }
}

/** Reads bytes of a file. */
export async function bytesAt(handle: FileHandle, offset: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await handle.read(buffer, done, length - done, offset + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return buffer.subarray(0, done);
}

async function opened(file: string): Promise<FileHandle | undefined> {
  try {
    return await open(file, "r");
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

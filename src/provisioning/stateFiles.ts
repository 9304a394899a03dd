import { randomBytes } from "node:crypto";
import { open, readFile, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";

/** The files of one job, in `.provisioning/JOB/` beside the job file. */
export interface StateFiles {
  readonly directory: string;
  readonly state: string;
  readonly links: string;
  readonly imprint: string;
  readonly log: string;
}

/** Where a job's state stands. Nothing is created yet. */
export function stateFiles(directory: string): StateFiles {
  return {
    directory,
    state: join(directory, "state.json"),
    links: join(directory, "links.jsonl"),
    imprint: join(directory, "imprint.jsonl"),
    log: join(directory, "log.jsonl"),
  };
}

/** The provisioning log of the job whose state stands in a folder. */
export function jobLogFile(stateDirectory: string): string {
  return stateFiles(stateDirectory).log;
}

/** Whether an error of the file system says that there is no such file or folder. */
export function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR");
}

/** Writes a file so that a reader, or a crash, sees the old content or the new, never a part. */
export async function writeAtomically(file: string, chunks: Iterable<string>): Promise<void> {
  const temporary = `${file}.${randomBytes(6).toString("hex")}.tmp`;
  try {
    const handle = await open(temporary, "wx", 0o600);
    try {
      for (const chunk of chunks) await handle.write(chunk);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncDirectory(dirname(file));
}

async function syncDirectory(directory: string): Promise<void> {
  // A rename is durable once its folder is; Windows cannot open one.
  if (process.platform === "win32") return;
  const handle = await open(directory, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** The text of a file, or `undefined` when there is none. */
export async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

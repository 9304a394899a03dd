import { constants } from "node:fs";
import { open, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { journalError, JournalError } from "./journalError.ts";
import { findEnd, readHead, headLine } from "./journalEnd.ts";
import { LineBuffer } from "./lineBuffer.ts";
import { lineHash, type JournalEntry } from "./journalRecord.ts";
import { makeStateFolder } from "./stateFolder.ts";

export const journalFile = "journal.jsonl";
/** Number and hash of the last durable record, so that lines cut off the end are noticed. */
export const headFile = "journal.head";

/** How long records that nobody waits for may gather before they are written together, in milliseconds. */
const windowMs = 50;

export interface OpenJournalOptions {
  /** The clock; for tests. */
  readonly now?: () => Date;
}

/**
 * An append-only journal: JSON Lines in which each record holds the hash of the line before it. Appending is cheap and
 * keeps the order; {@link Journal.commit} makes everything appended so far durable, and writers that wait at the same time share
 * one fsync. One process writes at a time (see lock.ts).
 */
export class Journal {
  readonly path: string;
  /** What was mended when the journal was opened. */
  readonly repair: (JournalEntry & { kind: "repair" }) | undefined;
  readonly #file: FileHandle;
  readonly #head: FileHandle;
  readonly #now: () => Date;
  #seq: number;
  #prev: string;
  #size: number;
  /** Where the last push begins, in bytes; `undefined` when it is not known. */
  #pushAt: number | undefined;
  #lines = new LineBuffer();
  /** Bytes of windows that were taken and are not counted in `#size` yet. */
  #writing = 0;
  #unsynced = false;
  #waiting: { readonly resolve: () => void; readonly reject: (error: JournalError) => void }[] = [];
  #running = false;
  /** Ends the rest of the window; set while a window gathers records that nobody waits for. */
  #hurry: (() => void) | undefined;
  #settled: Promise<void> = Promise.resolve();
  #failure: JournalError | undefined;

  private constructor(path: string, file: FileHandle, head: FileHandle, start: JournalStart, now: () => Date) {
    this.path = path;
    this.#file = file;
    this.#head = head;
    this.#now = now;
    this.#seq = start.seq;
    this.#prev = start.prev;
    this.#size = start.size;
    this.#pushAt = start.pushAt;
    this.repair = start.repair;
  }

  /**
   * Opens or begins the journal in a folder. An unfinished last line, which a crash leaves, is taken off, and missing last
   * records are noted; both as a `repair` record that stays in the journal.
   *
   * @throws JournalError when the folder or the file cannot be written
   */
  static async open(folder: string, options: OpenJournalOptions = {}): Promise<Journal> {
    const path = join(folder, journalFile);
    let file: FileHandle | undefined;
    let head: FileHandle | undefined;
    try {
      await makeStateFolder(folder);
      file = await open(path, constants.O_RDWR | constants.O_CREAT, 0o600);
      head = await open(join(folder, headFile), constants.O_RDWR | constants.O_CREAT, 0o600);
      const start = await mend(file, head);
      const journal = new Journal(path, file, head, start, options.now ?? (() => new Date()));
      if (start.repair) {
        journal.append(start.repair);
        await journal.commit();
      }
      return journal;
    } catch (error) {
      await Promise.allSettled([file?.close(), head?.close()]);
      throw journalError(error, path);
    }
  }

  /**
   * Adds a record; it is on its way to the disk but not yet durable.
   *
   * @returns the number of the record
   * @throws JournalError when the journal has failed or is closed
   */
  append(entry: JournalEntry): number {
    if (this.#failure) throw this.#failure;
    this.#seq += 1;
    if (entry.kind === "pushStart") this.#pushAt = this.#size + this.#writing + this.#lines.length;
    const line = JSON.stringify({ seq: this.#seq, at: this.#now().toISOString(), prev: this.#prev, ...entry });
    this.#prev = lineHash(this.#lines.add(line));
    this.#start();
    return this.#seq;
  }

  /**
   * Waits until every record appended so far is on the disk.
   *
   * @throws JournalError when it could not be written: disk full, read-only
   */
  commit(): Promise<void> {
    if (this.#failure) return Promise.reject(this.#failure);
    if (this.#lines.length === 0 && !this.#unsynced && !this.#running) return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#hurry?.();
      this.#start();
    });
  }

  /** Writes what is left and closes the files. */
  async close(): Promise<void> {
    const failed = await this.commit().then(
      () => undefined,
      (error: unknown) => error,
    );
    await this.#settled;
    this.#failure ??= new JournalError("closed", this.path, `The journal ${this.path} is closed.`, "Open it again.");
    await Promise.allSettled([this.#file.close(), this.#head.close()]);
    if (failed instanceof JournalError && failed.code !== "closed") throw failed;
  }

  #start(): void {
    if (this.#running) return;
    this.#running = true;
    this.#settled = this.#run();
  }

  /**
   * Writes window after window until nothing is left; what arrives during a write makes the next window. Only what somebody waits
   * for is synced: all other records become durable with it, and at the latest with the end of the push.
   */
  async #run(): Promise<void> {
    while (this.#failure === undefined && (this.#lines.length > 0 || this.#waiting.length > 0)) {
      if (this.#waiting.length === 0) await this.#gather();
      const bytes = this.#lines.take();
      const waiting = this.#waiting;
      const head = headLine({ seq: this.#seq, hash: this.#prev, push: this.#pushAt });
      this.#waiting = [];
      this.#writing = bytes.length;
      try {
        if (bytes.length > 0) await this.#write(bytes);
        if (waiting.length > 0) {
          if (this.#unsynced) await this.#file.datasync();
          this.#unsynced = false;
          // The head follows the journal and never leads it: after a crash it may lag, which loses nothing.
          await this.#head.write(head, 0);
        }
        for (const { resolve } of waiting) resolve();
      } catch (error) {
        this.#failure = journalError(error, this.path);
        // A part of a line may have been written; whole lines of the window are not promised to anyone.
        await this.#file.truncate(this.#size).catch(() => undefined);
        for (const { reject } of [...waiting, ...this.#waiting]) reject(this.#failure);
        this.#waiting = [];
      }
    }
    this.#running = false;
  }

  /** Lets a window fill for some milliseconds, or until somebody waits for it. */
  #gather(): Promise<void> {
    return new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, windowMs);
      this.#hurry = () => {
        clearTimeout(timer);
        resolve();
      };
    }).then(() => {
      this.#hurry = undefined;
    });
  }

  async #write(bytes: Buffer): Promise<void> {
    this.#unsynced = true;
    let written = 0;
    while (written < bytes.length) {
      const { bytesWritten } = await this.#file.write(bytes, written, bytes.length - written, this.#size + written);
      written += bytesWritten;
    }
    this.#size += bytes.length;
    this.#writing = 0;
  }
}

interface JournalStart {
  readonly seq: number;
  readonly prev: string;
  readonly size: number;
  readonly pushAt: number | undefined;
  readonly repair: (JournalEntry & { kind: "repair" }) | undefined;
}

async function mend(file: FileHandle, head: FileHandle): Promise<JournalStart> {
  const [end, known] = await Promise.all([findEnd(file), readHead(head)]);
  if (end.torn > 0) await file.truncate(end.size);
  const missing = Math.max(0, (known?.seq ?? 0) - end.seq);
  const repair =
    missing > 0 || end.torn > 0
      ? ({ kind: "repair", problem: missing > 0 ? "cut" : "torn", bytes: end.torn, missing } as const)
      : undefined;
  return { seq: end.seq, prev: end.hash, size: end.size, pushAt: known?.push, repair };
}

import { randomUUID } from "node:crypto";
import { link, readdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { isAlive, processIdentitySchema, thisProcess } from "./processIdentity.ts";
import { makeStateFolder } from "./stateFolder.ts";

const lockSchema = z.object({
  ...processIdentitySchema.shape,
  /** When the lock was taken, ISO 8601, UTC. */
  since: z.string(),
  /** What the owner does, for others to read. */
  purpose: z.string(),
  /** The lock was given back; the file stays so that its number is never used twice. */
  released: z.boolean(),
});

/** Who holds a lock. */
export type LockOwner = Omit<z.infer<typeof lockSchema>, "released">;

/** Another process writes to this job. */
export class LockError extends Error {
  override readonly name = "LockError";
  readonly code = "locked";
  readonly owner: LockOwner;

  constructor(folder: string, owner: LockOwner) {
    super(
      `Process ${owner.pid} on ${owner.host} has been writing to ${folder} since ${owner.since} (${owner.purpose}). ` +
        `Wait until it has ended, or stop it.`,
    );
    this.owner = owner;
  }
}

/** A lock that this process holds. */
export interface Lock {
  readonly owner: LockOwner;
  /** What was recovered: the owner that died without giving the lock back. */
  readonly recoveredFrom?: LockOwner;
  release(): Promise<void>;
}

/** Without a sign of life for so long, an owner on another machine counts as dead; in milliseconds. */
const deadAfter = 60_000;
const heartbeatEvery = 10_000;

/**
 * Takes the writer's lock of a state folder; a dead owner's lock is taken over.
 *
 * Each taking makes a file with the next number, and exactly one process can make it (`link` fails when the name is
 * taken). The highest number rules; it is never removed, only marked as released, so a number is never used twice and a
 * process with an old view of the folder can only collide or lose.
 *
 * @throws LockError with the owner when another live process holds it
 */
export async function acquireLock(folder: string, purpose: string): Promise<Lock> {
  await makeStateFolder(folder);
  const owner: LockOwner = { ...thisProcess(), since: new Date().toISOString(), purpose };
  const draft = join(folder, `lock.${randomUUID()}.tmp`);
  await writeFile(draft, JSON.stringify({ ...owner, released: false }), { mode: 0o600, flag: "wx" });
  try {
    for (;;) {
      const last = await highest(folder);
      const previous = last === 0 ? undefined : await read(folder, last);
      if (previous === "gone") continue;
      if (previous !== undefined && !previous.free) throw new LockError(folder, previous.owner);
      const number = last + 1;
      if (!(await linked(draft, lockPath(folder, number)))) continue;
      // Someone with a newer view may have gone on in the meantime; the highest number rules.
      if ((await highest(folder)) !== number) {
        await rm(lockPath(folder, number), { force: true });
        continue;
      }
      await removeOlder(folder, number);
      const dead = previous?.dead;
      return { owner, ...(dead && { recoveredFrom: dead }), release: hold(folder, number, owner) };
    }
  } finally {
    await rm(draft, { force: true });
  }
}

/** Who holds the lock of a folder now, or `undefined` when nobody does. */
export async function lockOwner(folder: string): Promise<LockOwner | undefined> {
  const last = await highest(folder).catch(() => 0);
  const found = last === 0 ? undefined : await read(folder, last);
  return found === undefined || found === "gone" || found.free ? undefined : found.owner;
}

function hold(folder: string, number: number, owner: LockOwner): () => Promise<void> {
  const path = lockPath(folder, number);
  const beat = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => undefined);
  }, heartbeatEvery);
  beat.unref();
  let released: Promise<void> | undefined;
  const release = async () => {
    clearInterval(beat);
    const draft = join(folder, `lock.${randomUUID()}.tmp`);
    await writeFile(draft, JSON.stringify({ ...owner, released: true }), { mode: 0o600, flag: "wx" });
    await rename(draft, path);
  };
  return () => (released ??= release());
}

interface Found {
  readonly owner: LockOwner;
  readonly free: boolean;
  /** The owner, when it died without giving the lock back. */
  readonly dead?: LockOwner;
}

async function read(folder: string, number: number): Promise<Found | "gone"> {
  const path = lockPath(folder, number);
  let text: string;
  let age: number;
  try {
    text = await readFile(path, "utf8");
    age = Date.now() - (await stat(path)).mtimeMs;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return "gone";
    throw error;
  }
  const { released, ...owner } = parse(text, path);
  if (released) return { owner, free: true };
  const alive = isAlive(owner) ?? age < deadAfter;
  return alive ? { owner, free: false } : { owner, free: true, dead: owner };
}

/** The file appears whole, by `link`; what cannot be read was left by a broken disk and belongs to nobody. */
function parse(text: string, path: string): z.infer<typeof lockSchema> {
  try {
    return lockSchema.parse(JSON.parse(text));
  } catch {
    throw new Error(`The lock file ${path} cannot be read. Remove it when no other process writes to the job.`);
  }
}

async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

const lockName = /^lock\.(\d+)$/;

async function numbers(folder: string): Promise<readonly number[]> {
  return (await readdir(folder)).flatMap((name) => {
    const digits = lockName.exec(name)?.[1];
    return digits === undefined ? [] : [Number(digits)];
  });
}

async function highest(folder: string): Promise<number> {
  return (await numbers(folder)).reduce((most, number) => Math.max(most, number), 0);
}

async function removeOlder(folder: string, number: number): Promise<void> {
  const older = (await numbers(folder)).filter((other) => other < number);
  await Promise.all(older.map((other) => rm(lockPath(folder, other), { force: true })));
}

function lockPath(folder: string, number: number): string {
  return join(folder, `lock.${number}`);
}

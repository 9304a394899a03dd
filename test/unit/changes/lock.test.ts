import { mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { acquireLock, lockOwner } from "../../../src/changes/lock.ts";

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "scim-lock-"));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

/** Leaves a lock behind as another process would. */
async function leave(path: string, owner: Record<string, unknown>, number = 1): Promise<string> {
  const file = join(path, `lock.${number}`);
  const whole = {
    pid: 1,
    host: hostname(),
    since: "2026-01-31T08:00:00.000Z",
    purpose: "push",
    released: false,
    ...owner,
  };
  await writeFile(file, JSON.stringify(whole));
  return file;
}

/** A process id that no process has: above the kernel's maximum. */
const nobody = 4_194_305;

describe("the lock of a job", () => {
  it("lets one in, and names the owner to the other", async () => {
    const path = await folder();
    const lock = await acquireLock(path, "push");
    await expect(acquireLock(path, "cycle")).rejects.toMatchObject({
      code: "locked",
      owner: { pid: process.pid, host: hostname(), purpose: "push" },
      message: expect.stringContaining(String(process.pid)),
    });
    expect(await lockOwner(path)).toMatchObject({ pid: process.pid });
    await lock.release();
    expect(await lockOwner(path)).toBeUndefined();
    await (await acquireLock(path, "cycle")).release();
  });

  it("lets exactly one in of many at once", async () => {
    const path = await folder();
    await leave(path, { pid: nobody });
    const tries = await Promise.allSettled(Array.from({ length: 20 }, () => acquireLock(path, "push")));
    expect(tries.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });

  it("is taken over from a dead owner, who is named", async () => {
    const path = await folder();
    await leave(path, { pid: nobody });
    const lock = await acquireLock(path, "push");
    expect(lock.recoveredFrom).toMatchObject({ pid: nobody });
    await lock.release();
  });

  it("is taken over when the process id went to another process", async () => {
    const path = await folder();
    await leave(path, { pid: process.pid, started: "an earlier boot:1" });
    const lock = await acquireLock(path, "push");
    expect(lock.recoveredFrom).toMatchObject({ started: "an earlier boot:1" });
    await lock.release();
  });

  it("of another machine holds as long as it shows life", async () => {
    const path = await folder();
    const file = await leave(path, { host: "elsewhere" });
    await expect(acquireLock(path, "push")).rejects.toMatchObject({ code: "locked", owner: { host: "elsewhere" } });
    const past = new Date(Date.now() - 61_000);
    await utimes(file, past, past);
    await (await acquireLock(path, "push")).release();
  });

  it("leaves one small file behind, however often it is taken", async () => {
    const path = await folder();
    for (let times = 0; times < 5; times++) await (await acquireLock(path, "push")).release();
    expect(await readdir(path)).toEqual(["lock.5"]);
  });

  it("does not guess when its file cannot be read", async () => {
    const path = await folder();
    await writeFile(join(path, "lock.1"), "not JSON");
    await expect(acquireLock(path, "push")).rejects.toThrow("lock.1");
  });
});

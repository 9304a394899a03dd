import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { healthOf } from "../../../src/provisioning/health.ts";
import { loadJobState } from "../../../src/provisioning/jobState.ts";
import { watchJob } from "../../../src/provisioning/watch.ts";
import { actions, jobFor, person, skips, type JobFixture } from "../../support/jobFixture.ts";

const people = (count: number) => Array.from({ length: count }, (_, at) => person(`p${at}`));
const hour = 3_600_000;

async function settled(count: number, job = {}, options = {}) {
  const fixture = await jobFor(options, job);
  await fixture.directory({ users: people(count) });
  expect((await fixture.cycle()).outcome).toBe("succeeded");
  return fixture;
}

const cycle = (job: JobFixture) => job.cycle({ respectEscrow: true });

describe("an object that fails", () => {
  it("never stops the others, and is tried again after 6, 12 and 24 hours", async () => {
    const job = await settled(1);
    await job.directory({ users: people(3) });
    job.sandbox.setFaults("POST/413:#1+2+3+4");
    const { outcome, report } = await cycle(job);
    expect(outcome).toBe("someFailed");
    expect(report?.counts).toMatchObject({ failed: 2, pushed: 0 });
    const waits = [6, 12, 24];
    expect((await job.state()).record.escrows).toMatchObject([
      { sourceId: "p1", attempts: 1 },
      { sourceId: "p2", attempts: 1 },
    ]);

    const waiting = await cycle(job);
    expect(waiting.report).toBeUndefined();
    expect(skips(waiting.planned.plan)).toEqual(["Escrowed p1@contoso.com", "Escrowed p2@contoso.com"]);
    for (const wait of waits.slice(0, 1)) {
      job.pass(wait - 0.1);
      expect((await cycle(job)).report).toBeUndefined();
      job.pass(0.2);
      expect((await cycle(job)).report?.counts).toMatchObject({ failed: 2 });
    }
    expect((await job.state()).record.escrows).toMatchObject([{ attempts: 2 }, { attempts: 2 }]);
    job.pass(13);
    expect(await cycle(job)).toMatchObject({ outcome: "succeeded", report: { counts: { pushed: 2 } } });
    expect((await job.state()).record.escrows).toEqual([]);
  });

  it("is tried at once when it changes in the directory, or when a person pushes", async () => {
    const job = await settled(1);
    await job.directory({ users: people(2) });
    job.sandbox.setFaults("POST/413:#1+2");
    await cycle(job);
    expect((await job.cycle()).report?.counts).toMatchObject({ failed: 1 });
    expect((await cycle(job)).report).toBeUndefined();
    await job.directory({ users: [...people(1), person("p1", { displayName: "Other" })] });
    expect((await cycle(job)).report?.counts).toMatchObject({ pushed: 1 });
  });

  it("is compared again though the directory went back to what it was", async () => {
    const job = await settled(1);
    await job.directory({ users: [person("p0", { displayName: "New" })] });
    job.sandbox.setFaults("PATCH/413:1");
    await cycle(job);
    // Behind our back the change has been made after all.
    job.sandbox.setFaults();
    job.sandbox.store.patch(String(job.user("p0@contoso.com")?.["id"]), [
      { op: "replace", path: "displayName", value: "New" },
    ]);
    await job.directory({ users: people(1) });
    await cycle(job);
    expect(job.user("p0@contoso.com")).toMatchObject({ displayName: "P0" });
  });

  it("is forgotten once it is gone from the directory without ever having been created", async () => {
    const job = await settled(1);
    await job.directory({ users: people(2) });
    job.sandbox.setFaults("POST/413:1");
    await cycle(job);
    await job.directory({ users: people(1) });
    await cycle(job);
    expect((await job.state()).record.escrows).toEqual([]);
  });

  it("leaves the schedule after four weeks, until it changes or provisioning is restarted", async () => {
    const job = await settled(1);
    await job.directory({ users: people(2) });
    job.sandbox.setFaults("POST/413:1");
    await cycle(job);
    job.pass(28 * 24);
    const { planned } = await cycle(job);
    expect(planned.plan.skips).toMatchObject([
      { reason: "Escrowed", detail: expect.stringContaining("Given up after four weeks") },
    ]);
    job.sandbox.setFaults();
    expect((await job.cycle({ initial: true, respectEscrow: true })).outcome).toBe("succeeded");
    expect((await job.state()).record.escrows).toEqual([]);
  });

  it("waits also when it is a removal", async () => {
    const job = await settled(2);
    await job.directory({ users: people(1) });
    job.sandbox.setFaults("PATCH/413:1");
    await cycle(job);
    job.sandbox.setFaults();
    expect((await cycle(job)).report).toBeUndefined();
    job.pass(6.1);
    await cycle(job);
    expect(job.user("p1@contoso.com")).toMatchObject({ active: false });
  });
});

describe("quarantine", () => {
  const health = async (job: JobFixture) => healthOf((await job.state()).record, false, new Date(job.now));

  it("begins when the token is refused, slows down step by step, and is lifted by a cycle that works", async () => {
    const job = await settled(1);
    const good = job.token;
    job.token = "revoked";
    await job.directory({ users: people(2) });
    const waits: number[] = [];
    for (let tries = 0; tries < 3; tries += 1) {
      await expect(cycle(job)).rejects.toThrow(/token/i);
      const { quarantine, lastCycle } = (await job.state()).record;
      expect(quarantine).toMatchObject({ reason: "EncounteredQuarantineException", tries });
      expect(lastCycle).toMatchObject({ outcome: "failed", message: quarantine?.message });
      waits.push(Math.round((Date.parse(quarantine!.nextTryAt) - job.now) / 60_000));
    }
    expect(waits).toEqual([5, 60, 120]);
    expect(await health(job)).toBe("quarantined");
    job.token = good;
    expect((await cycle(job)).outcome).toBe("succeeded");
    expect(await health(job)).toBe("healthy");
  });

  it("begins when the token is revoked during a push: what is left is not lost", async () => {
    const job = await settled(1);
    await job.directory({ users: people(20) });
    job.sandbox.setFaults("POST/401:#4+5+6+7+8+9+10");
    const { outcome, report } = await job.cycle();
    expect(outcome).toBe("failed");
    expect(report?.stopped?.code).toBe("unauthorized");
    expect(report?.counts.notSent).toBeGreaterThan(0);
    expect(await health(job)).toBe("quarantined");
    expect((await job.state()).record.escrows).toEqual([]);
  });

  it("begins when the address is no SCIM service", async () => {
    const job = await settled(1);
    job.sandbox.setFaults("html:1");
    await job.directory({ users: people(3) });
    await expect(cycle(job)).rejects.toThrow();
    expect(await health(job)).toBe("quarantined");
  });

  it("is cleared by hand with a restart", async () => {
    const job = await settled(1);
    const good = job.token;
    job.token = "revoked";
    await job.directory({ users: people(2) });
    await expect(cycle(job)).rejects.toThrow();
    job.token = good;
    const { planned, outcome } = await job.cycle({ initial: true });
    expect(planned.plan.cycle).toBe("initial");
    expect(outcome).toBe("succeeded");
    expect((await job.state()).record.quarantine).toBeUndefined();
  });

  it("does not begin when the directory is to blame, which is recorded all the same", async () => {
    const job = await settled(1);
    await writeFile(join(job.folder, "directory.json"), "{");
    await expect(cycle(job)).rejects.toThrow(/directory\.json/);
    const { quarantine, lastCycle } = (await job.state()).record;
    expect(quarantine).toBeUndefined();
    expect(lastCycle).toMatchObject({ outcome: "failed", message: expect.stringContaining("directory.json") });
    expect(await health(job)).toBe("failing");
  });
});

describe("stop", () => {
  it("ends within the requests in flight, and the next cycle goes on", async () => {
    const job = await jobFor({ latencyMs: 60 });
    await job.directory({ users: people(30), groups: [{ id: "g", displayName: "Data", members: ["p1", "p29"] }] });
    const stop = new AbortController();
    const { outcome, report } = await job.cycle({
      signal: stop.signal,
      onPushProgress: ({ done }) => {
        if (done >= 5) stop.abort();
      },
    });
    expect(outcome).toBe("stopped");
    expect(report?.counts.notSent).toBeGreaterThan(0);
    expect((await job.state()).record.quarantine).toBeUndefined();
    expect((await job.plan()).cycle).toBe("initial");
    const posts = () => job.sandbox.requests.all.filter(({ method }) => method === "POST").length;
    const sent = posts();
    await job.cycle();
    expect(posts()).toBe(31);
    expect(sent).toBeLessThan(31);
    expect(job.members("Data")).toEqual(["p1@contoso.com", "p29@contoso.com"]);
    expect(actions(await job.plan())).toEqual([]);
  });
});

describe("progress", () => {
  it("counts to the end, and its estimate ends at nothing left", async () => {
    const job = await jobFor({ latencyMs: 10, users: 1 });
    await job.directory({ users: people(20), groups: [{ id: "g", displayName: "Data" }] });
    const steps: string[] = [];
    const pushes: { done: number; total: number; rate: number; etaSeconds?: number }[] = [];
    await job.cycle({
      onPlanProgress: ({ step }) => steps.push(step),
      onPushProgress: (progress) => pushes.push(progress),
    });
    expect([...new Set(steps)]).toEqual(["directory", "users", "groups"]);
    expect(pushes.every(({ total }) => total === 21)).toBe(true);
    expect(pushes.at(-1)).toMatchObject({ done: 21, etaSeconds: 0 });
    for (const { rate, done, etaSeconds } of pushes) {
      if (rate > 0) expect(etaSeconds).toBeCloseTo((21 - done) / rate);
    }
  });
});

describe("clock jumps", () => {
  it("a state from the future neither stops a cycle nor widens the day's budget", async () => {
    const guard = { settings: { deletionGuard: { enabled: true, count: 2, percent: 100 } } };
    const job = await settled(6, guard);
    job.now += 365 * 24 * hour;
    await job.directory({ users: people(4) });
    expect((await job.cycle()).outcome).toBe("succeeded");
    job.now -= 365 * 24 * hour;
    await job.directory({ users: people(3) });
    expect((await job.cycle()).outcome).toBe("held");
    await job.directory({ users: [...people(4), person("new")] });
    expect((await job.cycle()).outcome).toBe("succeeded");
  });
});

describe("--watch", () => {
  /** Watches for some rounds, with a clock that a wait moves on. */
  async function watch(job: JobFixture, rounds: number, work: (round: number) => Promise<unknown>) {
    const stop = new AbortController();
    const waits: number[] = [];
    const errors: string[] = [];
    let round = 0;
    await job.with((context) =>
      watchJob(context, {
        signal: stop.signal,
        now: () => new Date(job.now),
        random: () => 0,
        sleep: (milliseconds) => {
          waits.push(Math.round(milliseconds / 60_000));
          job.now += milliseconds;
          return Promise.resolve();
        },
        cycle: async () => {
          round += 1;
          await work(round);
        },
        afterCycle: () => {
          if (round >= rounds) stop.abort();
          return Promise.resolve();
        },
        onWait: () => undefined,
        onError: (error) => errors.push(error.message),
      }),
    );
    return { waits, errors };
  }

  it("runs every 40 minutes by default", async () => {
    const job = await jobFor();
    await job.directory({ users: people(1) });
    const { waits } = await watch(job, 3, () => cycle(job));
    expect(waits).toEqual([40, 40]);
  });

  it("survives failures of the directory and the target, and tries a quarantined job at its own times", async () => {
    const job = await jobFor();
    await job.directory({ users: people(1) });
    const good = job.token;
    const { waits, errors } = await watch(job, 6, async (round) => {
      await (round === 2
        ? writeFile(join(job.folder, "directory.json"), "{")
        : job.directory({ users: people(round) }));
      job.token = round === 3 || round === 4 ? "revoked" : good;
      await cycle(job);
    });
    expect(errors).toHaveLength(3);
    expect(waits).toEqual([40, 40, 5, 60, 40]);
    expect((await job.state()).record.lastCycle?.outcome).toBe("succeeded");
  });

  it("does not pile up missed cycles, and goes on after a restart where it was", async () => {
    const job = await jobFor();
    await job.directory({ users: people(1) });
    await watch(job, 1, () => cycle(job));
    job.pass(0.5);
    expect((await watch(job, 1, () => cycle(job))).waits).toEqual([10]);
    job.pass(48);
    expect((await watch(job, 2, () => cycle(job))).waits).toEqual([40]);
  });

  it("waits an interval when not even the state could be written, and never longer than a day for a clock set back", async () => {
    const job = await jobFor();
    await job.directory({ users: people(1) });
    const { waits } = await watch(job, 3, () => Promise.reject(new Error("locked")));
    expect(waits).toEqual([40, 40]);
    await cycle(job);
    job.pass(-24 * 30);
    expect((await watch(job, 1, () => cycle(job))).waits).toEqual([24 * 60]);
  });

  it("ends with a sentence when the job was quarantined for four weeks", async () => {
    const job = await settled(1);
    job.token = "revoked";
    await job.directory({ users: people(2) });
    await expect(cycle(job)).rejects.toThrow();
    job.pass(28 * 24 + 1);
    await expect(watch(job, 1, () => cycle(job))).rejects.toThrow("quarantine for four weeks and is turned off");
  });
});

describe("the state folder", () => {
  it("holds the token in none of its files, whatever happened", async () => {
    const job = await settled(2);
    job.sandbox.setFaults("PATCH/500:1,POST/401:1");
    await job.directory({ users: [person("p0", { displayName: "x" }), ...people(5).slice(1)] });
    await job.cycle();
    const files = await readdir(job.stateDir);
    expect(files.length).toBeGreaterThan(3);
    for (const file of files) {
      expect(await readFile(join(job.stateDir, file), "utf8"), file).not.toContain(job.sandbox.token);
    }
  });

  it("refuses a damaged state rather than guess who was provisioned", async () => {
    const job = await settled(2);
    const links = join(job.stateDir, "links.jsonl");
    await writeFile(links, `${(await readFile(links, "utf8")).slice(0, -20)}\n`);
    await expect(job.with((context) => loadJobState(context.files))).rejects.toThrow(/links\.jsonl: line 2 is no link/);
    await expect(job.cycle()).rejects.toThrow(/Restore the file/);
  });
});

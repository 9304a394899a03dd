import { describe, expect, it } from "vitest";
import { makeCreate, makeUpdate } from "../../../src/changes/build.ts";
import type { Change } from "../../../src/changes/change.ts";
import { pushChanges, type PushOptions } from "../../../src/changes/push.ts";
import type { PushReport } from "../../../src/changes/pushResult.ts";
import { resumePush, unfinishedPush } from "../../../src/changes/resume.ts";
import { reason } from "../../support/changeSamples.ts";
import { openJournal, startService, type Service } from "../../support/pushFixture.ts";

function createUsers(service: Service, count: number): Change[] {
  return Array.from({ length: count }, (_, at) => {
    const document = { userName: `user${at}@contoso.com`, displayName: `User ${at}` };
    return makeCreate(document, service.context("User"), { ...reason, sourceId: `user${at}` }).change!;
  });
}

function createGroups(service: Service, count: number): Change[] {
  return Array.from({ length: count }, (_, at) => {
    const document = { displayName: `Group ${at}`, members: [{ value: `{user${at}}`, type: "User" }] };
    return makeCreate(document, service.context("Group"), { ...reason, sourceId: `group${at}` }).change!;
  });
}

function updateUsers(service: Service, count: number): Change[] {
  return Array.from({ length: count }, (_, at) => {
    const before = service.named("User", `old${at}@contoso.com`);
    return makeUpdate(before, { ...before, displayName: `Renamed ${at}` }, service.context("User"), reason).change!;
  });
}

const old = {
  users: Array.from({ length: 12 }, (_, at) => ({ userName: `old${at}@contoso.com`, displayName: `Old ${at}` })),
};

function push(service: Service, changes: readonly Change[], more: Partial<PushOptions> = {}): Promise<PushReport> {
  return pushChanges({ changes, client: service.client, dialect: service.dialect, ...more });
}

/** How many resources carry each name that the changes create. */
function copies(service: Service): readonly number[] {
  const { users, groups } = service.sandbox.store.snapshot();
  const counts = new Map<unknown, number>();
  for (const { userName, displayName } of [...users.values(), ...groups.values()]) {
    const name = userName ?? displayName;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...new Set(counts.values())];
}

describe.each(["rfc", "databricks-workspace"] as const)("on %s, an answer that is lost", (profile) => {
  it.each(["reset-after", "504-after", "500-after", "truncated", "invalid-json"])(
    "by %s never makes a create twice, and is found out",
    async (fault) => {
      const service = await startService({ profile });
      const changes = [...createUsers(service, 8), ...createGroups(service, 8)];
      service.sandbox.setFaults(`POST/${fault}:#1+3+4+9+10+12`);
      const report = await push(service, changes);
      expect(report.counts).toMatchObject({ pushed: 16 });
      expect(copies(service)).toEqual([1]);
      for (const { targetId, change } of report.results) {
        expect(service.named(change.resourceType as "User", change.name).id).toBe(targetId);
      }
    },
  );

  it("never applies an update to something else, and is found out", async () => {
    const service = await startService({ profile, seed: old });
    const changes = updateUsers(service, 12);
    service.sandbox.setFaults("PATCH/reset-after:#1+2+5,PATCH/504-after:#3+7,PATCH/reset-before:#4");
    expect((await push(service, changes)).counts).toMatchObject({ pushed: 12 });
    for (let at = 0; at < 12; at++) {
      expect(service.named("User", `old${at}@contoso.com`)["displayName"]).toBe(`Renamed ${at}`);
    }
  });
});

describe("a service that fails one request in three", () => {
  it.each([1, 2, 3, 4])("still ends where it should (seed %i)", { timeout: 60_000 }, async (seed) => {
    const service = await startService({ profile: "rfc", seed: old });
    const changes = [...createUsers(service, 10), ...createGroups(service, 10), ...updateUsers(service, 12)];
    const faults = [
      "reset-before",
      "reset-after",
      "500-after",
      "504",
      "504-after",
      "429-fraction=0.05",
      "503-html",
      "409",
    ];
    service.sandbox.setFaults([...faults.map((fault) => `WRITE/${fault}:4%`), `seed=${seed}`].join(","));
    const report = await push(service, changes);
    service.sandbox.setFaults("");
    expect(report.results.filter(({ outcome }) => outcome !== "pushed").map(({ error }) => error)).toEqual([]);
    expect(copies(service)).toEqual([1]);
  });
});

describe("a push that cannot go on", () => {
  it("stops when the token is revoked, says so, and goes on with another", async () => {
    const service = await startService({ profile: "rfc", seed: old });
    const { journal, folder } = await openJournal();
    service.sandbox.setFaults("WRITE/401:#6+7+8+9+10+11+12+13+14+15+16+17+18+19+20");
    const report = await push(service, updateUsers(service, 12), { journal, concurrency: 2 });
    expect(report.stopped).toMatchObject({ code: "unauthorized", fix: expect.stringContaining("token") });
    expect(report.counts).toMatchObject({ pushed: 5, notSent: 7, failed: 0 });

    service.sandbox.setFaults("");
    const unfinished = await unfinishedPush(folder);
    expect(unfinished?.left).toHaveLength(7);
    const rest = await resumePush(unfinished!, { client: service.client, dialect: service.dialect, journal });
    expect(rest.counts).toMatchObject({ pushed: 7 });
    expect(await unfinishedPush(folder)).toBeUndefined();
  });

  it("stops when the service vanishes, and knows what went and what did not", async () => {
    const service = await startService({ profile: "rfc", seed: old });
    const changes = updateUsers(service, 12);
    let results = 0;
    const report = await push(service, changes, {
      concurrency: 1,
      onResult: () => {
        results += 1;
        if (results === 4) void service.sandbox.close();
      },
    });
    expect(report.stopped?.fix).toBeTruthy();
    expect(report.counts.pushed).toBeGreaterThanOrEqual(4);
    expect(report.counts.pushed + report.counts.notSent + report.counts.unknown).toBe(12);
    const renamed = changes.filter(({ targetId }) =>
      String(service.sandbox.store.get(targetId!)?.["displayName"]).startsWith("Renamed"),
    );
    const went = new Set(report.results.filter(({ outcome }) => outcome === "pushed").map(({ changeId }) => changeId));
    for (const { id } of renamed)
      expect(went.has(id) || report.results.some((r) => r.changeId === id && r.outcome === "unknown")).toBe(true);
  });

  it("goes on after the service came back", async () => {
    const service = await startService({ profile: "rfc" });
    const { journal, folder } = await openJournal();
    service.sandbox.setFaults("reset-after:#5,reset-before:#6+7+8+9+10+11+12+13+14+15+16+17+18+19+20+21+22+23+24");
    const changes = [...createUsers(service, 10), ...createGroups(service, 10)];
    const report = await push(service, changes, { journal, concurrency: 1 });
    expect(report.stopped).toMatchObject({ code: "unreachable" });
    expect(report.counts).toMatchObject({ pushed: 4, unknown: 1, notSent: 15 });
    service.sandbox.setFaults("");
    const unfinished = await unfinishedPush(folder);
    const rest = await resumePush(unfinished!, { client: service.client, dialect: service.dialect, journal });
    expect(rest.counts).toMatchObject({ pushed: 16 });
    expect(copies(service)).toEqual([1]);
    expect(service.sandbox.store.count("Group")).toBe(10);
  });

  it("stops when the person says so, with what is in flight finished", async () => {
    const service = await startService({ profile: "rfc", seed: old, latencyMs: 5 });
    const { journal, folder } = await openJournal();
    const cancel = new AbortController();
    let results = 0;
    const report = await push(service, updateUsers(service, 12), {
      journal,
      concurrency: 2,
      signal: cancel.signal,
      onResult: () => {
        results += 1;
        if (results === 4) cancel.abort();
      },
    });
    expect(report.stopped).toMatchObject({ code: "cancelled" });
    expect(report.counts.unknown).toBe(0);
    expect(report.counts.pushed).toBeLessThanOrEqual(6);
    expect(report.counts.pushed + report.counts.notSent).toBe(12);
    const unfinished = await unfinishedPush(folder);
    expect(unfinished?.left).toHaveLength(report.counts.notSent);
  });

  it("sends nothing when it was stopped before it began", async () => {
    const service = await startService({ profile: "rfc", seed: old });
    const report = await push(service, updateUsers(service, 3), { signal: AbortSignal.abort() });
    expect(report.counts).toMatchObject({ notSent: 3 });
    expect(service.sandbox.requests.count).toBe(0);
  });

  it("treats one forbidden object as its own failure, and three in a row as everyone's", async () => {
    const service = await startService({ profile: "rfc", seed: old });
    service.sandbox.setFaults("WRITE/403:#2");
    const one = await push(service, updateUsers(service, 6), { concurrency: 1 });
    expect(one.counts).toMatchObject({ pushed: 5, failed: 1 });
    const changes = createUsers(service, 8);
    service.sandbox.setFaults("WRITE/403:100%");
    const all = await push(service, changes, { concurrency: 1 });
    expect(all.stopped).toMatchObject({ code: "forbidden" });
    expect(all.counts).toMatchObject({ failed: 2, notSent: 6 });
  });
});

describe("a service that throttles", () => {
  it("is waited for longer than one request's own retries", { timeout: 60_000 }, async () => {
    const service = await startService({ profile: "databricks-workspace", seed: old });
    service.sandbox.setFaults("WRITE/429-fraction=0.1:#2+3+4+5+6+7+8+9+10+11+12");
    const report = await push(service, updateUsers(service, 6), { concurrency: 1 });
    expect(report.counts).toMatchObject({ pushed: 6 });
  });
});

describe("a create of what exists", () => {
  it("is redundant when it is exactly what was meant", async () => {
    const service = await startService({ profile: "databricks-workspace" });
    const [change] = createUsers(service, 1);
    service.sandbox.store.create("User", { userName: "user0@contoso.com", displayName: "User 0" });
    const report = await push(service, [change!]);
    expect(report.results[0]).toMatchObject({
      outcome: "redundant",
      targetId: service.named("User", "user0@contoso.com").id,
    });
  });
});

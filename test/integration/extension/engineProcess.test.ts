import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readPushes } from "../../../src/changes/history.ts";
import { lockOwner } from "../../../src/changes/lock.ts";
import { EngineProcess } from "../../../src/extension/jobs/engine/engineProcess.ts";
import type { WatchEvent } from "../../../src/extension/jobs/engine/protocol.ts";
import { JobRuns, type CycleEnd } from "../../../src/extension/jobs/jobRuns.ts";
import { CancelledError } from "../../../src/extension/platform/errors.ts";
import { HttpError } from "../../../src/http/errors.ts";
import { jobPaths } from "../../../src/job/paths.ts";
import { mayBeCutOff } from "../../../src/provisioning/cutOff.ts";
import { loadJobRecord } from "../../../src/provisioning/jobState.ts";
import { stateFiles } from "../../../src/provisioning/stateFiles.ts";
import type { ObservedProfile } from "../../../src/scim/observed.ts";
import { startSandbox, type Sandbox } from "../../../src/sandbox/sandbox.ts";
import { graphFor } from "../../support/graphFixture.ts";
import { jobText } from "../../support/jobFixture.ts";

const script = join(import.meta.dirname, "../../../src/extension/jobs/engine/job.worker.ts");

describe("the engine's process", () => {
  let sandbox: Sandbox;
  let folder: string;
  let file: string;
  const engines: { dispose(): void }[] = [];
  beforeEach(async () => {
    observed = undefined;
    sandbox = await startSandbox({ users: 0, groups: 0 });
    folder = await mkdtemp(join(tmpdir(), "engine-"));
    file = join(folder, "test.provisioning.json");
    await writeFile(file, jobText(sandbox.baseUrl));
    await directory(["ada", "grace"]);
  });
  afterEach(async () => {
    for (const engine of engines.splice(0)) engine.dispose();
    await sandbox.close();
    await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  });

  const directory = (names: readonly string[]) =>
    writeFile(
      join(folder, "directory.json"),
      JSON.stringify({
        users: names.map((name) => ({
          id: `s-${name}`,
          userPrincipalName: `${name}@contoso.com`,
          displayName: name,
          accountEnabled: true,
        })),
        groups: [],
        assignments: [],
      }),
    );
  let observed: ObservedProfile | undefined;
  const noGraph = () => Promise.reject(new Error("Nobody is signed in."));
  const engine = (
    token: () => Promise<string | undefined> = async () => sandbox.token,
    graphToken: (graphUrl: string, tenantId: string) => Promise<string> = noGraph,
  ) => {
    const made = new EngineProcess({ script, token, graphToken, observed: () => observed, onRequest: () => undefined });
    engines.push(made);
    return made;
  };
  const runs = (turnedOn: string[] = []) => {
    const made = new JobRuns({
      script,
      token: async () => sandbox.token,
      graphToken: noGraph,
      observed: () => undefined,
      onRequest: () => undefined,
      retryMs: 50,
      turnedOn: { read: () => turnedOn, write: async (files) => void turnedOn.splice(0, turnedOn.length, ...files) },
    });
    engines.push(made);
    return made;
  };
  const nextEnd = (of: JobRuns) => new Promise<CycleEnd>((resolve) => of.onDidEndCycle(resolve));
  const until = async (holds: () => boolean) => {
    while (!holds()) await sleep(10);
  };

  it("plans without sending anything, then pushes only what was reviewed", async () => {
    const one = engine();
    const { plan } = await one.call("plan", { file, compare: false });
    expect(plan.summary.create).toBe(2);
    expect(sandbox.store.find("User", "ada@contoso.com")).toBeUndefined();
    const [first] = plan.changes;
    const answer = await one.call("cycle", { file, initiatedBy: "person", only: [first!.id] });
    expect(answer.results.map(({ outcome }) => outcome)).toEqual(["pushed"]);
    expect(sandbox.store.find("User", first!.name)).toBeDefined();
    expect(sandbox.store.count("User")).toBeLessThan(3);
  });

  it("plans the inverse of a push for review, then takes back exactly what was reviewed and is still so", async () => {
    const settings = { deletionGuard: { enabled: true, count: 1, percent: 1 } };
    await writeFile(file, jobText(sandbox.baseUrl, { settings }));
    const one = engine();
    await one.call("cycle", { file, initiatedBy: "person", note: "by mistake" });
    const [pushed] = await Array.fromAsync(readPushes(jobPaths(file).stateDir));
    const push = pushed!.push;
    const undo = await one.call("planUndo", { file, push });
    expect(undo.push).toMatchObject({ note: "by mistake", who: expect.any(String) });
    expect(undo.plan.summary).toMatchObject({ delete: 2 });
    expect(undo.guard.held).toBe(true);
    expect(sandbox.store.count("User")).toBeGreaterThanOrEqual(2);

    // Between review and push somebody renames one of the two.
    const ada = String(sandbox.store.find("User", "ada@contoso.com")?.["id"]);
    sandbox.store.patch(ada, [{ op: "replace", path: "displayName", value: "Lady Ada" }]);
    const reviewed = [...undo.plan.changes];
    const only = reviewed.map(({ id }) => id);
    const held = await one.call("undo", { file, push, reviewed, only });
    expect([held.outcome, held.results]).toEqual(["held", []]);
    const answer = await one.call("undo", { file, push, reviewed, only, acceptRemovals: true });
    expect(new Map(answer.results.map(({ changeId, outcome }) => [changeId, outcome]))).toEqual(
      new Map(reviewed.map(({ id, name }) => [id, name === "ada@contoso.com" ? "conflict" : "pushed"])),
    );
    expect(sandbox.store.find("User", "grace@contoso.com")).toBeUndefined();
    expect(sandbox.store.find("User", "ada@contoso.com")).toMatchObject({ displayName: "Lady Ada" });
  });

  it("uses what the service was seen to do", async () => {
    observed = { patch: false };
    const one = engine();
    await one.call("cycle", { file, initiatedBy: "person" });
    await directory(["ada", "Grace"]);
    const { plan } = await one.call("plan", { file, compare: false });
    expect(plan.changes.flatMap(({ requests }) => requests.map(({ method }) => method))).toEqual(["PUT"]);
    observed = undefined;
    const again = await one.call("plan", { file, compare: false });
    expect(again.plan.changes.flatMap(({ requests }) => requests.map(({ method }) => method))).toEqual(["PATCH"]);
  });

  it("finds, explains and shows one person by the same rules", async () => {
    const one = engine();
    expect(await one.call("search", { file, text: "GRA", limit: 10 })).toEqual([
      { id: "s-grace", type: "User", name: "grace@contoso.com", detail: "grace" },
    ]);
    const explanation = await one.call("explain", { file, who: "s-grace" });
    expect(explanation.change?.action).toBe("create");
    await one.call("cycle", { file, initiatedBy: "person", focus: "s-grace" });
    const stored = sandbox.store.find("User", "grace@contoso.com");
    const card = await one.call("person", { file, who: "nobody", targetId: String(stored?.["id"]) });
    expect(card.object).toEqual({ type: "User", sourceId: "s-grace", targetId: stored?.["id"] });
    expect(card.attributes.map(({ path, state }) => [path, state])).toEqual([
      ["userName", "same"],
      ["displayName", "same"],
      ["active", "same"],
    ]);
    expect(card.operations.map(({ provisioningAction }) => provisioningAction)).toEqual(["create"]);
  });

  it("gets the token by message, and says which address has none", async () => {
    const without = engine(async () => undefined);
    const failure = await without.call("plan", { file, compare: false }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(HttpError);
    expect(failure).toMatchObject({ code: "unauthorized", url: sandbox.baseUrl });
    expect(await readFile(file, "utf8")).not.toContain(sandbox.token);
  });

  it("reads a directory of Microsoft Graph with the token of who is signed in, and says when nobody is", async () => {
    const graph = await graphFor({ tenant: { users: 4, groups: 0 } });
    const tenantId = "11111111-2222-4333-8444-555555555555";
    await writeFile(
      file,
      jobText(sandbox.baseUrl, { directory: { type: "graph", tenantId, baseUrl: graph.graphUrl } }),
    );
    await expect(engine().call("plan", { file, compare: false })).rejects.toThrow(/Nobody is signed in/);
    expect(graph.requests).toEqual([]);
    const asked = new Set<string>();
    const signedIn = engine(undefined, async (...need) => {
      asked.add(need.join(" "));
      return graph.token;
    });
    const { plan } = await signedIn.call("plan", { file, compare: false });
    expect(plan.summary.create).toBe(4);
    expect([...asked]).toEqual([`${graph.graphUrl} ${tenantId}`]);
  });

  it("stops when it is called off", async () => {
    const controller = new AbortController();
    const call = engine().call("plan", { file, compare: false }, { signal: controller.signal });
    controller.abort();
    await expect(call).rejects.toBeInstanceOf(CancelledError);
  });

  it("names every problem of a broken job file, and works again when it is mended", async () => {
    const one = engine();
    await writeFile(file, "{ broken");
    await expect(one.call("plan", { file, compare: false })).rejects.toMatchObject({ code: "invalidJobFile" });
    await writeFile(file, jobText(sandbox.baseUrl));
    expect((await one.call("plan", { file, compare: false })).plan.summary.create).toBe(2);
  });

  it("runs a cycle at once when a job is turned on, then waits for its interval", async () => {
    const window = runs();
    const ended = nextEnd(window);
    await window.turnOn(file);
    expect(await ended).toMatchObject({ outcome: "succeeded" });
    await until(() => window.state(file).nextAt !== undefined);
    expect(sandbox.store.find("User", "ada@contoso.com")).toBeDefined();
    await window.turnOff(file);
    expect(window.state(file)).toEqual({ on: "off" });
  });

  it("runs in one window only; another takes over when that one turns it off", async () => {
    const [first, second] = [runs(), runs()];
    const ended = nextEnd(first);
    await first.turnOn(file);
    await ended;
    await second.turnOn(file);
    await until(() => second.state(file).on === "elsewhere");
    await first.turnOff(file);
    await until(() => second.state(file).on === "here");
  });

  it("waits for its interval again as soon as a person's cycle has ended its quarantine", async () => {
    const window = runs();
    sandbox.setFaults("401:100%");
    await window.turnOn(file);
    await until(() => window.state(file).nextAt !== undefined);
    const files = stateFiles(jobPaths(file).stateDir);
    const { quarantine } = await loadJobRecord(files);
    expect(quarantine).toMatchObject({ code: "unauthorized", tries: 0 });
    // As after many tries: the next one is a day away.
    const nextTryAt = new Date(Date.now() + 86_400_000).toISOString();
    await window.turnOff(file);
    const record = await loadJobRecord(files);
    await writeFile(files.state, JSON.stringify({ ...record, quarantine: { ...quarantine, nextTryAt } }));
    await window.turnOn(file);
    await until(() => (window.state(file).nextAt ?? "") >= nextTryAt);
    sandbox.setFaults();
    await window.call("cycle", { file, initiatedBy: "person" });
    await until(() => (window.state(file).nextAt ?? nextTryAt) < nextTryAt);
    expect((await loadJobRecord(files)).quarantine).toBeUndefined();
    expect(window.state(file).on).toBe("here");
  });

  it("goes on after a restart with the jobs that were on, and runs one cycle for all that were missed", async () => {
    const kept: string[] = [];
    const before = runs(kept);
    const ended = nextEnd(before);
    await before.turnOn(file);
    await ended;
    before.dispose();
    expect(kept).toEqual([file]);
    const files = stateFiles(jobPaths(file).stateDir);
    const record = await loadJobRecord(files);
    await writeFile(files.state, JSON.stringify({ ...record, nextCycleAt: "2020-01-01T00:00:00.000Z" }));
    const after = runs(kept);
    let cycles = 0;
    after.onDidEndCycle(() => (cycles += 1));
    after.resume([file]);
    await until(() => after.state(file).nextAt !== undefined);
    expect(cycles).toBe(1);
  });

  it("tells a directory file that was deleted under a running job, and removes nobody", async () => {
    const window = runs();
    let ended = nextEnd(window);
    await window.turnOn(file);
    await ended;
    await window.turnOff(file);
    await rm(join(folder, "directory.json"));
    const files = stateFiles(jobPaths(file).stateDir);
    await writeFile(
      files.state,
      JSON.stringify({ ...(await loadJobRecord(files)), nextCycleAt: "2020-01-01T00:00:00.000Z" }),
    );
    ended = nextEnd(window);
    await window.turnOn(file);
    const end = await ended;
    expect(end.outcome).toBeUndefined();
    expect(end.message).toContain("directory.json");
    expect(window.state(file).trouble).toBe(end.message);
    expect(sandbox.store.find("User", "ada@contoso.com")?.["active"]).toBe(true);
  });

  it("stops after the requests in flight when the window closes during a push, and goes on from there", async () => {
    await sandbox.close();
    sandbox = await startSandbox({ users: 0, groups: 0, latencyMs: 20 });
    await writeFile(file, jobText(sandbox.baseUrl));
    await directory(Array.from({ length: 300 }, (_, at) => `p${at}`));
    const window = engine();
    let pushed = 0;
    const push = window.call(
      "cycle",
      { file, initiatedBy: "person" },
      { onProgress: (told) => (pushed = told.kind === "push" ? told.progress.done : pushed) },
    );
    push.catch(() => undefined);
    await until(() => pushed > 0);
    window.dispose();
    await expect(push).rejects.toBeInstanceOf(CancelledError);
    const { stateDir } = jobPaths(file);
    while ((await lockOwner(stateDir)) !== undefined) await sleep(20);
    const inService = sandbox.store.count("User");
    expect(inService).toBeLessThan(300);
    // The next window says what was sent, and sends the rest.
    expect(await mayBeCutOff(stateDir)).toBe(true);
    const next = engine();
    expect(await next.call("cutOff", { file })).toMatchObject({ total: 300, left: 300 - inService });
    const { resumed, results } = await next.call("cycle", { file, initiatedBy: "person", only: [] });
    expect([resumed, results]).toEqual([300 - inService, []]);
    expect(await mayBeCutOff(stateDir)).toBe(false);
    expect(await next.call("cutOff", { file })).toBeUndefined();
    const names = new Set(
      Array.from({ length: 300 }, (_, at) => sandbox.store.find("User", `p${at}@contoso.com`)?.["id"]),
    );
    expect(names.size).toBe(300);
    expect(names.has(undefined)).toBe(false);
  });

  it("that dies takes no lock with it", async () => {
    const events: WatchEvent[] = [];
    const one = engine();
    const watching = one.call("watch", { file }, { onProgress: (event) => events.push(event) });
    watching.catch(() => undefined);
    await until(() => events.some(({ kind }) => kind === "waiting"));
    const owner = await lockOwner(join(jobPaths(file).stateDir, "turned-on"));
    process.kill(owner!.pid, "SIGKILL");
    await expect(watching).rejects.toMatchObject({ code: "engineEnded" });
    expect(await lockOwner(join(jobPaths(file).stateDir, "turned-on"))).toBeUndefined();
  });
});

import { execFile, fork, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { makeCreate, makeDeactivate, makeDelete, makeUpdate } from "../../../src/changes/build.ts";
import type { Change } from "../../../src/changes/change.ts";
import { verifyJournal } from "../../../src/changes/journalRead.ts";
import { acquireLock } from "../../../src/changes/lock.ts";
import { pushChanges } from "../../../src/changes/push.ts";
import { resumePush, unfinishedPush } from "../../../src/changes/resume.ts";
import { canonicalDocument } from "../../../src/scim/patch/normalize.ts";
import type { ScimDocument } from "../../../src/scim/resource.ts";
import { builtinSchema } from "../../../src/scim/schemas/builtin.ts";
import { reason } from "../../support/changeSamples.ts";
import { openJournal, startService, temporaryFolder, writes, type Service } from "../../support/pushFixture.ts";

const run = promisify(execFile);
const support = join(import.meta.dirname, "..", "..", "support");

const people = Array.from({ length: 12 }, (_, at) => ({ userName: `old${at}@contoso.com`, displayName: `Old ${at}` }));
const seed = {
  users: people,
  groups: [{ displayName: "Kept", members: ["old0@contoso.com"] }, { displayName: "Gone" }],
};

/** A bit of everything: creates with members, nested groups, updates, deactivations, deletions. */
function everything(service: Service): Change[] {
  const [users, groups] = [service.context("User"), service.context("Group")];
  const created = Array.from({ length: 8 }, (_, at) => `new${at}`);
  const group = (name: string, members: ScimDocument[]) =>
    makeCreate({ displayName: name, members }, groups, { ...reason, sourceId: name }).change!;
  const old = (at: number) => service.named("User", `old${at}@contoso.com`);
  const kept = service.named("Group", "Kept");
  const members = [
    ...(kept["members"] as ScimDocument[]),
    { value: "{new0}" },
    { value: "{new1}" },
    { value: old(3).id },
  ];
  return [
    ...created.map(
      (name) => makeCreate({ userName: `${name}@contoso.com` }, users, { ...reason, sourceId: name }).change!,
    ),
    group("Outer", [
      { value: "{Inner}", type: "Group" },
      { value: "{new2}", type: "User" },
    ]),
    group(
      "Inner",
      created.map((name) => ({ value: `{${name}}`, type: "User" })),
    ),
    makeUpdate(kept, { ...kept, members }, groups, reason).change!,
    ...[0, 1, 2].map((at) => makeUpdate(old(at), { ...old(at), displayName: `Renamed ${at}` }, users, reason).change!),
    ...[4, 5].map((at) => makeDeactivate(old(at), users, reason).change!),
    ...[6, 7].map((at) => makeDelete(old(at), users, reason)),
    makeDelete(service.named("Group", "Gone"), groups, reason),
  ];
}

/** What a service holds, without what differs from run to run: ids become names, times and versions go. */
function stateOf(service: Service): unknown {
  const { users, groups } = service.sandbox.store.snapshot();
  const names = new Map(
    [...users, ...groups].map(([id, { userName, displayName }]) => [id, String(userName ?? displayName)]),
  );
  const plain = (document: ScimDocument, type: "User" | "Group") => {
    const {
      id: _id,
      groups: _groups,
      members,
      ...rest
    } = canonicalDocument(document, builtinSchema(type), { meta: false });
    const list = (members ?? []) as { value: string }[];
    return { ...rest, members: list.map(({ value }) => names.get(value) ?? value).toSorted() };
  };
  const list = [
    ...[...users.values()].map((user) => plain(user, "User")),
    ...[...groups.values()].map((group) => plain(group, "Group")),
  ];
  return list.map((each) => JSON.stringify(each)).toSorted();
}

const moments = ["before", "during", "after", "started"] as const;
const points = Number(process.env["SCIM_KILL_POINTS"] ?? 25);

describe("kill -9 during a push, then resume", () => {
  const expected = async () => {
    const service = await startService({ profile: "rfc", seed });
    const report = await pushChanges({
      changes: everything(service),
      client: service.client,
      dialect: service.dialect,
    });
    return { state: stateOf(service), requests: writes(service.sandbox).length, counts: report.counts };
  };

  it(
    `ends in the same state with nothing done twice, at ${points} points`,
    { timeout: 30_000 + points * 2000 },
    async () => {
      const clean = await expected();
      expect(clean.counts).toMatchObject({ pushed: 19 });
      const runs = Array.from({ length: points }, (_, at) => at);
      // Two at a time: the machine may have no more cores.
      const lanes = [runs.filter((at) => at % 2 === 0), runs.filter((at) => at % 2 === 1)];
      await Promise.all(
        lanes.map(async (lane) => {
          for (const at of lane) {
            const moment = at % 20 === 19 ? "started" : moments[at % 3]!;
            const number = 1 + ((at * 7) % clean.requests);
            await killAndResume(moment, number, clean.state);
          }
        }),
      );
    },
  );
});

async function killAndResume(moment: string, number: number, expected: unknown): Promise<void> {
  const where = `killed ${moment} request ${number}`;
  const service = await startService({ profile: "rfc", seed, seedNumber: number });
  const changes = everything(service);
  const folder = join(await temporaryFolder(), ".provisioning", "job");
  const file = join(await temporaryFolder(), "changes.json");
  await writeFile(file, JSON.stringify(changes));
  const child = spawn(
    process.execPath,
    [join(support, "pushChild.ts"), folder, file, service.sandbox.baseUrl, moment, String(number)],
    {
      env: { ...process.env, SCIM_TOKEN: service.sandbox.token },
      stdio: ["ignore", "ignore", "inherit"],
    },
  );
  const signal = await new Promise((resolve) => child.once("exit", (_code, name) => resolve(name)));
  expect(signal, where).toBe("SIGKILL");

  const lock = await acquireLock(folder, "resume");
  expect(lock.recoveredFrom?.pid, where).toBe(child.pid);
  const { journal } = await openJournal(folder);
  const { client, dialect } = service;
  const unfinished = await unfinishedPush(folder);
  const report = unfinished
    ? await resumePush(unfinished, { client, dialect, journal })
    : await pushChanges({ changes, client, dialect, journal });
  await journal.close();
  await lock.release();
  expect(
    report.results.filter(({ outcome }) => outcome !== "pushed" && outcome !== "redundant"),
    where,
  ).toEqual([]);
  expect(stateOf(service), where).toEqual(expected);
  const posts = service.sandbox.requests.all.filter(({ method, status }) => method === "POST" && status === 201);
  expect(posts, where).toHaveLength(10);
  expect(await unfinishedPush(folder), where).toBeUndefined();
  expect((await verifyJournal(folder)).intact, where).toBe(true);
}

const races = Number(process.env["SCIM_LOCK_RACES"] ?? 200);

describe("two processes at once", () => {
  it(
    `race for the lock ${races} times, and exactly one gets it each time`,
    { timeout: 60_000 + races * 200 },
    async () => {
      const children = [1, 2].map(() => fork(join(support, "lockChild.ts"), { stdio: "inherit" }));
      const answers = (message?: object) =>
        Promise.all(
          children.map((child) => {
            const answered = once(child, "message").then(([text]) => text as unknown);
            if (message) child.send(message);
            return answered;
          }),
        );
      try {
        expect(await answers()).toEqual(["ready", "ready"]);
        const parent = await temporaryFolder();
        for (let race = 0; race < races; race++) {
          const folder = join(parent, String(race));
          await mkdir(folder);
          // In every other race both find the lock of an owner that died, and want to take it over.
          if (race % 2 === 0) await writeFile(join(folder, "lock.1"), JSON.stringify(deadOwner));
          expect((await answers({ folder })).toSorted(), `race ${race}`).toEqual(["in", "refused"]);
          await answers({});
          await rm(folder, { recursive: true });
        }
      } finally {
        for (const child of children) child.disconnect();
      }
    },
  );
});

const deadOwner = {
  pid: 4_194_305,
  host: hostname(),
  since: "2026-01-31T08:00:00.000Z",
  purpose: "push",
  released: false,
};

describe("a journal on a full disk", () => {
  it("stops the push before anything is sent", async () => {
    const service = await startService({ profile: "rfc", seed });
    const folder = join(await temporaryFolder(), ".provisioning", "job");
    const file = join(await temporaryFolder(), "changes.json");
    await writeFile(file, JSON.stringify(everything(service)));
    const command = `ulimit -f 8; exec "$0" "$@"`;
    const child = [join(support, "pushChild.ts"), folder, file, service.sandbox.baseUrl];
    const { stdout } = await run("/bin/sh", ["-c", command, process.execPath, ...child], {
      env: { ...process.env, SCIM_TOKEN: service.sandbox.token },
    });
    expect(JSON.parse(stdout)).toMatchObject({
      counts: { notSent: 19 },
      stopped: { code: "noSpace", message: expect.stringContaining("room"), fix: expect.stringContaining("resume") },
    });
    expect(writes(service.sandbox)).toEqual([]);
    expect(await verifyJournal(folder)).toMatchObject({ intact: true });
  });
});

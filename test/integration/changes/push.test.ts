import { describe, expect, it } from "vitest";
import { makeActivate, makeCreate, makeDeactivate, makeDelete, makeUpdate } from "../../../src/changes/build.ts";
import type { Change } from "../../../src/changes/change.ts";
import { pushChanges } from "../../../src/changes/push.ts";
import { verifyJournal } from "../../../src/changes/journalRead.ts";
import type { ScimDocument, ScimResource } from "../../../src/scim/resource.ts";
import { urns } from "../../../src/scim/resource.ts";
import { reason } from "../../support/changeSamples.ts";
import { openJournal, startService, writes, type Service } from "../../support/pushFixture.ts";
import { readRecords } from "../../support/readRecords.ts";

function createUser(service: Service, name: string, more: ScimDocument = {}): Change {
  return makeCreate({ userName: `${name}@contoso.com`, ...more }, service.context("User"), {
    ...reason,
    sourceId: name,
  }).change!;
}

function createGroup(service: Service, name: string, members: readonly ScimDocument[] = []): Change {
  const document = { displayName: name, ...(members.length > 0 && { members }) };
  return makeCreate(document, service.context("Group"), { ...reason, sourceId: name }).change!;
}

function updateUser(service: Service, name: string, parts: ScimDocument): Change {
  const before = service.named("User", `${name}@contoso.com`);
  return makeUpdate(before, { ...before, ...parts }, service.context("User"), reason).change!;
}

const people = { users: ["ada", "bob", "eve"].map((name) => ({ userName: `${name}@contoso.com`, displayName: name })) };

describe.each(["databricks-workspace", "databricks-account", "rfc"] as const)("on %s, a push", (profile) => {
  it("creates, updates, deactivates and deletes, and the journal holds it all", async () => {
    const service = await startService({ profile, seed: { ...people, groups: [{ displayName: "Old" }] } });
    const { journal, folder } = await openJournal();
    const bob = service.named("User", "bob@contoso.com");
    const changes = [
      makeDelete(service.named("Group", "Old"), service.context("Group"), reason),
      makeDeactivate(bob, service.context("User"), reason).change!,
      updateUser(service, "ada", { displayName: "Ada Lovelace" }),
      createGroup(service, "Data", [
        { value: "{new}", type: "User" },
        { value: bob.id, type: "User" },
      ]),
      createUser(service, "new"),
    ];
    const report = await pushChanges({
      changes,
      client: service.client,
      dialect: service.dialect,
      journal,
      note: "first",
    });
    expect(report.counts).toMatchObject({ pushed: 5 });
    expect(report.results.map(({ changeId }) => changeId)).toEqual(changes.map(({ id }) => id));

    expect(service.named("User", "bob@contoso.com")["active"]).toBe(false);
    expect(service.named("User", "ada@contoso.com")["displayName"]).toBe("Ada Lovelace");
    const created = service.named("User", "new@contoso.com");
    const members = service.named("Group", "Data")["members"] as { value: string }[];
    expect(members.map(({ value }) => value).toSorted()).toEqual([created.id, bob.id].toSorted());
    expect(service.sandbox.store.find("Group", "Old")).toBeUndefined();

    await journal.close();
    const records = await readRecords(folder);
    expect(records.map(({ kind }) => kind).filter((kind) => kind === "intent" || kind === "result")).toHaveLength(10);
    expect(records[0]).toMatchObject({ kind: "pushStart", note: "first" });
    expect(records.at(-1)).toMatchObject({ kind: "pushEnd", outcome: "finished", counts: { pushed: 5 } });
    expect(await verifyJournal(folder)).toMatchObject({ intact: true, problems: [] });
  });

  it("keeps the order of dependencies, whatever order the changes have", async () => {
    const service = await startService({ profile, seed: { ...people, groups: [{ displayName: "Old" }] } });
    const changes = [
      makeDelete(service.named("Group", "Old"), service.context("Group"), reason),
      makeDeactivate(service.named("User", "bob@contoso.com"), service.context("User"), reason).change!,
      createGroup(service, "Outer", [{ value: "{Inner}", type: "Group" }]),
      createGroup(service, "Inner", [{ value: "{new}" }]),
      createUser(service, "new"),
    ];
    await pushChanges({ changes, client: service.client, dialect: service.dialect });
    const sent = writes(service.sandbox).map((line) => line.replace(/[^/]+$/, (id) => (/^[A-Z]/.test(id) ? id : "*")));
    expect(sent).toEqual([
      "POST /Users",
      "POST /Groups",
      "POST /Groups",
      "PATCH /Groups/*",
      "PATCH /Users/*",
      "DELETE /Groups/*",
    ]);
    const inner = service.named("Group", "Inner");
    expect(service.named("Group", "Outer")["members"]).toMatchObject([{ value: inner.id }]);
  });
});

describe("one failing change", () => {
  it("stops no other, and what depends on it goes without it", async () => {
    const service = await startService({ profile: "rfc", seed: people });
    const taken = createUser(service, "ada", { title: "not the one that is there" });
    const group = createGroup(service, "Data", [{ value: "{ada}" }, { value: "{new}" }]);
    const before = service.named("User", "bob@contoso.com");
    const manager = { [urns.enterpriseUser]: { manager: { value: "{ada}" } } };
    const blocked = makeUpdate(before, { ...before, ...manager }, service.context("User"), reason).change!;
    const changes = [taken, group, createUser(service, "new"), blocked];
    const report = await pushChanges({ changes, client: service.client, dialect: service.dialect });
    const byId = new Map(report.results.map((result) => [result.changeId, result]));
    expect(byId.get(taken.id)).toMatchObject({ outcome: "failed", error: { code: "uniqueness" } });
    expect(byId.get(group.id)).toMatchObject({ outcome: "pushed", absent: ["ada"] });
    expect(byId.get(blocked.id)).toMatchObject({
      outcome: "blocked",
      error: { message: expect.stringContaining("ada") },
    });
    expect(service.named("Group", "Data")["members"]).toMatchObject([
      { value: service.named("User", "new@contoso.com").id },
    ]);
  });

  it("that is left out of the push is not referred to either", async () => {
    const service = await startService({ profile: "rfc" });
    const [left, sent] = [createUser(service, "left"), createUser(service, "sent")];
    const group = createGroup(service, "Data", [{ value: "{left}" }, { value: "{sent}" }]);
    const only = new Set([sent.id, group.id]);
    const report = await pushChanges({
      changes: [left, sent, group],
      only,
      client: service.client,
      dialect: service.dialect,
    });
    expect(report.results.map(({ outcome }) => outcome)).toEqual(["pushed", "pushed"]);
    expect(service.sandbox.store.find("User", "left@contoso.com")).toBeUndefined();
    expect(service.named("Group", "Data")["members"]).toHaveLength(1);
  });
});

describe("before it writes, a verifying push", () => {
  it("refuses what moved since it was read, and sends the rest", async () => {
    const service = await startService({ profile: "rfc", seed: people });
    const stale = updateUser(service, "ada", { displayName: "Ours" });
    const fine = updateUser(service, "bob", { displayName: "Bobby" });
    service.sandbox.store.patch(stale.targetId!, [{ op: "replace", path: "displayName", value: "Theirs" }]);
    const report = await pushChanges({
      changes: [stale, fine],
      client: service.client,
      dialect: service.dialect,
      verify: true,
    });
    expect(report.results[0]).toMatchObject({
      outcome: "conflict",
      conflict: { attributes: [{ path: "displayName", base: "ada", ours: "Ours", theirs: "Theirs" }] },
    });
    expect(report.results[1]).toMatchObject({ outcome: "pushed" });
    expect(service.named("User", "ada@contoso.com")["displayName"]).toBe("Theirs");
  });

  it("sends nothing for what is as wanted already, and names what is gone", async () => {
    const service = await startService({ profile: "rfc", seed: people });
    const done = updateUser(service, "ada", { displayName: "Same" });
    const gone = updateUser(service, "bob", { displayName: "Bobby" });
    service.sandbox.store.patch(done.targetId!, [{ op: "replace", path: "displayName", value: "Same" }]);
    service.sandbox.store.delete(gone.targetId!);
    const report = await pushChanges({
      changes: [done, gone],
      client: service.client,
      dialect: service.dialect,
      verify: true,
    });
    expect(report.results.map(({ outcome, error }) => error?.code ?? outcome)).toEqual(["redundant", "gone"]);
    expect(writes(service.sandbox)).toEqual([]);
  });

  it("keeps members that somebody else added meanwhile", async () => {
    const service = await startService({
      seed: { ...people, groups: [{ displayName: "Data", members: ["ada@contoso.com"] }] },
    });
    const group = service.named("Group", "Data");
    const [bob, eve] = [service.named("User", "bob@contoso.com"), service.named("User", "eve@contoso.com")];
    const change = makeUpdate(
      group,
      { ...group, members: [{ value: bob.id }] },
      service.context("Group"),
      reason,
    ).change!;
    service.sandbox.store.patch(group.id, [{ op: "add", path: "members", value: [{ value: eve.id }] }]);
    const { journal, folder } = await openJournal();
    await pushChanges({ changes: [change], client: service.client, dialect: service.dialect, verify: true, journal });
    const members = service.named("Group", "Data")["members"] as { value: string }[];
    expect(members.map(({ value }) => value).toSorted()).toEqual([bob.id, eve.id].toSorted());
    await journal.close();
    const intents = (await readRecords(folder)).filter((record) => record.kind === "intent");
    expect(
      intents.at(-1)?.change.before?.["members"],
      "undo needs the document as it was when it was sent",
    ).toHaveLength(2);
  });

  it("uses the version where the service has versions, also without reading first", async () => {
    const service = await startService({ profile: "rfc", seed: people });
    const stale = updateUser(service, "ada", { displayName: "Ours" });
    service.sandbox.store.patch(stale.targetId!, [{ op: "replace", path: "displayName", value: "Theirs" }]);
    const report = await pushChanges({ changes: [stale], client: service.client, dialect: service.dialect });
    expect(report.results[0]).toMatchObject({ outcome: "conflict" });
    expect(service.named("User", "ada@contoso.com")["displayName"]).toBe("Theirs");
  });
});

describe("after it wrote, a push", () => {
  it("says what the service stored, and where that differs from what was sent", async () => {
    const service = await startService({ seed: people, switches: { federated: true, updateAnswer: "empty" } });
    const change = updateUser(service, "ada", { displayName: "Ignored", name: { familyName: "Lovelace" } });
    const report = await pushChanges({
      changes: [change],
      client: service.client,
      dialect: service.dialect,
      readBack: true,
    });
    expect(report.results[0]).toMatchObject({
      outcome: "pushed",
      stored: { displayName: "ada", name: { familyName: "Lovelace" } },
      differences: [{ path: "displayName", before: "Ignored", after: "ada" }],
    });
  });

  it("can be undone by hand: who was deactivated is activated again", async () => {
    const service = await startService({ seed: people });
    const user = () => service.named("User", "ada@contoso.com");
    const push = (change: Change) =>
      pushChanges({ changes: [change], client: service.client, dialect: service.dialect });
    await push(makeDeactivate(user(), service.context("User"), reason).change!);
    expect(user()["active"]).toBe(false);
    await push(makeActivate(user(), service.context("User"), reason).change!);
    expect(user()["active"]).toBe(true);
  });
});

describe("a push of many", () => {
  it("reports progress up to the end, and every result as it comes", async () => {
    const service = await startService({ seed: people });
    const changes = Array.from({ length: 40 }, (_, at) => createUser(service, `user${at}`));
    const seen: ScimResource[] = [];
    let last: unknown;
    await pushChanges({
      changes,
      client: service.client,
      dialect: service.dialect,
      onProgress: (progress) => (last = progress),
      onResult: ({ stored }) => seen.push(stored!),
    });
    expect(last).toMatchObject({ done: 40, total: 40, failed: 0, etaSeconds: 0 });
    expect(seen).toHaveLength(40);
  });

  it("changes a group in the order of its requests", async () => {
    const service = await startService({ profile: "rfc", users: 250 });
    const ids = [...service.sandbox.store.snapshot().users.keys()];
    const group = createGroup(
      service,
      "Everyone",
      ids.map((value) => ({ value })),
    );
    const report = await pushChanges({ changes: [group], client: service.client, dialect: service.dialect });
    expect(report.results[0]).toMatchObject({ outcome: "pushed" });
    expect(service.named("Group", "Everyone")["members"]).toHaveLength(250);
  });
});

import { join } from "node:path";
import { readFile } from "node:fs/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { readDirectory } from "../../../../src/extension/jobEditor/preview/directoryData.ts";
import { PreviewEngine } from "../../../../src/extension/jobEditor/preview/engine.ts";
import { makeSnapshot } from "../../../../src/extension/jobEditor/snapshot.ts";
import { targetOffers } from "../../../../src/extension/jobEditor/offers.ts";
import type { View } from "../../../../src/extension/jobEditor/messages/view.ts";
import type { Job } from "../../../../src/job/job.ts";
import { parseJob, readJob } from "../../../../src/job/load.ts";
import type { Link } from "../../../../src/provisioning/jobState.ts";
import type { ScimResource } from "../../../../src/scim/resource.ts";
import { builtinSchema } from "../../../../src/scim/schemas/builtin.ts";

const samples = join(import.meta.dirname, "../../../../samples");
const file = join(samples, "databricks.provisioning.json");

/** The sample job with one mapping changed. */
function withMapping(job: Job, target: string, source: Job["users"]["mappings"][number]["source"]): Job {
  const mappings = job.users.mappings.map((mapping) => (mapping.target === target ? { ...mapping, source } : mapping));
  return { ...job, users: { ...job.users, mappings } };
}

const view: View["scope"] = { kind: "users", tab: "all", search: "", selected: null };

describe("the previews of a job over its directory", () => {
  let text: string;
  let saved: Job;
  let engine: PreviewEngine;
  const show = (job: Job, version = 2) => engine.setJob({ version, job, saved, schemas: {} });

  beforeAll(async () => {
    text = await readFile(file, "utf8");
    saved = parseJob(text, file);
    engine = new PreviewEngine();
    engine.setDirectory(await readDirectory(saved.directory, { baseDir: samples }));
  });

  const grace = () => engine.people("users", "grace").people[0]!;
  const resultOf = (job: Job, target: string) => {
    show(job);
    return engine.results("users", grace().id)?.rows[job.users.mappings.findIndex((each) => each.target === target)];
  };

  it("begins with somebody who is in scope, and steps through the directory", () => {
    show(saved);
    expect(engine.step("users", null, 1)?.name).toBe("Grace Mbeki");
    const next = engine.step("users", grace().id, 1)!;
    expect(engine.step("users", next.id, -1)?.id).toBe(grace().id);
  });

  it("shows values with what the service makes of them", () => {
    expect(resultOf(saved, "userName")).toMatchObject({
      outcome: "value",
      text: "Grace.Mbeki@contoso.com",
      note: { word: "lower case", tone: "info" },
    });
    expect(resultOf(saved, "active")).toMatchObject({
      text: "True",
      trace: { children: [{ text: "[IsSoftDeleted]" }, {}] },
    });
  });

  it("compares with the target, as a cycle would, and says so of no one while the target is not read", () => {
    const shouting = withMapping(saved, "displayName", { expression: "ToUpper([displayName])" });
    expect(resultOf(shouting, "displayName")?.note).toBeUndefined();
    expect(engine.results("users", grace().id)?.counterpart).toBe("notRead");
    const { id } = grace();
    const stored = {
      ...{ id: "900", userName: "grace.mbeki@contoso.com", displayName: "Grace Mbeki", active: true },
      ...{ name: { givenName: "Grace", familyName: "Mbeki" } },
    };
    const linked = new Map([[id, { targetId: "900", hash: "", scope: "in" as const }]]);
    const at = (resources: readonly ScimResource[], links: ReadonlyMap<string, Link> = new Map()) =>
      engine.setTarget("users", { resources, links, readAt: new Date(0) });

    at([stored], linked);
    expect(resultOf(shouting, "displayName")).toMatchObject({
      text: "GRACE MBEKI",
      note: { word: "will change", detail: "The target has Grace Mbeki." },
    });
    expect(resultOf(saved, "displayName")?.note).toBeUndefined();
    expect(resultOf(saved, "active")?.note).toBeUndefined();
    // Stored in lower case, so it is no change; written on creation only, so it is none either.
    expect(resultOf(saved, "userName")?.note?.word).toBe("lower case");
    expect(resultOf(saved, 'emails[type eq "work"].value')?.note).toBeUndefined();

    at([{ ...stored, displayName: undefined }]);
    expect(resultOf(saved, "displayName")?.note).toMatchObject({ detail: "The target has no value." });
    expect(engine.results("users", id)?.counterpart).toBe("found");
    at([stored, { ...stored, id: "901" }]);
    expect(resultOf(shouting, "displayName")?.note).toBeUndefined();
    expect(engine.results("users", id)?.counterpart).toBe("several");
    at([{ ...stored, userName: "other@contoso.com" }]);
    expect(engine.results("users", id)?.counterpart).toBe("absent");
    at([], linked);
    expect(engine.results("users", id)?.counterpart).toBe("gone");
    engine.setTarget("users", undefined);
  });

  it("gives the other rows their results while one has an error", () => {
    const broken = withMapping(saved, "displayName", { expression: "ToLower(" });
    expect(resultOf(broken, "displayName")).toEqual({ outcome: "invalid", text: "" });
    expect(resultOf(broken, "userName")?.outcome).toBe("value");
  });

  it("shows empty and failing values as such, and hostile ones as one plain line", () => {
    const result = (expression: string) => resultOf(withMapping(saved, "displayName", { expression }), "displayName");
    expect(result("Coalesce([nowhere], [nowhere])")?.outcome).toBe("empty");
    expect(result("Item([displayName], 9)")).toMatchObject({ outcome: "failed" });
    expect(result('Append([givenName], "\u202e<b>\n")')?.text).toBe("Grace\ufffd<b>");
  });

  it("counts over everyone in scope whose value would change at the target, and who is not there", async () => {
    const row = 1;
    show(withMapping(saved, "displayName", { expression: "ToUpper([displayName])" }));
    const alone = await engine.population("users", row, () => undefined);
    expect(alone).toMatchObject({ version: 2, total: 19, done: 19, row, absent: null, examples: [] });
    expect(alone?.rows[row]).toMatchObject({ changed: null, distinct: 19, empty: 0 });
    const resources = ["Grace.Mbeki@contoso.com", "Zoe.Larsson@contoso.com"].map((userName, index) => ({
      id: String(index),
      userName: userName.toLowerCase(),
      displayName: index === 0 ? "Grace Mbeki" : "ZOË LARSSON",
    }));
    engine.setTarget("users", { resources, links: new Map(), readAt: new Date(0) });
    const compared = await engine.population("users", row, () => undefined);
    expect(compared).toMatchObject({ absent: 17 });
    expect(compared?.rows[row]).toMatchObject({ changed: 1 });
    expect(compared?.examples).toEqual([{ name: "Grace Mbeki", before: "Grace Mbeki", after: "GRACE MBEKI" }]);
    engine.setTarget("users", undefined);
  });

  it("counts the funnel of the scope, each clause, and who enters and leaves", async () => {
    show(saved);
    expect(await engine.scope(view)).toMatchObject({
      ...{ total: 33, active: 31, assigned: 30, entitled: 20, passed: 19, enters: 0, leaves: 0 },
      groups: [{ in: 19, out: 1, clauses: [{ in: 19, out: 1 }] }],
    });
    const clauses = [{ attribute: "country", operator: "EQUALS" as const, value: "NO" }];
    show({ ...saved, scope: { ...saved.scope, users: [{ clauses }] } });
    const narrower = await engine.scope({ ...view, tab: "leaves" });
    expect(narrower).toMatchObject({ passed: 1, enters: 0, leaves: 18, sampleOf: 18 });
    expect(narrower?.sample[0]).toMatchObject({ name: "Grace Mbeki", reason: "No group passes", move: "leaves" });
  });

  it("lists every rule that decided, whatever decided first", async () => {
    show(saved);
    const ada = engine.people("users", "ada okafor").people[0]!;
    const { explained } = (await engine.scope({ ...view, selected: ada.id }))!;
    expect(explained?.rules.map(({ name, passed }) => `${name} ${passed}`)).toEqual([
      "Active in the source system true",
      "Assigned to the application true",
      "User has the required role false",
      "Country is known: country IS NOT NULL true",
    ]);
  });

  it("has no counts while a clause is faulty", async () => {
    const clauses = [{ attribute: "country", operator: "REGEX MATCH" as const, value: "[a" }];
    show({ ...saved, scope: { ...saved.scope, users: [{ clauses }] } });
    expect(await engine.scope(view)).toBeUndefined();
  });

  it("drops a count that an edit has overtaken", async () => {
    const slow = new PreviewEngine();
    const users = Array.from({ length: 5000 }, (_, index) => ({ id: String(index), attributes: { displayName: "x" } }));
    slow.setDirectory({
      ...{ description: "", users, groups: [], groupsById: new Map(), assignments: [], problems: [] },
      attributes: { users: [], groups: [] },
      readAt: new Date(0),
    });
    const everybody = { ...saved, scope: { ...saved.scope, mode: "all" as const, users: [] } };
    slow.setJob({ version: 1, job: everybody, saved: undefined, schemas: {} });
    const counting = slow.population("users", null, () => undefined);
    slow.setJob({ version: 2, job: everybody, saved: undefined, schemas: {} });
    expect(await counting).toBeUndefined();
    expect(await slow.population("users", null, () => undefined)).toMatchObject({ version: 2, total: 5000 });
  });

  it("keeps the last good job while the text is broken, and says where", () => {
    const reading = readJob(text.replace('"mappings": [', '"mappings": [,'));
    const snapshot = makeSnapshot({
      ...{
        version: 3,
        fileName: "a.provisioning.json",
        live: false,
        locked: undefined,
        reading,
        lastGood: saved,
        saved,
      },
      check: () => [],
      connection: undefined,
    });
    expect(snapshot.broken?.line).toBe(text.slice(0, text.indexOf('"mappings": [')).split("\n").length);
    expect(snapshot.job?.users.mappings).toHaveLength(6);
    expect(snapshot.edited).toEqual([]);
  });

  it("marks the rows and pages that differ from the saved file", () => {
    const job = withMapping(saved, "displayName", { constant: "x" });
    const snapshot = makeSnapshot({
      ...{ version: 3, fileName: "a.provisioning.json", live: false, locked: undefined, lastGood: undefined, saved },
      reading: { job, draft: job, problems: [] },
      check: (_, kind) =>
        kind === "users" ? [{ row: 1, field: "target", severity: "warning", code: "x", message: "m" }] : [],
      connection: undefined,
    });
    expect(snapshot.edited).toEqual(["users"]);
    expect(snapshot.tables.users.rows.map(({ edited }) => edited)).toEqual([false, true, false, false, false, false]);
    expect(snapshot.tables.users.rows[1]?.problems).toHaveLength(1);
  });

  it("offers the targets that can be written, elements by their type", () => {
    const paths = targetOffers(builtinSchema("User")).map(({ path }) => path);
    expect(paths).toEqual(expect.arrayContaining(["userName", "name.givenName", 'emails[type eq "work"].value']));
    expect(paths).toContain("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department");
    expect(paths).not.toContain("id");
    expect(paths.some((path) => path.startsWith("meta"))).toBe(false);
  });
});

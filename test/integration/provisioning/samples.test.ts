import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { loadJob } from "../../../src/job/load.ts";
import { jobPaths } from "../../../src/job/paths.ts";
import { runCycle } from "../../../src/provisioning/cycle.ts";
import { openJob } from "../../../src/provisioning/jobContext.ts";
import { loadJobState } from "../../../src/provisioning/jobState.ts";
import { makePlan } from "../../../src/provisioning/makePlan.ts";
import type { Plan } from "../../../src/provisioning/plan.ts";
import { parseSeed } from "../../../src/sandbox/seed.ts";
import { startSandbox } from "../../../src/sandbox/sandbox.ts";

const samples = join(import.meta.dirname, "..", "..", "..", "samples");

interface Expected {
  readonly summary: Record<string, number>;
  readonly skip?: Record<string, readonly string[]>;
  readonly [action: string]: unknown;
}

/** A copy of the samples, with the job pointed at a sandbox that holds the sample's seed. */
async function open(name: string) {
  const sandbox = await startSandbox({ seed: parseSeed(await readFile(join(samples, "sandbox.json"), "utf8")) });
  const folder = await mkdtemp(join(tmpdir(), "scim-samples-"));
  await cp(samples, folder, { recursive: true, filter: (path) => !path.includes(".provisioning/") });
  const file = join(folder, `${name}.provisioning.json`);
  const text = await readFile(file, "utf8");
  const { connection } = JSON.parse(text) as { connection: { baseUrl: string } };
  await writeFile(file, text.replace(connection.baseUrl, sandbox.baseUrl));
  const context = await openJob(await loadJob(file), jobPaths(file), { tokenFor: () => sandbox.token });
  onTestFinished(async () => {
    await context.close();
    await sandbox.close();
    await rm(folder, { recursive: true, force: true });
  });
  const plan = async () => (await makePlan(context, await loadJobState(context.files), { now: new Date() })).plan;
  /** A plan in the form of samples/expected.json, which names people as the directory does. */
  const planned = async () => {
    const names = new Map<string, string>();
    for await (const batch of context.directory.read().users()) {
      for (const { id, attributes } of batch) names.set(id, String(attributes["userPrincipalName"]));
    }
    return outline(await plan(), names);
  };
  return { folder, context, plan, planned };
}

/** The service stores user names in lower case; who is gone from the directory is named as stored. */
function folded<Value>(value: Value): Value {
  return JSON.parse(
    JSON.stringify(value, (_key, each: unknown) => (typeof each === "string" ? each.toLowerCase() : each)),
  ) as Value;
}

function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.toSorted();
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, inOrder(each)]));
}

function outline({ changes, summary }: Plan, directory: ReadonlyMap<string, string>) {
  const { skip: _skip, unchanged: _unchanged, ...counts } = summary;
  const names = (action: string, type: string) =>
    changes
      .filter((change) => change.action === action && change.resourceType === type)
      .map(({ name, sourceId = "" }) => directory.get(sourceId) ?? name)
      .toSorted();
  return {
    summary: counts,
    ...Object.fromEntries(
      ["create", "update", "deactivate", "delete"].map((action) => [
        action,
        { users: names(action, "User"), groups: names(action, "Group") },
      ]),
    ),
  };
}

it("the sample plans, is pushed, and plans again as it says", async () => {
  const expected = JSON.parse(await readFile(join(samples, "expected.json"), "utf8")) as Record<string, Expected>;
  const { folder, context, plan, planned } = await open("databricks");

  const first = await plan();
  const { skip, ...changes } = expected["first"]!;
  expect(inOrder(folded(await planned()))).toEqual(inOrder(folded(changes)));
  const skipped = first.skips.filter(({ reason }) => reason !== "MemberNotProvisioned").map(({ name }) => name);
  expect(skipped.toSorted()).toEqual(Object.values(skip!).flat().toSorted());
  expect(await runCycle(context, { initiatedBy: "test" })).toMatchObject({ outcome: "succeeded" });
  expect((await plan()).changes).toEqual([]);

  await cp(join(folder, "tomorrow"), join(folder, "directory"), { recursive: true });
  expect(inOrder(folded(await planned()))).toEqual(inOrder(folded(expected["tomorrow"])));
  expect(await runCycle(context, { initiatedBy: "test" })).toMatchObject({ outcome: "succeeded" });
  expect((await plan()).changes).toEqual([]);
});

it("the sample of a conflict names everyone who is in it, and writes nothing for them", async () => {
  const { plan } = await open("conflict");
  const { skips, changes } = await plan();
  const conflicts = skips.filter(({ reason }) => reason === "DuplicateSourceEntries");
  expect(conflicts.length).toBeGreaterThan(1);
  const names = new Set(conflicts.map(({ sourceId }) => sourceId));
  expect(changes.filter(({ sourceId }) => sourceId !== undefined && names.has(sourceId))).toEqual([]);
});

import { readFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { openDirectory } from "../../../src/directory/open.ts";
import { loadJob } from "../../../src/job/load.ts";
import { parseSeed } from "../../../src/sandbox/seed.ts";
import { compileScope } from "../../../src/scope/scope.ts";
import { readWhole } from "../../support/directoryReading.ts";

const samples = path.resolve(import.meta.dirname, "../../../samples");

interface Expected {
  readonly create: { readonly users: readonly string[]; readonly groups: readonly string[] };
  readonly skip?: Readonly<Record<string, readonly string[]>>;
}

async function json<T>(name: string): Promise<T> {
  return JSON.parse(await readFile(path.join(samples, name), "utf8")) as T;
}

async function seed() {
  const { users = [], groups = [] } = parseSeed(await readFile(path.join(samples, "sandbox.json"), "utf8"));
  return { users, groups };
}

/** Names by what scope says of them: `in`, or the cause. */
async function decisions(folder: string): Promise<Map<string, string[]>> {
  const job = await loadJob(path.join(samples, "databricks.provisioning.json"));
  if (job.directory.type !== "csv") throw new Error("The sample is a CSV directory.");
  const { users, groups, members, assignments } = job.directory;
  const moved = (file = "") => file.replace("directory/", `${folder}/`);
  const settings = {
    ...job.directory,
    users: moved(users),
    groups: moved(groups),
    members: moved(members),
    assignments: moved(assignments),
  };
  await using directory = openDirectory(settings, { baseDir: samples });
  const whole = await readWhole(directory.source.read());
  expect(whole.problems).toEqual([]);
  expect(whole.completeness.complete).toBe(true);
  const scope = compileScope(job.scope, {
    assignments: whole.assignments,
    groups: new Map(whole.groups.map((group) => [group.id, group])),
  });
  const found = new Map<string, string[]>();
  const note = (name: unknown, cause = "in") => found.set(cause, [...(found.get(cause) ?? []), String(name)].sort());
  for (const user of whole.users) note(user.attributes["userPrincipalName"], scope.user(user).cause);
  for (const group of whole.groups) note(group.attributes["displayName"], scope.group(group).cause);
  return found;
}

describe("the sample workspace", () => {
  it("has jobs and a sandbox seed that are right", async () => {
    for (const name of ["databricks", "conflict"]) await loadJob(path.join(samples, `${name}.provisioning.json`));
    expect((await seed()).users).not.toEqual([]);
  });

  it("skips whom expected.json says, for the reasons that it says", async () => {
    const { first } = await json<{ first: Expected }>("expected.json");
    const found = await decisions("directory");
    const { in: _, ...causes } = Object.fromEntries(found);
    expect(causes).toEqual(first.skip);
  });

  it("creates who is in scope and not in the service, by user name without regard to case", async () => {
    const { first } = await json<{ first: Expected }>("expected.json");
    const { users, groups } = await seed();
    const stored = new Set([
      ...users.map((user) => user.userName.toLowerCase()),
      ...groups.map((group) => group.displayName),
    ]);
    const missing = (await decisions("directory")).get("in")?.filter((name) => !stored.has(name.toLowerCase()));
    expect(missing).toEqual([...first.create.users, ...first.create.groups].sort());
  });

  it("has a tomorrow in which Ada is in scope, Zoë has another name, Yuki is disabled, and Björn, Jónas and a group are gone", async () => {
    const today = new Set((await decisions("directory")).get("in"));
    const tomorrow = new Set((await decisions("tomorrow")).get("in"));
    expect([...tomorrow].filter((name) => !today.has(name)).sort()).toEqual([
      "Ada.Okafor@contoso.com",
      "Zoe.Lindqvist@contoso.com",
    ]);
    expect([...today].filter((name) => !tomorrow.has(name)).sort()).toEqual([
      "Zoe.Larsson@contoso.com",
      "bjorn.astrom@contoso.com",
      "jonas.sigurdsson@contoso.com",
      "tmp-migration-2024",
      "yuki.tanaka@contoso.com",
    ]);
  });
});

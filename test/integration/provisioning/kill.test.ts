import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ScimDocument } from "../../../src/scim/resource.ts";
import type { Profile } from "../../../src/sandbox/options.ts";
import {
  actions,
  jobFor,
  jobText,
  person,
  startJob,
  type Directory,
  type JobFixture,
} from "../../support/jobFixture.ts";

/** How often a process is killed in all; more for a longer look. */
const points = Number(process.env["SCIM_CYCLE_KILLS"] ?? 50);

let folder: string;
let child: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "scim-child-"));
  child = join(folder, "cycleChild.mjs");
  // One file starts several times faster than a tree of them.
  await build({
    entryPoints: [join(import.meta.dirname, "..", "..", "support", "cycleChild.ts")],
    outfile: child,
    bundle: true,
    platform: "node",
    mainFields: ["module", "main"],
    format: "esm",
    target: "node22",
    logLevel: "error",
    banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
  });
});

afterAll(() => rm(folder, { recursive: true, force: true }));

interface Ended {
  readonly signal: NodeJS.Signals | null;
  readonly output: { readonly outcome?: string; readonly message?: string; readonly moments?: number };
}

async function runChild(job: JobFixture, moment: number, command: readonly string[] = []): Promise<Ended> {
  await writeFile(job.jobFile, jobText(job.sandbox.baseUrl, job.job));
  const [program, ...first] = [...command, process.execPath];
  const started = spawn(program, [...first, child, job.jobFile, String(moment)], {
    env: { ...process.env, SCIM_TOKEN: job.token },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let text = "";
  started.stdout.on("data", (chunk: Buffer) => (text += chunk.toString()));
  const signal = await new Promise<NodeJS.Signals | null>((resolve) =>
    started.once("close", (_code, name) => resolve(name)),
  );
  return { signal, output: text === "" ? {} : (JSON.parse(text) as Ended["output"]) };
}

const seed = {
  users: [{ userName: "p0@contoso.com", displayName: "Was here" }, { userName: "guest@partner.com" }],
  groups: [{ displayName: "Data", members: ["guest@partner.com"] }],
};

const people = (from: number, to: number, more = {}) =>
  Array.from({ length: to - from }, (_, at) => person(`p${from + at}`, more));

/** An initial state, and one with joiners, leavers, changes, a group that goes and one that comes. */
const states: readonly Directory[] = [
  {
    users: people(0, 6),
    groups: [
      { id: "g1", displayName: "Data", members: ["p0", "p1", "p2"] },
      { id: "g2", displayName: "Old", members: ["p3"] },
    ],
  },
  {
    users: [...people(0, 2, { displayName: "Changed" }), ...people(3, 8)],
    groups: [
      { id: "g1", displayName: "Data", members: ["p0", "p3", "p6"] },
      { id: "g3", displayName: "New", members: ["p6", "p7"] },
    ],
  },
];

/** What a service holds, without what differs from run to run: ids become names, times and versions go. */
function contentOf({ sandbox }: JobFixture): string[] {
  const { users, groups } = sandbox.store.snapshot();
  const name = (id: unknown) => {
    const document = sandbox.store.get(String(id));
    const found = document?.["userName"] ?? document?.["displayName"];
    return typeof found === "string" ? found : "nobody";
  };
  const lines = (document: ScimDocument) => {
    const { userName, displayName, active, members } = document;
    const list = ((members ?? []) as { value: string }[]).map(({ value }) => name(value)).toSorted();
    return JSON.stringify({ userName, displayName, active, members: list });
  };
  return [...users.values(), ...groups.values()].map(lines).toSorted();
}

/** A random number generator that gives the same numbers for the same seed (Park and Miller). */
function numbers(start: number): (below: number) => number {
  let value = start;
  return (below) => {
    value = (value * 48_271) % 2_147_483_647;
    return value % below;
  };
}

/** Who the provisioning log says was created: each once, whatever happened in between. */
async function createsInLog(job: JobFixture): Promise<string[]> {
  return (await job.log())
    .filter(({ provisioningAction }) => provisioningAction === "create")
    .map(({ sourceIdentity, provisioningStatusInfo }) => `${sourceIdentity.id} ${provisioningStatusInfo.status}`)
    .toSorted();
}

interface Expected {
  readonly content: string[];
  readonly creates: string[];
  readonly moments: number;
}

/** What each state leads to when nobody is killed, and how many moments it has. */
async function expectedOf(profile: Profile): Promise<Expected[]> {
  const job = await startJob({ profile, seed });
  const expected: Expected[] = [];
  for (const state of states) {
    await job.directory(state);
    const { output } = await runChild(job, 0);
    expect(output).toMatchObject({ outcome: "succeeded" });
    const [content, creates] = [contentOf(job), await createsInLog(job)];
    expected.push({ content, creates, moments: output.moments ?? 0 });
  }
  await job.close();
  return expected;
}

/** Kills cycles of one job again and again until each state is reached. @returns how often it was killed */
async function killUntilDone(profile: Profile, at: number, expected: readonly Expected[]) {
  const next = numbers(at);
  const job = await startJob({ profile, seed, seedNumber: at });
  let kills = 0;
  try {
    for (const [index, state] of states.entries()) {
      await job.directory(state);
      const where: string[] = [];
      // After three kills in a row the process is let through, so that every state is checked.
      for (let tries = 0; ; tries += 1) {
        const moment = tries < 3 ? 1 + next(expected[index]!.moments) : 0;
        where.push(`${profile}, seed ${at}, state ${index}, moment ${moment}`);
        const { signal, output } = await runChild(job, moment);
        if (signal === null) {
          expect(output, where.join("; ")).toMatchObject({ outcome: "succeeded" });
          break;
        }
        expect(signal, where.join("; ")).toBe("SIGKILL");
        kills += 1;
      }
      expect(contentOf(job), where.join("; ")).toEqual(expected[index]!.content);
      expect(await createsInLog(job), where.join("; ")).toEqual(expected[index]!.creates);
      expect(actions(await job.plan()), where.join("; ")).toEqual([]);
      expect(actions(await job.plan({ initial: true })), where.join("; ")).toEqual([]);
    }
  } finally {
    await job.close();
  }
  return kills;
}

describe("kill -9 of a cycle at any moment", () => {
  it(
    `is made up for by the next cycle: the same end state, nobody doubled, nobody forgotten, over ${points} kills`,
    { timeout: 60_000 + points * 2_000 },
    async () => {
      const profiles: readonly Profile[] = ["rfc", "databricks-workspace"];
      let kills = 0;
      let at = 1;
      // Two at a time: the machine may have no more cores.
      await Promise.all(
        profiles.map(async (profile) => {
          const expected = await expectedOf(profile);
          while (kills < points) kills += await killUntilDone(profile, at++, expected);
        }),
      );
      expect(kills).toBeGreaterThanOrEqual(points);
    },
  );
});

describe("two cycles at once", () => {
  it("exactly one runs; the other says who holds the lock", async () => {
    const job = await jobFor({ latencyMs: 150 });
    await job.directory(states[0]!);
    const both = await Promise.all([runChild(job, 0), runChild(job, 0)]);
    const outcomes = both.map(({ output }) => output.outcome).toSorted();
    expect(outcomes).toEqual(["locked", "succeeded"]);
    const refused = both.find(({ output }) => output.outcome === "locked");
    expect(refused?.output.message).toMatch(/^Process \d+ on .+ has been writing to .+ since .+ \(child \d+\)\./);
    expect(job.sandbox.store.count("User")).toBe(6);
  });
});

describe("a state folder that cannot be written", () => {
  it("ends the cycle before anything is sent when the disk is full", async () => {
    const job = await jobFor();
    const users = people(0, 40);
    await job.directory({ users });
    // Files of at most 8 blocks of 512 bytes: the journal of this cycle is longer.
    const { output } = await runChild(job, 0, ["/bin/sh", "-c", 'ulimit -f 8; exec "$0" "$@"']);
    expect(output.outcome).not.toBe("succeeded");
    expect(output.message).toMatch(/room|space|EFBIG|too large/i);
    expect(job.sandbox.requests.all.filter(({ method }) => method !== "GET")).toEqual([]);
    expect(await job.cycle()).toMatchObject({ outcome: "succeeded" });
    expect(job.sandbox.store.count("User")).toBe(40);
  });

  it("says so when the folder is none", async () => {
    const job = await jobFor();
    await job.directory(states[0]!);
    await writeFile(join(job.folder, ".provisioning"), "a file where the folder should be");
    await expect(job.cycle()).rejects.toThrow(/\.provisioning/);
    expect(job.sandbox.store.count("User")).toBe(0);
  });
});

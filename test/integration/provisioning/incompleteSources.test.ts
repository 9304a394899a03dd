import "../../support/fastClock.ts";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { changedMembers } from "../../../src/changes/describe.ts";
import { DirectoryError } from "../../../src/directory/source.ts";
import { guardDeletions } from "../../../src/provisioning/deletionGuard.ts";
import type { Plan } from "../../../src/provisioning/plan.ts";
import { Random } from "../../../src/sandbox/random.ts";
import { startSandbox } from "../../../src/sandbox/sandbox.ts";
import { jobFor, person, type JobFixture } from "../../support/jobFixture.ts";

/** How many damaged reads each kind of source is tried with; more for a longer look (`npm run soak`). */
const runs = Number(process.env["SCIM_SOURCE_RUNS"] ?? 60);

const people = Array.from({ length: 20 }, (_, at) => `u${at}`);
const teams = ["g0", "g1", "g2", "g3"];
/** Everybody is in some team, so that a file of people that lacks somebody contradicts the file of members. */
const memberships = people.map((id, at): [string, string] => [teams[at % teams.length] ?? "", id]);

/** What a plan would take away from people: accounts, groups, memberships. */
function removals({ changes }: Plan): readonly string[] {
  return changes.flatMap((change) => {
    if (change.action === "deactivate" || change.action === "delete") return [`${change.action} ${change.name}`];
    return changedMembers(change).removed.length > 0 ? [`${change.name} loses members`] : [];
  });
}

async function planned(job: JobFixture): Promise<Plan | "refused"> {
  try {
    return await job.plan();
  } catch (error) {
    if (error instanceof DirectoryError) return "refused";
    throw error;
  }
}

type Damage = (text: string, random: Random) => string | Buffer | undefined;

/** What happens to files on their way: `undefined` removes the file. */
const damages: Readonly<Record<string, Damage>> = {
  cut: (text, random) => text.slice(0, Math.floor(random.next() * (text.length - 1))),
  "cut behind a line": (text, random) => {
    const lines = text.split("\n").slice(0, -1);
    return `${lines.slice(0, 1 + Math.floor(random.next() * (lines.length - 1))).join("\n")}\n`;
  },
  empty: () => "",
  missing: () => undefined,
  "header only": (text) => `${text.split("\n", 1)[0] ?? ""}\n`,
  "without its header": (text) => text.slice(text.indexOf("\n") + 1),
  "zeros at the end": (text, random) => {
    const keep = Math.floor(random.next() * text.length);
    return text.slice(0, keep) + "\0".repeat(text.length - keep);
  },
  "no UTF-8 in the middle": (text, random) => {
    const bytes = Buffer.from(text);
    bytes.fill(0xff, Math.floor(random.next() * (bytes.length - 2)));
    return bytes;
  },
  "a login page": () => "<!DOCTYPE html><html><body>Sign in</body></html>\n",
  "an open quote": (text, random) => {
    const at = text.indexOf("\n", Math.floor(random.next() * text.length)) + 1;
    return `${text.slice(0, at)}"${text.slice(at)}`;
  },
};

const names = Object.keys(damages);

describe("a directory in CSV files", () => {
  const files = {
    "users.csv": [
      "id,userPrincipalName,displayName,accountEnabled",
      ...people.map((id) => `${id},${id}@contoso.com,${id.toUpperCase()},True`),
      "",
    ].join("\n"),
    "groups.csv": ["id,displayName", ...teams.map((id) => `${id},Team ${id}`), ""].join("\n"),
    "members.csv": ["groupId,memberId", ...memberships.map((row) => row.join(",")), ""].join("\n"),
  };

  async function csvJob(): Promise<JobFixture> {
    const job = await jobFor(
      { profile: "rfc" },
      { directory: { type: "csv", users: "users.csv", groups: "groups.csv", members: "members.csv" } },
    );
    for (const [name, text] of Object.entries(files)) await writeFile(join(job.folder, name), text);
    expect((await job.cycle()).outcome).toBe("succeeded");
    expect(removals(await job.plan())).toEqual([]);
    return job;
  }

  it(
    `plans no removal from people or groups that are damaged, in ${runs} ways`,
    { timeout: 60_000 + runs * 500 },
    async () => {
      const job = await csvJob();
      const random = new Random(1);
      for (let run = 0; run < runs; run++) {
        const name = run % 2 === 0 ? "users.csv" : "groups.csv";
        const kind = names[Math.floor(run / 2) % names.length] as string;
        const path = join(job.folder, name);
        const damaged = damages[kind]?.(files[name], random);
        if (damaged === undefined) await rm(path);
        else await writeFile(path, damaged);
        const plan = await planned(job);
        expect({ kind, name, run, removals: plan === "refused" ? [] : removals(plan) }).toEqual({
          kind,
          name,
          run,
          removals: [],
        });
        await writeFile(path, files[name]);
      }
    },
  );

  it(
    "holds what a shortened file of members would take away, since nothing in it tells that it was longer",
    { timeout: 60_000 + runs * 500 },
    async () => {
      const job = await csvJob();
      const random = new Random(2);
      for (let run = 0; run < runs; run++) {
        const kind = names[run % names.length] as string;
        const path = join(job.folder, "members.csv");
        const damaged = damages[kind]?.(files["members.csv"], random);
        if (damaged === undefined) await rm(path);
        else await writeFile(path, damaged);
        const plan = await planned(job);
        if (plan !== "refused") {
          const { changes } = plan;
          const guard = guardDeletions({
            changes,
            settings: { enabled: true, count: 5, percent: 2 },
            managed: 24,
            history: [],
            now: new Date(),
          });
          const most = Math.max(0, ...changes.map((change) => changedMembers(change).removed.length));
          expect({ kind, run, held: guard.held || most <= 1 }).toEqual({ kind, run, held: true });
          expect(removals(plan).filter((text) => /^de/.test(text))).toEqual([]);
        }
        await writeFile(path, files["members.csv"]);
      }
    },
  );
});

describe("a directory in a JSON file", () => {
  it(`plans no removal from a file that is damaged, in ${runs} ways`, { timeout: 60_000 + runs * 500 }, async () => {
    const job = await jobFor({ profile: "rfc" });
    const members = (id: string) => memberships.filter(([group]) => group === id).map(([, user]) => user);
    await job.directory({
      users: people.map((id) => person(id)),
      groups: teams.map((id) => ({ id, displayName: id, members: members(id) })),
    });
    await job.cycle();
    const path = join(job.folder, "directory.json");
    const text = JSON.stringify(
      {
        users: people.map((id) => person(id)),
        groups: teams.map((id) => ({ id, displayName: id, members: members(id) })),
      },
      undefined,
      1,
    );
    const random = new Random(3);
    for (let run = 0; run < runs; run++) {
      const kind = names[run % names.length] as string;
      const damaged = damages[kind]?.(text, random);
      if (damaged === undefined) await rm(path, { force: true });
      else await writeFile(path, damaged);
      const plan = await planned(job);
      expect({ kind, run, removals: plan === "refused" ? [] : removals(plan) }).toEqual({ kind, run, removals: [] });
    }
    for (const lists of [{}, { users: [] }, { users: [], groups: [] }, { groups: [] }, { users: null, groups: null }]) {
      await writeFile(path, JSON.stringify(lists));
      const plan = await planned(job);
      expect({ lists, removals: plan === "refused" ? [] : removals(plan) }).toEqual({ lists, removals: [] });
    }
  });
});

describe("a directory behind SCIM", () => {
  const faults = [
    "wrong-total=3",
    "repeated-page",
    "truncated=50",
    "invalid-json",
    "html",
    "500",
    "401",
    "403",
    "reset-before",
    "500-empty",
    "413",
  ];

  it("plans no removal from lists that fail, lie or repeat themselves", { timeout: 120_000 }, async () => {
    const source = await startSandbox({
      profile: "rfc",
      users: 150,
      groups: 3,
      switches: { pageCap: 40 },
      token: "one-token-opens-both",
    });
    onTestFinished(() => source.close());
    const job = await jobFor(
      { profile: "rfc", token: source.token },
      {
        directory: { type: "scim", baseUrl: source.baseUrl },
        users: {
          mappings: [
            { target: "userName", source: { attribute: "userName" }, matching: 1 },
            { target: "displayName", source: { attribute: "displayName" } },
          ],
        },
      },
    );
    expect((await job.cycle()).outcome).toBe("succeeded");
    expect(job.sandbox.store.count("User")).toBeGreaterThan(100);
    for (const [at, fault] of faults.entries()) {
      for (const when of ["LIST/F:#2", "LIST/F:#1+3", "LIST/F:100%"]) {
        source.setFaults(`${when.replace("F", fault)},seed=${at}`);
        let found: readonly string[] = [];
        try {
          found = removals(await job.plan());
        } catch (error) {
          expect(error).toMatchObject({ code: expect.any(String) });
        }
        expect({ fault, when, found }).toEqual({ fault, when, found: [] });
      }
    }
  });
});

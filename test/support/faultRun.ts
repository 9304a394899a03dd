import { readJournal } from "../../src/changes/journalRead.ts";
import type { JobContext } from "../../src/provisioning/jobContext.ts";
import { faultCatalog } from "../../src/sandbox/faults/catalog.ts";
import type { Profile } from "../../src/sandbox/options.ts";
import { Random } from "../../src/sandbox/random.ts";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import type { Seed } from "../../src/sandbox/seed.ts";
import { actions, person, startJob, type Directory, type JobFixture } from "./jobFixture.ts";

/** One run of the matrix: whole cycles over directories that move, while requests fail. */
export interface FaultCase {
  readonly profile: Profile;
  /** Names of the catalogue, of which each strikes that share of all requests. */
  readonly faults: readonly string[];
  readonly share: number;
  readonly seed: number;
}

/** What a run came to. */
export interface FaultRun {
  /** Cycles that ended well, that ended with failures, and that ended with an error. */
  readonly succeeded: number;
  readonly failed: number;
  readonly causes: ReadonlySet<string>;
  /** What must not be; empty when all is well. */
  readonly violations: readonly string[];
}

/** Times that are long in the catalogue, short enough to be waited for many times. */
const values: Readonly<Record<string, string>> = {
  "429": "=1",
  "429-date": "=1",
  "429-fraction": "=0.2",
  "503": "=1",
  slow: "=100",
  stale: "=60000",
  unborn: "=1000",
  truncated: "=50",
};

/** The faults of the catalogue that refuse a request with a status; and those that spoil its answer. */
export const refusals = Object.keys(faultCatalog).filter((name) => /^\d/.test(name));
export const brokenAnswers = Object.keys(faultCatalog).filter((name) => !/^\d/.test(name));

const seed: Seed = {
  users: [
    { userName: "u0@contoso.com", displayName: "Was here" },
    { userName: "u1@contoso.com", active: false },
    { userName: "stranger@contoso.com", displayName: "Stranger" },
  ],
  groups: [
    { displayName: "Group g0", members: ["stranger@contoso.com", "u1@contoso.com"] },
    { displayName: "Strangers", members: ["stranger@contoso.com"] },
  ],
};

/** Cycles that are tried while requests fail. */
const attempts = 2;
/** Cycles that may be needed once nothing fails any more. */
const settling = 3;

/** Directories that follow each other: people come, go, are renamed, disabled, and change groups. */
export function directories(number: number): readonly Directory[] {
  const random = new Random(number);
  const chance = (share: number) => random.next() < share;
  return [0, 1].map((step) => {
    const ids = Array.from({ length: 9 }, (_, at) => `u${at}`).filter(() => chance(0.75));
    const users = (ids.length === 0 ? ["u0"] : ids).map((id) =>
      person(id, { displayName: `${id} ${chance(0.5) ? "One" : `Step ${step}`}`, accountEnabled: chance(0.85) }),
    );
    const groups = ["g0", "g1", "g2"]
      .filter((id) => id === "g0" || chance(0.8))
      .map((id) => ({
        id,
        displayName: `Group ${id}`,
        members: users.map((user) => user.id).filter(() => chance(0.5)),
      }));
    return { users, groups };
  });
}

/** Everything that the target holds, by name, without ids and times. */
export function contentsOf({ store }: Pick<Sandbox, "store">): Record<string, unknown> {
  const { users, groups } = store.snapshot();
  const names = new Map([...users.values()].map(({ id, userName }) => [id, userName]));
  const found: Record<string, unknown> = {};
  for (const { userName, displayName, active } of users.values()) found[String(userName)] = { displayName, active };
  for (const { displayName, members } of groups.values()) {
    const people = ((members ?? []) as { value: string }[]).map(({ value }) => names.get(value) ?? value);
    found[`group ${String(displayName)}`] = people.map(String).toSorted();
  }
  return found;
}

/** What the target holds after each directory when nothing fails. */
export async function oracle(profile: Profile, number: number): Promise<readonly Record<string, unknown>[]> {
  const job = await startJob({ profile, seed });
  try {
    const states: Record<string, unknown>[] = [];
    for (const directory of directories(number)) {
      await job.directory(directory);
      await job.cycle();
      states.push(contentsOf(job.sandbox));
    }
    return states;
  } finally {
    await job.close();
  }
}

/** Runs one case against the oracle of the same profile and seed. */
export async function runFaults(
  { profile, faults, share, seed: number }: FaultCase,
  expected: readonly Record<string, unknown>[],
): Promise<FaultRun> {
  const job = await startJob({ profile, seed });
  const run: Tally = { succeeded: 0, failed: 0, causes: new Set(), violations: [] };
  try {
    // What is there at first is no longer new, so that no fault hides it.
    await new Promise((resolve) => setTimeout(resolve, 1500));
    for (const [step, directory] of directories(number).entries()) {
      await job.directory(directory);
      const spec = faults.map((name) => `${name}${values[name] ?? ""}:${share}`);
      job.sandbox.setFaults([...spec, `seed=${number * 7 + step}`].join(","));
      await attempt(job, run);
      job.sandbox.setFaults();
      await settle(job, run);
      const contents = contentsOf(job.sandbox);
      if (JSON.stringify(sorted(contents)) !== JSON.stringify(sorted(expected[step] ?? {}))) {
        run.violations.push(`after directory ${step}: ${difference(contents, expected[step] ?? {})}`);
      }
    }
    run.violations.push(...(await unplanned(job)));
    return run;
  } finally {
    await job.close();
  }
}

type Tally = { -readonly [Key in keyof FaultRun]: FaultRun[Key] } & {
  readonly causes: Set<string>;
  readonly violations: string[];
};

/** Cycles while requests fail, from the job's opening on; whatever ends one must have a name. */
async function attempt(job: JobFixture, run: Tally): Promise<void> {
  for (let left = attempts; left > 0; left--) {
    try {
      await job.with(async (context) => {
        for (; left > 0; left--) {
          const done = await cycle(job, context, run);
          run.violations.push(...doubled(job.sandbox));
          if (done) left = 0;
        }
      });
    } catch (error) {
      fail(run, error);
    }
  }
}

async function cycle(job: JobFixture, context: JobContext, run: Tally): Promise<boolean> {
  try {
    const { outcome, report } = await job.cycleOf(context);
    for (const { error, outcome: ended } of report?.results ?? []) {
      if (error !== undefined) run.causes.add(error.code);
      else if (ended !== "pushed" && ended !== "redundant" && ended !== "conflict") {
        run.violations.push(`A change ended as ${ended} without a cause.`);
      }
    }
    if (outcome === "succeeded") run.succeeded += 1;
    else run.failed += 1;
    return outcome === "succeeded";
  } catch (error) {
    fail(run, error);
    return false;
  }
}

function fail(run: Tally, error: unknown): void {
  run.failed += 1;
  const code: unknown = error instanceof Error && "code" in error ? error.code : undefined;
  if (typeof code === "string" && (error as Error).message !== "") run.causes.add(code);
  else run.violations.push(`Ended without a named cause: ${String(error)}`);
}

/** Cycles without faults until nothing is left to do. */
function settle(job: JobFixture, run: Tally): Promise<void> {
  return job.with(async (context) => {
    for (let left = settling; ; left--) {
      try {
        const { outcome, report } = await job.cycleOf(context, { initial: true });
        if (outcome === "succeeded" && report === undefined) return;
        if (left > 0) continue;
        const rest = actions(await job.plan()).join("; ");
        run.violations.push(`Does not settle: ${outcome}, ${JSON.stringify(report?.counts)}, ${rest}`);
      } catch (error) {
        if (left > 0) continue;
        run.violations.push(`Fails without faults: ${String(error)}`);
      }
      return;
    }
  });
}

/** Names that several resources have. */
function doubled({ store }: Sandbox): readonly string[] {
  const { users, groups } = store.snapshot();
  const names = [
    ...[...users.values()].map(({ userName }) => userName),
    ...[...groups.values()].map(({ displayName }) => `group ${String(displayName)}`),
  ];
  const twice = names.filter((name, at) => names.indexOf(name) !== at);
  return twice.map((name) => `${String(name)} is there twice.`);
}

/** Writes that no change of the journal asked for. */
async function unplanned(job: JobFixture): Promise<readonly string[]> {
  const planned = new Set<string>();
  const created = new Set<string>();
  for await (const record of readJournal(job.stateDir)) {
    if (record.kind === "intent")
      for (const { method, path } of record.change.requests) planned.add(`${method} ${path}`);
    if (record.kind === "created" || record.kind === "result")
      if (record.targetId !== undefined) created.add(record.targetId);
  }
  return (
    job.sandbox.requests.all
      .filter(({ method, path }) => method !== "GET" && !planned.has(`${method} ${path}`))
      // What follows a create goes to the id that the service gave.
      .filter(({ method, path }) => !(method === "PATCH" && created.has(decodeURIComponent(path.split("/")[2] ?? ""))))
      .map(({ method, path }) => `${method} ${path} was sent without a plan.`)
  );
}

function sorted(contents: Record<string, unknown>): unknown {
  return Object.fromEntries(Object.entries(contents).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function difference(found: Record<string, unknown>, expected: Record<string, unknown>): string {
  const names = [...new Set([...Object.keys(found), ...Object.keys(expected)])];
  return names
    .filter((name) => JSON.stringify(found[name]) !== JSON.stringify(expected[name]))
    .map((name) => `${name} is ${JSON.stringify(found[name])} instead of ${JSON.stringify(expected[name])}`)
    .join("; ");
}

import "../../support/fastClock.ts";
import { afterAll, describe, expect, it, vi } from "vitest";
import type { Profile } from "../../../src/sandbox/options.ts";
import { faultNames, oracle, runFaults, type FaultCase } from "../../support/faultRun.ts";

vi.mock("node:timers/promises", async (original) => {
  const { fastDelay } = await import("../../support/fastClock.ts");
  return { ...(await original<object>()), setTimeout: fastDelay };
});

// Runs mostly wait: for time, for the disk, for each other's answers.
vi.setConfig({ maxConcurrency: 32 });

/** How many seeds each fault and share is run with; more for a longer look (`npm run soak`). */
const seeds = Number(process.env["SCIM_FAULT_SEEDS"] ?? 1);
/** Where the seeds begin. */
const firstSeed = Number(process.env["SCIM_FAULT_FIRST_SEED"] ?? 1);

const shares = [0.01, 0.1, 0.3];
const profiles: readonly Profile[] = ["rfc", "databricks-workspace", "databricks-account"];
const oracles = new Map<string, ReturnType<typeof oracle>>();

function expected(profile: Profile, seed: number): ReturnType<typeof oracle> {
  const key = `${profile} ${seed}`;
  const known = oracles.get(key) ?? oracle(profile, seed);
  oracles.set(key, known);
  return known;
}

const totals = { runs: 0, succeeded: 0, failed: 0, causes: new Set<string>() };
afterAll(() => {
  const { runs, succeeded, failed, causes } = totals;
  process.stdout.write(
    `${runs} runs: ${succeeded} cycles ended well, ${failed} with ${[...causes].toSorted().join(", ")}\n`,
  );
});

async function run(one: FaultCase): Promise<void> {
  const { violations, succeeded, failed, causes } = await runFaults(one, await expected(one.profile, one.seed));
  totals.runs += 1;
  totals.succeeded += succeeded;
  totals.failed += failed;
  for (const cause of causes) totals.causes.add(cause);
  expect(violations).toEqual([]);
}

const cases = faultNames.flatMap((fault, at) =>
  shares.flatMap((share, nth) =>
    Array.from({ length: seeds }, (_, more): FaultCase => {
      const seed = firstSeed + more;
      return { profile: profiles[(at + nth + seed) % profiles.length] as Profile, faults: [fault], share, seed };
    }),
  ),
);

/** Everything that can happen to one and the same service, together. */
const storm = [
  "reset-before",
  "reset-after",
  "truncated",
  "429-fraction",
  "500",
  "500-after",
  "502",
  "503",
  "504-after",
  "409",
];

describe.concurrent("whole cycles end where they should, or with a named cause", () => {
  it.each(cases)("$profile with $faults at $share (seed $seed)", { timeout: 120_000 }, run);

  it.each(
    Array.from({ length: 3 * seeds }, (_, at): FaultCase => {
      return { profile: profiles[at % profiles.length] as Profile, faults: storm, share: 0.03, seed: firstSeed + at };
    }),
  )("$profile with everything at once (seed $seed)", { timeout: 120_000 }, run);
});

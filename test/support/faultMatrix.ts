import { afterAll, describe, expect, it, vi } from "vitest";
import type { Profile } from "../../src/sandbox/options.ts";
import { oracle, runFaults, type FaultCase } from "./faultRun.ts";

/** How many seeds each fault and share is run with; more for a longer look (`npm run soak`). */
export const seeds = Number(process.env["SCIM_FAULT_SEEDS"] ?? 22);
/** Where the seeds begin. */
const firstSeed = Number(process.env["SCIM_FAULT_FIRST_SEED"] ?? 1);

const shares = [0.01, 0.1, 0.3];
const profiles: readonly Profile[] = ["rfc", "databricks-workspace", "databricks-account"];

/** A group of runs that differ in their seed only. */
export interface FaultGroup {
  readonly title: string;
  readonly faults: readonly string[];
  readonly share: number;
  readonly seeds: number;
}

/** Each fault by itself, at every share. */
export function alone(faults: readonly string[]): readonly FaultGroup[] {
  return faults.flatMap((fault) =>
    shares.map((share) => ({ title: `${fault} at ${share * 100} %`, faults: [fault], share, seeds })),
  );
}

/** Runs groups side by side: a run mostly waits, for time, for the disk and for answers. */
export function describeFaults(title: string, groups: readonly FaultGroup[]): void {
  vi.setConfig({ maxConcurrency: 32 });
  const oracles = new Map<string, ReturnType<typeof oracle>>();
  const expected = (profile: Profile, seed: number) => {
    const key = `${profile} ${seed}`;
    const known = oracles.get(key) ?? oracle(profile, seed);
    oracles.set(key, known);
    return known;
  };

  const totals = { runs: 0, succeeded: 0, failed: 0, causes: new Set<string>() };
  afterAll(() => {
    const { runs, succeeded, failed, causes } = totals;
    const named = [...causes].toSorted().join(", ");
    process.stdout.write(`${title}: ${runs} runs, ${succeeded} cycles ended well, ${failed} with ${named}\n`);
  });

  const run = async (one: FaultCase) => {
    const { violations, succeeded, failed, causes } = await runFaults(one, await expected(one.profile, one.seed));
    totals.runs += 1;
    totals.succeeded += succeeded;
    totals.failed += failed;
    for (const cause of causes) totals.causes.add(cause);
    return violations.map((violation) => `${one.profile}, seed ${one.seed}: ${violation}`);
  };

  describe.concurrent(title, () => {
    for (const [at, { title: name, faults, share, seeds: count }] of groups.entries()) {
      // All go side by side, so that each lasts as long as the whole.
      it(`${name}, ${count} seeds`, { timeout: 120_000 + count * 30_000 }, async () => {
        // Two at a time: a run mostly waits for its own clock.
        const numbers = Array.from({ length: count }, (_, more) => firstSeed + more).values();
        const lane = async () => {
          for (const seed of numbers) {
            // Every profile meets every fault.
            const profile = profiles[(at + seed) % profiles.length] as Profile;
            expect(await run({ profile, faults, share, seed })).toEqual([]);
          }
        };
        await Promise.all([lane(), lane()]);
      });
    }
  });
}

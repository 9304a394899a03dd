import { spawn } from "node:child_process";
import { join } from "node:path";

/**
 * `npm run soak`: the attacks of the ordinary test run, many times over. `npm run soak -- NAME…` runs the named ones alone;
 * `SOAK_SCALE=0.1` does a tenth of everything.
 */
interface Attack {
  readonly project: "unit" | "integration";
  readonly files: readonly string[];
  /** Numbers that the test reads from its environment. */
  readonly runs: Readonly<Record<string, number>>;
}

const attacks: Readonly<Record<string, Attack>> = {
  /** About 20,000 runs: every fault at three shares, and storms of all. */
  faults: {
    project: "integration",
    files: ["test/integration/faults/brokenAnswers.test.ts", "test/integration/faults/refusals.test.ts"],
    runs: { SCIM_FAULT_SEEDS: 210 },
  },
  sources: {
    project: "integration",
    files: ["test/integration/provisioning/incompleteSources.test.ts"],
    runs: { SCIM_SOURCE_RUNS: 1000 },
  },
  stale: {
    project: "integration",
    files: ["test/integration/provisioning/stalePlans.test.ts"],
    runs: { SCIM_STALE_RUNS: 1000 },
  },
  kills: {
    project: "integration",
    files: ["test/integration/changes/processes.test.ts"],
    runs: { SCIM_KILL_POINTS: 1000, SCIM_LOCK_RACES: 2000 },
  },
  cycleKills: {
    project: "integration",
    files: ["test/integration/provisioning/kill.test.ts"],
    runs: { SCIM_CYCLE_KILLS: 1000 },
  },
  fixedPoint: {
    project: "integration",
    files: ["test/integration/provisioning/fixedPoint.test.ts"],
    runs: { SCIM_PROPERTY_RUNS: 1000 },
  },
  undo: {
    project: "integration",
    files: ["test/integration/provisioning/undo.test.ts"],
    runs: { SCIM_UNDO_RUNS: 200 },
  },
  lostAnswers: {
    project: "integration",
    files: ["test/integration/faults/lostAnswers.test.ts"],
    runs: { SCIM_LOST_CREATES: 10_000 },
  },
  guard: {
    project: "integration",
    files: ["test/integration/provisioning/guardHistories.test.ts"],
    runs: { SCIM_GUARD_HISTORIES: 1000 },
  },
  memory: {
    project: "integration",
    files: ["test/integration/faults/longRun.test.ts"],
    runs: { SCIM_LONG_CYCLES: 1000 },
  },
  fuzz: { project: "unit", files: ["test/unit/fuzz/"], runs: { FUZZ_RUNS: 1_000_000 } },
};

const scale = Number(process.env["SOAK_SCALE"] ?? 1);
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !Object.hasOwn(attacks, name));
if (unknown.length > 0) {
  console.error(`There is no attack ${unknown.join(", ")}. There are: ${Object.keys(attacks).join(", ")}.`);
  process.exitCode = 1;
} else {
  for (const [name, attack] of Object.entries(attacks)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    console.log(`\n── ${name}`);
    if ((await run(attack)) !== 0) process.exitCode = 1;
  }
}

function run({ project, files, runs }: Attack): Promise<number> {
  const env = Object.fromEntries(
    Object.entries(runs).map(([name, count]) => [name, String(Math.max(1, Math.round(count * scale)))]),
  );
  const vitest = join("node_modules", "vitest", "vitest.mjs");
  const args = [vitest, "run", "--project", project, "--reporter", "dot", ...files];
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { stdio: "inherit", env: { ...process.env, ...env } });
    child.on("close", (code) => resolve(code ?? 1));
  });
}

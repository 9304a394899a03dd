import "../../support/fastClock.ts";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, it, vi } from "vitest";
import { directories } from "../../support/faultRun.ts";
import { actions, jobFor } from "../../support/jobFixture.ts";

vi.mock("node:timers/promises", async (original) => {
  const { fastDelay } = await import("../../support/fastClock.ts");
  return { ...(await original<object>()), setTimeout: fastDelay };
});

/** How many cycles one job runs; memory is judged from 200 on, where it has settled (`npm run soak`: 1000). */
const cycles = Number(process.env["SCIM_LONG_CYCLES"] ?? 24);

const faults = ["reset-before", "reset-after", "429-fraction=0.2", "500", "503=1", "504-after", "truncated=50"];

function heapUsed(): number {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  collect();
  collect();
  return process.memoryUsage().heapUsed;
}

it(
  `a job ends every one of ${cycles} cycles at the fixed point, with people coming and going and faults at 5 %`,
  { timeout: 60_000 + cycles * 2_000 },
  async () => {
    const job = await jobFor({ profile: "rfc" });
    const settledAt = Math.ceil(cycles / 5);
    let settled = 0;
    for (let cycle = 0; cycle < cycles; cycle++) {
      const steps = directories(cycle);
      await job.directory(steps[cycle % steps.length]!);
      job.sandbox.setFaults(`${faults.map((fault) => `${fault}:0.7%`).join(",")},seed=${cycle}`);
      let done = false;
      for (let attempt = 0; attempt < 6 && !done; attempt++) {
        done = await job.cycle().then(
          ({ outcome }) => outcome === "succeeded",
          () => false,
        );
      }
      job.sandbox.setFaults();
      if (!done) await job.cycle();
      expect({ cycle, left: actions(await job.plan()) }).toEqual({ cycle, left: [] });
      job.sandbox.requests.clear();
      if (cycle === settledAt) settled = heapUsed();
    }
    if (cycles >= 200) expect(heapUsed() / settled).toBeLessThan(1.05);
  },
);

import "../../support/fastClock.ts";
import { expect, it, vi } from "vitest";
import type { Profile } from "../../../src/sandbox/options.ts";
import { jobFor, person } from "../../support/jobFixture.ts";

vi.mock("node:timers/promises", async (original) => {
  const { fastDelay } = await import("../../support/fastClock.ts");
  return { ...(await original<object>()), setTimeout: fastDelay };
});

/** How many people are created while answers are lost; more for a longer look (`npm run soak`). */
const people = Number(process.env["SCIM_LOST_CREATES"] ?? 200);

it.each<Profile>(["rfc", "databricks-workspace"])(
  `${people} creates of which every third answer is lost give ${people} users, each once, on %s`,
  { timeout: 60_000 + people * 100 },
  async (profile) => {
    const job = await jobFor({ profile, limits: { principals: 2 * people } });
    await job.directory({ users: Array.from({ length: people }, (_, at) => person(`p${at}`)) });
    job.sandbox.setFaults("POST/reset-after:15%,POST/504-after:10%,POST/truncated=50:8%,seed=3");
    for (let cycle = 0; cycle < 5; cycle++) if ((await job.cycle()).outcome === "succeeded") break;
    job.sandbox.setFaults();
    await job.cycle();
    const names = [...job.sandbox.store.snapshot().users.values()].map(({ userName }) => userName);
    expect(new Set(names).size).toBe(people);
    expect(names).toHaveLength(people);
    const { users } = await job.state();
    expect(users.size).toBe(people);
    for (const { targetId } of users.values()) expect(job.sandbox.store.get(targetId)).toBeDefined();
  },
);

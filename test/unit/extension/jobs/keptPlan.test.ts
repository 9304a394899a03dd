import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { PendingChanges } from "../../../../src/extension/changes/pendingChanges.ts";
import { keepPlan, readKeptPlan } from "../../../../src/extension/jobs/keptPlan.ts";
import { planned, plannedKey } from "../../../../src/extension/jobs/planChanges.ts";
import { ShownPlans } from "../../../../src/extension/jobs/shownPlans.ts";
import type { ShownPlan } from "../../../../src/extension/jobs/view/jobRows.ts";
import { jobPaths } from "../../../../src/job/paths.ts";
import { baseUrl, memory } from "../support.ts";
import { change, model, noGuard, plan, skip } from "./support.ts";

describe("a plan under review", () => {
  let file: string;
  let stateDir: string;
  beforeEach(async () => {
    const folder = await mkdtemp(join(tmpdir(), "kept-"));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    file = join(folder, "databricks.provisioning.json");
    ({ stateDir } = jobPaths(file));
  });

  const window = () => {
    const pending = new PendingChanges(memory());
    const paths = jobPaths(file);
    const problems: string[] = [];
    const plans = new ShownPlans({ pending, model: () => model({ paths }), log: (text) => problems.push(text) });
    onTestFinished(() => plans.dispose());
    return { pending, plans, problems, restore: () => plans.restore(model({ paths })) };
  };
  /** Plans in a window, as the engine and the flow do. */
  const preview = async ({ pending, plans }: ReturnType<typeof window>, shown: ShownPlan) => {
    await keepPlan(stateDir, shown.plan);
    plans.set(file, shown);
    await pending.putPlan(baseUrl, file, planned(file, shown.plan, shown.guard));
  };
  /** Everything that was decided is on disk. */
  const written = async (holds: (text: string) => boolean) => {
    for (;;) {
      const text = await readFile(join(stateDir, "review.json"), "utf8").catch(() => "");
      if (text !== "" && holds(text)) return;
      await setImmediate();
    }
  };

  it("is there again in the next window, with what was excluded, accepted and discarded", async () => {
    const removal = change("r", "deactivate");
    const first = window();
    const made = plan([change("a"), change("b"), change("c"), removal], [skip("s")]);
    await preview(first, { plan: made, guard: { held: true, reasons: ["1 object"], removals: ["r"] } });
    first.pending.setExcluded(baseUrl, [plannedKey(change("b"))], true);
    first.pending.accept(baseUrl, [plannedKey(removal)]);
    first.pending.discard(baseUrl, [plannedKey(change("c"))]);
    await written((text) => text.includes(`"held":false`) && !text.includes(`"id":"c"`));
    const second = window();
    await second.restore();
    expect(second.pending.all(baseUrl).map(({ change: { id }, excluded, held }) => [id, excluded, held])).toEqual([
      ["a", false, undefined],
      ["b", true, undefined],
      ["r", false, false],
    ]);
    expect(second.plans.get(file)).toMatchObject({
      kept: true,
      plan: { createdAt: made.createdAt, skips: made.skips },
    });
    expect(first.problems).toEqual([]);
  });

  it("names people, so that only its owner can read it", async () => {
    const one = window();
    await preview(one, { plan: plan([change("a")]), guard: noGuard });
    await written((text) => text.includes(`"id":"a"`));
    for (const name of (await readdir(stateDir)).filter((each) => each.endsWith(".json")))
      expect((await stat(join(stateDir, name))).mode & 0o077).toBe(0);
  });

  it("is not taken for another address, nor from a damaged file", async () => {
    const one = window();
    await preview(one, { plan: plan([change("a")]), guard: noGuard });
    await written((text) => text.includes(`"id":"a"`));
    expect(await readKeptPlan(file, stateDir, baseUrl)).toBeDefined();
    expect(await readKeptPlan(file, stateDir, "https://elsewhere.example.com/scim")).toBeUndefined();
    const [name = ""] = (await readdir(stateDir)).filter((each) => each.startsWith("plan-"));
    await writeFile(join(stateDir, name), "{ broken");
    expect(await readKeptPlan(file, stateDir, baseUrl)).toBeUndefined();
  });

  it("stays when a push that was cut off leaves a later plan behind, and goes when there is a later review", async () => {
    const one = window();
    await preview(one, { plan: plan([change("a")]), guard: noGuard });
    await written((text) => text.includes(`"id":"a"`));
    const later = { ...plan([change("b")]), createdAt: "2026-11-25T08:00:00.000Z" };
    await keepPlan(stateDir, later);
    const kept = await readKeptPlan(file, stateDir, baseUrl);
    expect(kept?.changes.map(({ change: { id } }) => id)).toEqual(["a"]);
    await preview(one, { plan: later, guard: noGuard });
    await written((text) => text.includes(`"id":"b"`));
    while ((await readdir(stateDir)).filter((each) => each.startsWith("plan-")).length > 1) await setImmediate();
    expect((await readKeptPlan(file, stateDir, baseUrl))?.changes.map(({ change: { id } }) => id)).toEqual(["b"]);
  });

  it("of this window is not written over by an older one", async () => {
    const first = window();
    await preview(first, { plan: plan([change("a")]), guard: noGuard });
    await written((text) => text.includes(`"id":"a"`));
    const second = window();
    second.plans.set(file, { plan: plan([]), guard: noGuard });
    await second.restore();
    expect(second.pending.all(baseUrl)).toEqual([]);
  });
});

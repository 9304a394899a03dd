import { describe, expect, it } from "vitest";
import { groupOf, isIncluded } from "../../../../src/extension/changes/pendingChange.ts";
import { PendingChanges } from "../../../../src/extension/changes/pendingChanges.ts";
import type { CycleAnswer } from "../../../../src/extension/jobs/engine/protocol.ts";
import { leftAfterPush, planned, plannedKey, pushText } from "../../../../src/extension/jobs/planChanges.ts";
import { baseUrl, memory } from "../support.ts";
import { change, file, noGuard, plan } from "./support.ts";

const answer = (change_: Partial<CycleAnswer>): CycleAnswer => ({
  outcome: "succeeded",
  plan: plan([]),
  guard: noGuard,
  results: [],
  ...change_,
});

describe("a plan up for review", () => {
  const held = change("b", "deactivate");
  const shown = planned(file, plan([change("a"), held]), {
    held: true,
    reasons: ["1 object would lose access."],
    removals: ["b"],
  });

  it("stands in the group of its action; removals that are held stand apart and are not pushed", () => {
    expect(shown.map(groupOf)).toEqual(["create", "held"]);
    expect(shown.map(isIncluded)).toEqual([true, false]);
  });

  it("takes in what is held once a person accepts it, and leaves out what is excluded", async () => {
    const pending = new PendingChanges(memory());
    await pending.putPlan(baseUrl, file, shown);
    pending.accept(baseUrl, [plannedKey(held)]);
    expect(pending.all(baseUrl).map(groupOf)).toEqual(["create", "deactivate"]);
    pending.setExcluded(baseUrl, [plannedKey(held)], true);
    expect(pending.all(baseUrl).map(groupOf)).toEqual(["create", "excluded"]);
  });

  it("replaces the job's former plan and no other change", async () => {
    const pending = new PendingChanges(memory());
    pending.put(baseUrl, [{ key: "User/9", change: change("z", "update"), excluded: false }]);
    await pending.putPlan(baseUrl, file, planned(file, plan([change("a"), change("b")]), noGuard));
    await pending.putPlan(
      baseUrl,
      "/other.provisioning.json",
      planned("/other.provisioning.json", plan([change("o")]), noGuard),
    );
    await pending.putPlan(baseUrl, file, planned(file, plan([change("c")]), noGuard));
    expect(
      pending
        .all(baseUrl)
        .map(({ change: { id } }) => id)
        .sort(),
    ).toEqual(["c", "o", "z"]);
  });

  it("never takes the place of an edit by hand", async () => {
    const pending = new PendingChanges(memory());
    const mine = { key: "User/t-a", change: change("mine", "update"), excluded: false };
    pending.put(baseUrl, [mine]);
    expect(await pending.putPlan(baseUrl, file, planned(file, plan([change("a", "update")]), noGuard))).toBe(1);
    expect(pending.get(baseUrl, "User/t-a")).toEqual(mine);
  });

  it("is not kept over a reload, while what a person typed is", async () => {
    const storage = memory();
    const pending = new PendingChanges(storage);
    pending.put(baseUrl, [{ key: "User/9", change: change("z", "update"), excluded: false }]);
    await pending.putPlan(baseUrl, file, shown);
    expect(new PendingChanges(storage).all(baseUrl).map(({ key }) => key)).toEqual(["User/9"]);
  });

  it("is overtaken by a newer one that comes while it is put up", async () => {
    const pending = new PendingChanges(memory());
    const of = (name: string) =>
      planned(file, plan(Array.from({ length: 20_000 }, (_, at) => change(`${name}${at}`))), noGuard);
    await Promise.all([pending.putPlan(baseUrl, file, of("old")), pending.putPlan(baseUrl, file, of("new"))]);
    const all = pending.all(baseUrl);
    expect(all.length).toBe(20_000);
    expect(all.filter(({ change: { id } }) => id.startsWith("old"))).toEqual([]);
  });

  it("of 10,000 changes is put up in one event", async () => {
    const pending = new PendingChanges(memory());
    let events = 0;
    pending.onDidChange(() => events++);
    await pending.putPlan(
      baseUrl,
      file,
      planned(file, plan(Array.from({ length: 10_000 }, (_, at) => change(`c${at}`))), noGuard),
    );
    expect([events, pending.total]).toEqual([1, 10_000]);
  });
});

describe("after a push", () => {
  const reviewed = planned(file, plan([change("a"), change("b"), change("c", "update")]), noGuard);

  it("only what was not done is left, with what the push said of it", () => {
    const left = leftAfterPush(
      file,
      reviewed,
      answer({
        plan: plan([change("a"), change("b"), change("c", "update")]),
        results: [
          { changeId: "a", outcome: "pushed" },
          { changeId: "b", outcome: "failed", message: "Taken." },
          { changeId: "c", outcome: "unknown" },
        ],
      }),
    );
    expect(left.map(({ change: { id }, problem }) => [id, problem?.kind, problem?.message])).toEqual([
      ["b", "failed", "Taken."],
      ["c", "unknown", "It was not applied."],
    ]);
  });

  it("a change that moved since the review is shown as planned anew, and was not sent", () => {
    const moved = change("c2", "update", { targetId: "t-c", sourceId: "s-c" });
    const [left] = leftAfterPush(file, reviewed, answer({ plan: plan([moved]) }));
    expect(left?.problem?.kind).toBe("replanned");
    expect(left?.problem?.message).toContain("Review it again");
  });

  it("a change whose content moved is planned anew too, although its id stays", () => {
    const body = { displayName: "Another name than the one reviewed" };
    const moved = change("a", "create", { requests: [{ method: "POST", path: "/Users", body }] });
    const left = leftAfterPush(file, reviewed, answer({ plan: plan([moved, change("b")]) }));
    expect(left.map(({ change: { id }, problem }) => [id, problem?.kind])).toEqual([
      ["a", "replanned"],
      ["b", undefined],
    ]);
  });

  it("decisions to exclude and to accept stay with their resource", () => {
    const removal = change("r", "deactivate");
    const guard = { held: true, reasons: ["r"], removals: ["r"] };
    const [before] = planned(file, plan([removal]), guard);
    const again = answer({ plan: plan([removal]), guard });
    expect(leftAfterPush(file, [{ ...before!, excluded: true }], again)[0]?.excluded).toBe(true);
    expect(leftAfterPush(file, [before!], again)[0]?.held).toBe(true);
    expect(leftAfterPush(file, [{ ...before!, held: false }], again)[0]?.held).toBeUndefined();
  });

  it("says in one sentence what was pushed, what failed and what was planned anew", () => {
    expect(pushText(answer({ results: [{ changeId: "a", outcome: "pushed" }] }), 1)).toBe("Pushed 1 change.");
    const results = [
      { changeId: "a", outcome: "pushed" as const },
      { changeId: "b", outcome: "failed" as const },
    ];
    expect(pushText(answer({ outcome: "someFailed", results }), 3)).toBe(
      "Pushed 1 of 3 changes. 1 failed. 1 changed since the review and were planned anew.",
    );
  });
});

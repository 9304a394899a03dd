import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Change } from "../../../src/changes/change.ts";
import { guardDeletions } from "../../../src/provisioning/deletionGuard.ts";

const now = new Date("2026-11-24T12:00:00Z");
const settings = { enabled: true, count: 5, percent: 2 };

const removal = (n: number, action: "deactivate" | "delete" = "deactivate"): Change => ({
  id: `c${n}`,
  action,
  resourceType: "User",
  name: `person${n}@contoso.com`,
  targetId: String(n),
  requests: [],
  reason: "left scope",
});
const removals = (count: number) => Array.from({ length: count }, (_, n) => removal(n));
const guard = (changes: Change[], managed = 1000, history: { at: string; count: number }[] = [], own = settings) =>
  guardDeletions({ changes, settings: own, managed, history, now });

const members = (...ids: string[]) => ({ members: ids.map((value) => ({ value })) });
const membership = (before: string[], after: string[]): Change => ({
  id: "g",
  action: "update",
  resourceType: "Group",
  name: "data-eng",
  targetId: "9",
  before: members(...before),
  after: members(...after),
  requests: [],
  reason: "members",
});

describe("the deletion guard", () => {
  it("lets removals up to the count pass", () => {
    expect(guard(removals(5))).toEqual({ held: false, reasons: [], removals: [] });
  });

  it("holds one more than the count, and names who", () => {
    const verdict = guard(removals(6));
    expect(verdict.held).toBe(true);
    expect(verdict.removals).toHaveLength(6);
    expect(verdict.reasons[0]).toContain("person0@contoso.com, person1@contoso.com, person2@contoso.com and 3 more");
  });

  it("counts deletions as it counts deactivations", () => {
    expect(guard([...removals(3), removal(10, "delete"), removal(11, "delete"), removal(12, "delete")]).held).toBe(
      true,
    );
  });

  it("holds by percent where that is less than the count", () => {
    expect(guard(removals(2), 100).held).toBe(false);
    expect(guard(removals(3), 100).held).toBe(true);
  });

  it("rounds the percentage up to a whole object, so that a small company can let one person go", () => {
    expect(guard(removals(1), 20).held).toBe(false);
    expect(guard(removals(2), 20).held).toBe(true);
  });

  it("holds everything when nothing is known to be under management", () => {
    expect(guard(removals(1), 0).held).toBe(true);
  });

  it("sees a slow drip over 24 hours", () => {
    const history = [{ at: "2026-11-23T13:00:00Z", count: 4 }];
    expect(guard(removals(1), 1000, history).held).toBe(false);
    expect(guard(removals(2), 1000, history).held).toBe(true);
  });

  it("sees the members that a group loses in small steps over 24 hours, of what it had a day ago", () => {
    const ids = Array.from({ length: 100 }, (_, at) => String(at));
    const losing = (count: number) => membership(ids, ids.slice(count));
    const own = { enabled: true, count: 50, percent: 5 };
    const earlier = [
      { at: "2026-11-23T13:00:00Z", count: 3, group: "9" },
      { at: "2026-11-24T11:00:00Z", count: 1, group: "9" },
      { at: "2026-11-24T11:00:00Z", count: 5, group: "another" },
      { at: "2026-11-23T11:00:00Z", count: 5, group: "9" },
      { at: "2026-11-24T11:00:00Z", count: 5 },
    ];
    // 5 % of 104 are 6, and 4 went already.
    expect(guard([losing(2)], 1000, earlier, own).held).toBe(false);
    expect(guard([losing(3)], 1000, earlier, own)).toEqual({
      held: true,
      removals: ["g"],
      reasons: [
        'Group "data-eng" would lose 3 of its 100 members after 4 in the last 24 hours; 6 may in that time without a person\'s yes.',
      ],
    });
    expect(guard(removals(5), 1000, earlier.slice(0, 4)).held).toBe(false);
  });

  it("forgets removals older than 24 hours", () => {
    expect(guard(removals(5), 1000, [{ at: "2026-11-23T11:59:00Z", count: 5 }]).held).toBe(false);
  });

  it("counts a record from the future as recent: a clock set back is no way around", () => {
    expect(guard(removals(2), 1000, [{ at: "2027-01-01T00:00:00Z", count: 4 }]).held).toBe(true);
  });

  it("holds a group that would lose too many of its members", () => {
    const before = Array.from({ length: 10 }, (_, n) => `u${n}`);
    expect(guard([membership(before, before.slice(1))]).held).toBe(false);
    const verdict = guard([membership(before, before.slice(2))]);
    expect(verdict.reasons).toEqual([
      'Group "data-eng" would lose 2 of its 10 members; 1 may without a person\'s yes.',
    ]);
    expect(verdict.removals).toEqual(["g"]);
  });

  it("does not hold members that are added", () => {
    expect(guard([membership([], ["a", "b", "c", "d", "e", "f", "g"])]).held).toBe(false);
  });

  it("can be turned off", () => {
    expect(guard(removals(500), 500, [], { ...settings, enabled: false }).held).toBe(false);
  });

  it("never lets more than `count` objects lose access in 24 hours, however the removals are split", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 0, max: 23 * 60 })), { maxLength: 30 }),
        fc.integer({ min: 1, max: 2000 }),
        (pushes, managed) => {
          const history: { at: string; count: number }[] = [];
          for (const [count, minutesAgo] of pushes) {
            const at = new Date(now.getTime() - minutesAgo * 60_000).toISOString();
            if (!guard(removals(count), managed, history).held) history.push({ at, count });
          }
          expect(history.reduce((sum, { count }) => sum + count, 0)).toBeLessThanOrEqual(settings.count);
        },
      ),
    );
  });
});

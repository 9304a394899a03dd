import type { Change } from "../changes/change.ts";
import type { Skip } from "./plan.ts";

const actionOrder = { create: 0, update: 1, deactivate: 2, delete: 3 } as const;

/** Additions before removals, users before groups, then by name: the order of a review and of the push. */
export function byOrder(a: Change, b: Change): number {
  return (
    actionOrder[a.action] - actionOrder[b.action] ||
    compareText(b.resourceType, a.resourceType) ||
    compareText(a.name, b.name) ||
    compareText(a.id, b.id)
  );
}

/** Users before groups, then by name. */
export function bySkipOrder(a: Skip, b: Skip): number {
  return (
    compareText(b.resourceType, a.resourceType) ||
    compareText(a.name, b.name) ||
    compareText(a.sourceId, b.sourceId) ||
    compareText(a.reason, b.reason) ||
    compareText(a.detail, b.detail)
  );
}

/** By code unit: the same on every machine, whatever its language. */
function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

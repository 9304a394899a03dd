import type { Change } from "../changes/change.ts";
import type { Member } from "../scim/resource.ts";

/** `settings.deletionGuard` of the job file. */
export interface DeletionGuardSettings {
  readonly enabled: boolean;
  /** Most removals that pass without a person. */
  readonly count: number;
  /** Most removals that pass, in percent of the objects under management (or of one group's members). */
  readonly percent: number;
}

/** Removals that were pushed, kept for the rolling budget. */
export interface RemovalRecord {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly count: number;
  /** The id of the group that lost so many members; absent for accounts and groups that lost access themselves. */
  readonly group?: string | undefined;
}

/** What the guard found; `held` when any of it is over the limit. */
export interface GuardVerdict {
  readonly held: boolean;
  /** One sentence per limit that is passed, with names. */
  readonly reasons: readonly string[];
  /** Ids of the changes that remove access. */
  readonly removals: readonly string[];
}

const day = 24 * 60 * 60 * 1000;

/**
 * Decides whether a push may remove what it plans to remove without a person: deactivations and deletions of one push,
 * and the members that one group would lose; both together with those of the last 24 hours, so that a slow drip is seen.
 *
 * A percentage is rounded up to a whole object, so that a small company can still let one person go; the smaller of both
 * limits holds. Follows "accidental deletions prevention" of the provisioning service, with the percentage added.
 *
 * @param managed number of objects that are linked to the target, users and groups together
 */
export function guardDeletions(options: {
  readonly changes: readonly Change[];
  readonly settings: DeletionGuardSettings;
  readonly managed: number;
  readonly history: readonly RemovalRecord[];
  readonly now: Date;
}): GuardVerdict {
  const { changes, settings, managed, history, now } = options;
  if (!settings.enabled) return { held: false, reasons: [], removals: [] };
  // Clock jumps: a record from the future counts as now, never as "not within 24 hours".
  const recent = history.filter(({ at }) => Date.parse(at) > now.getTime() - day);
  const earlierIn = (group: string | undefined) =>
    recent.filter((record) => record.group === group).reduce((sum, { count }) => sum + count, 0);

  const reasons: string[] = [];
  const removed = changes.filter(isRemoval);
  const allowed = limit(settings, managed);
  if (removed.length > allowed) {
    reasons.push(
      `${objects(removed.length)} would lose access (${nameSome(removed)}); ${allowed} may without a person's yes ` +
        `(deletionGuard: count ${settings.count}, ${settings.percent} % of ${managed}).`,
    );
  } else if (removed.length > 0) {
    const earlier = earlierIn(undefined);
    if (earlier + removed.length > allowed) {
      reasons.push(
        `${objects(removed.length)} would lose access (${nameSome(removed)}) after ${earlier} in the last 24 hours; ` +
          `${allowed} may in that time without a person's yes.`,
      );
    }
  }
  const emptied: Change[] = [];
  for (const change of changes) {
    const { lost, had } = memberLoss(change);
    if (lost === 0) continue;
    const earlier = change.targetId === undefined ? 0 : earlierIn(change.targetId);
    // Of what the group had a day ago: what it lost since does not make the next loss smaller.
    const most = limit(settings, had + earlier);
    if (earlier + lost <= most) continue;
    emptied.push(change);
    const loss = `Group "${change.name}" would lose ${lost} of its ${had} members`;
    reasons.push(
      earlier === 0
        ? `${loss}; ${most} may without a person's yes.`
        : `${loss} after ${earlier} in the last 24 hours; ${most} may in that time without a person's yes.`,
    );
  }
  const held = reasons.length > 0;
  const removals = held ? [...removed, ...emptied].map(({ id }) => id) : [];
  return { held, reasons, removals };
}

/** Whether a change takes an account or a group away; members that a group loses are counted apart. */
export function isRemoval({ action }: Pick<Change, "action">): boolean {
  return action === "deactivate" || action === "delete";
}

/** What changes that were pushed took away, for the budget of the day. */
export function removalsIn(changes: readonly Change[], at: string): RemovalRecord[] {
  const count = countRemovals(changes);
  const members = changes.flatMap((change) => {
    const { lost } = memberLoss(change);
    return lost === 0 || change.targetId === undefined ? [] : [{ at, count: lost, group: change.targetId }];
  });
  return [...(count === 0 ? [] : [{ at, count }]), ...members];
}

/** Number of objects that a change removes access from, for the rolling budget. */
export function countRemovals(changes: readonly Change[]): number {
  return changes.filter(isRemoval).length;
}

function limit(settings: DeletionGuardSettings, total: number): number {
  return Math.min(settings.count, Math.ceil((total * settings.percent) / 100));
}

function memberLoss(change: Change): { lost: number; had: number } {
  if (change.resourceType !== "Group" || change.action !== "update") return { lost: 0, had: 0 };
  const before = memberIds(change.before);
  const after = memberIds(change.after);
  let lost = 0;
  for (const id of before) if (!after.has(id)) lost += 1;
  return { lost, had: before.size };
}

function memberIds(document: Change["before"]): Set<string> {
  const members = document?.["members"];
  return new Set(Array.isArray(members) ? (members as readonly Member[]).map(({ value }) => value) : []);
}

function objects(count: number): string {
  return count === 1 ? "1 object" : `${count} objects`;
}

function nameSome(changes: readonly Change[]): string {
  const names = changes.slice(0, 3).map(({ name }) => name);
  return changes.length > names.length
    ? `${names.join(", ")} and ${changes.length - names.length} more`
    : names.join(", ");
}

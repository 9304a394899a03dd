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
 * those of the last 24 hours together with it (so that a slow drip is seen), and the members that one group would lose.
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
  const removed = changes.filter(isRemoval);
  const emptied = changes
    .map((change) => ({ change, ...memberLoss(change) }))
    .filter(({ lost, had }) => lost > limit(settings, had));
  if (!settings.enabled) return { held: false, reasons: [], removals: [] };

  const reasons: string[] = [];
  const allowed = limit(settings, managed);
  if (removed.length > allowed) {
    reasons.push(
      `${objects(removed.length)} would lose access (${nameSome(removed)}); ${allowed} may without a person's yes ` +
        `(deletionGuard: count ${settings.count}, ${settings.percent} % of ${managed}).`,
    );
  } else if (removed.length > 0) {
    // Clock jumps: a record from the future counts as now, never as "not within 24 hours".
    const since = now.getTime() - day;
    const earlier = history
      .filter((record) => Date.parse(record.at) > since)
      .reduce((sum, { count }) => sum + count, 0);
    if (earlier + removed.length > allowed) {
      reasons.push(
        `${objects(removed.length)} would lose access (${nameSome(removed)}) after ${earlier} in the last 24 hours; ` +
          `${allowed} may in that time without a person's yes.`,
      );
    }
  }
  for (const { change, lost, had } of emptied) {
    reasons.push(
      `Group "${change.name}" would lose ${lost} of its ${had} members; ${limit(settings, had)} may without a person's yes.`,
    );
  }
  const held = reasons.length > 0;
  const removals = held ? [...removed, ...emptied.map(({ change }) => change)].map(({ id }) => id) : [];
  return { held, reasons, removals };
}

/** Whether a change takes an account or a group away; members that a group loses are counted apart. */
export function isRemoval({ action }: Pick<Change, "action">): boolean {
  return action === "deactivate" || action === "delete";
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

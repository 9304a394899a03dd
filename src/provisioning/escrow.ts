/** A failing object that is tried again on the service's schedule. Times are ISO 8601, UTC. */
export interface Escrow {
  readonly sourceId: string;
  readonly resourceType: "User" | "Group";
  readonly name: string;
  /** Error code of the provisioning log; escrows are grouped by it. */
  readonly code: string;
  readonly message: string;
  /** The object's content hash when it failed: once it changes in the directory, it is tried at once. */
  readonly hash: string;
  readonly firstFailedAt: string;
  readonly lastFailedAt: string;
  readonly attempts: number;
  readonly nextTryAt: string;
}

const hour = 60 * 60 * 1000;
/** 6, 12 and 24 hours after the failure, then daily ("Quarantine status", Microsoft Entra documentation). */
const waits = [6 * hour, 12 * hour, 24 * hour];
/** What may be over soon is tried in the next cycle first ("Provisioning logs", error codes). */
const transient = new Set(["InternalServerError", "Timeout", "TooManyRequests", "WebExceptionProtocolError"]);
const givenUpAfter = 28 * 24 * hour;

/** What is kept of a failure. */
export interface Failure {
  readonly sourceId: string;
  readonly resourceType: "User" | "Group";
  readonly name: string;
  readonly code: string;
  readonly message: string;
  readonly hash: string;
}

/** The escrow of an object after it failed (again): when it is tried next. */
export function escrowAfter(previous: Escrow | undefined, failure: Failure, now: Date): Escrow {
  const attempts = (previous?.attempts ?? 0) + 1;
  const step = transient.has(failure.code) ? attempts - 1 : attempts;
  const wait = step === 0 ? 0 : (waits[Math.min(step, waits.length) - 1] ?? 24 * hour);
  return {
    ...failure,
    firstFailedAt: previous?.firstFailedAt ?? now.toISOString(),
    lastFailedAt: now.toISOString(),
    attempts,
    nextTryAt: new Date(now.getTime() + wait).toISOString(),
  };
}

/** Whether an escrowed object is to be tried now. A clock that jumped back far never keeps it waiting longer than a day. */
export function isDue(escrow: Escrow, now: Date): boolean {
  const wait = Date.parse(escrow.nextTryAt) - now.getTime();
  return wait <= 0 || wait > 24 * hour;
}

/** Whether an object failed for four weeks: it leaves the schedule and is named as given up. */
export function isGivenUp(escrow: Escrow, now: Date): boolean {
  return now.getTime() - Date.parse(escrow.firstFailedAt) >= givenUpAfter;
}

/** Escrows by error code, largest group first, so that one cause is read once. */
export function groupByCause(escrows: readonly Escrow[]): { code: string; escrows: Escrow[] }[] {
  const groups = new Map<string, Escrow[]>();
  for (const escrow of escrows) {
    const group = groups.get(escrow.code);
    if (group) group.push(escrow);
    else groups.set(escrow.code, [escrow]);
  }
  return [...groups]
    .map(([code, members]) => ({ code, escrows: members }))
    .sort((a, b) => b.escrows.length - a.escrows.length || a.code.localeCompare(b.code));
}

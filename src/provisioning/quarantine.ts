/**
 * Why a job is in quarantine; names of the Microsoft Graph type `quarantineReason`. The deletion guard's
 * `TooManyDeletes` is a hold of ours and no quarantine.
 */
export type QuarantineReason =
  | "EncounteredQuarantineException"
  | "EncounteredEscrowProportionThreshold"
  | "EncounteredBaseEscrowThreshold"
  | "EncounteredTotalEscrowThreshold";

/** A job that keeps failing, slowed down until it is healthy. Times are ISO 8601, UTC. */
export interface Quarantine {
  readonly reason: QuarantineReason;
  /** What failed, in one sentence. */
  readonly message: string;
  /** The code of the error that made the cycle impossible. */
  readonly code?: string | undefined;
  readonly since: string;
  readonly nextTryAt: string;
  /** Cycles tried since then. */
  readonly tries: number;
  /** When the job turns itself off if nothing helps. */
  readonly disabledAt: string;
}

/** What one cycle did, as far as quarantine is concerned. */
export interface CycleFailures {
  /** Set when credentials or the endpoint made the cycle impossible. */
  readonly fatal?: string;
  /** The code of that error, where it has one. */
  readonly fatalCode?: string;
  readonly succeeded: number;
  /** Objects that failed, references aside. */
  readonly failed: number;
  /** Memberships and managers that could not be set. */
  readonly referencesFailed: number;
}

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
/** The wait grows step by step to once a day. */
const waits = [5 * minute, hour, 2 * hour, 6 * hour, 12 * hour, day];
const disabledAfter = 28 * day;

/** The reason to quarantine after a cycle, by the provisioning service's published figures; `undefined` when healthy. */
export function quarantineReason(failures: CycleFailures): QuarantineReason | undefined {
  const { fatal, succeeded, failed, referencesFailed } = failures;
  if (fatal !== undefined) return "EncounteredQuarantineException";
  if (failed + referencesFailed > 60_000) return "EncounteredTotalEscrowThreshold";
  if (failed > 40_000) return "EncounteredBaseEscrowThreshold";
  if (failed >= 5_000 && failed > 0.4 * (failed + succeeded)) return "EncounteredEscrowProportionThreshold";
  return undefined;
}

/**
 * The quarantine after one more cycle: entered, slowed further, or lifted by a healthy cycle.
 *
 * @param current the quarantine before the cycle, if any
 */
export function nextQuarantine(
  current: Quarantine | undefined,
  failures: CycleFailures,
  now: Date,
): Quarantine | undefined {
  const reason = quarantineReason(failures);
  if (reason === undefined) return undefined;
  const tries = current === undefined ? 0 : current.tries + 1;
  const since = current?.since ?? now.toISOString();
  return {
    reason,
    message:
      failures.fatal ??
      `${failures.failed + failures.referencesFailed} objects failed, ${failures.succeeded} went through.`,
    ...(failures.fatalCode !== undefined && { code: failures.fatalCode }),
    since,
    nextTryAt: new Date(now.getTime() + (waits[Math.min(tries, waits.length - 1)] ?? day)).toISOString(),
    tries,
    disabledAt: new Date(Date.parse(since) + disabledAfter).toISOString(),
  };
}

/** Whether a quarantined job is past its four weeks and stays off until a person turns it on. */
export function isDisabled(quarantine: Quarantine | undefined, now: Date): boolean {
  return quarantine !== undefined && now.getTime() >= Date.parse(quarantine.disabledAt);
}

/** What is to be mended: the token or its rights, the address, the service itself, or the objects that fail. */
export type QuarantineCause = "token" | "address" | "service" | "objects";

const causes: Readonly<Record<string, QuarantineCause>> = {
  unauthorized: "token",
  invalidToken: "token",
  forbidden: "token",
  invalidUrl: "address",
  insecureUrl: "address",
  dns: "address",
  refused: "address",
  unreachable: "address",
  tls: "address",
  notScim: "address",
};

/** Where the cause of a quarantine is to be looked for. */
export function quarantineCause({ reason, code = "" }: Pick<Quarantine, "reason" | "code">): QuarantineCause {
  if (reason !== "EncounteredQuarantineException") return "objects";
  return causes[code] ?? "service";
}

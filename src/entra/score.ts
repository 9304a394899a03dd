import { attributeDeltas } from "../changes/attributeDelta.ts";
import type { Change } from "../changes/change.ts";
import type { LogAction, LogRecord } from "../provisioning/logRecord.ts";
import type { Plan } from "../provisioning/plan.ts";
import { builtinSchema } from "../scim/schemas/builtin.ts";

type Happened = Exclude<LogAction, "stagedDelete" | "other"> | "nothing" | "held";

/** One object for which prediction and log differ. */
export interface Difference {
  readonly sourceId: string;
  readonly name: string;
  readonly predicted: Happened;
  readonly happened: Happened;
  /** Why, as far as the log tells. */
  readonly why: string;
}

/** How well a prediction stood the test of the provisioning log. */
export interface Score {
  /** Objects that the prediction or the log speaks of. */
  readonly objects: number;
  readonly agreed: number;
  /** From 0 to 1; 1 when neither speaks of anybody. */
  readonly share: number;
  /** The same over objects that were to be changed or were changed; skips count for nothing here. */
  readonly changes: { readonly objects: number; readonly agreed: number; readonly share: number };
  readonly differences: readonly Difference[];
}

const predictedAction: Readonly<Record<Change["action"], Happened>> = {
  create: "create",
  update: "update",
  deactivate: "disable",
  delete: "delete",
};

/**
 * "Compare with the log": scores a predicted plan against what the service logged of the cycle, object by object.
 *
 * @param plan the prediction
 * @param records the log of the cycle that followed
 */
export function scorePrediction(plan: Plan, records: readonly LogRecord[]): Score {
  const predicted = new Map(plan.changes.map((change) => [change.sourceId ?? change.id, change]));
  const logged = new Map<string, LogRecord>();
  for (const record of records) {
    const { id } = record.sourceIdentity;
    const before = logged.get(id);
    // An object can have records about its references beside the one that changed it.
    if (before === undefined || happenedIn(before) === "nothing") logged.set(id, record);
  }
  const skipped = new Set(plan.skips.map(({ sourceId }) => sourceId));
  const ids = new Set([...predicted.keys(), ...skipped, ...logged.keys()]);
  const differences: Difference[] = [];
  let changed = 0;
  let changedAgreed = 0;
  for (const sourceId of ids) {
    const change = predicted.get(sourceId);
    const record = logged.get(sourceId);
    const expected = change === undefined ? "nothing" : predictedAction[change.action];
    const happened = record === undefined ? "nothing" : happenedIn(record);
    const why = difference(change, record, expected, happened, plan);
    const counts = expected !== "nothing" || happened !== "nothing";
    if (counts) changed += 1;
    if (why === undefined) {
      if (counts) changedAgreed += 1;
      continue;
    }
    const name = change?.name ?? record?.sourceIdentity.displayName ?? sourceId;
    differences.push({ sourceId, name, predicted: expected, happened, why });
  }
  const share = (agreed: number, all: number) => (all === 0 ? 1 : agreed / all);
  const agreed = ids.size - differences.length;
  return {
    objects: ids.size,
    agreed,
    share: share(agreed, ids.size),
    changes: { objects: changed, agreed: changedAgreed, share: share(changedAgreed, changed) },
    differences,
  };
}

function happenedIn({ provisioningAction, provisioningStatusInfo: { status } }: LogRecord): Happened {
  if (provisioningAction === "stagedDelete") return "held";
  return provisioningAction === "other" || status === "skipped" ? "nothing" : provisioningAction;
}

/** Why prediction and log differ; `undefined` when they agree. */
function difference(
  change: Change | undefined,
  record: LogRecord | undefined,
  expected: Happened,
  happened: Happened,
  plan: Plan,
): string | undefined {
  const info = record?.provisioningStatusInfo;
  if (info?.status === "failure") {
    const { errorCode = "", reason = "" } = info.errorInformation ?? {};
    return expected === happened
      ? `Tried as predicted, and failed: ${errorCode} ${reason}`.trim()
      : `Failed: ${errorCode} ${reason}`.trim();
  }
  if (expected === happened) return attributesDiffer(change, record);
  if (happened === "held") return "Held by accidental-deletion prevention.";
  if (change !== undefined && record === undefined)
    return "The log says nothing of it: the service did not evaluate it, or the entry is not written yet.";
  if (change !== undefined)
    return `The service left it: ${info?.skipReason ?? record?.provisioningSteps.at(-1)?.description ?? "no reason named"}.`;
  if (record !== undefined && record.activityDateTime > plan.createdAt)
    return "It was not predicted: it changed in the directory or at the target after the prediction, or a function that cannot be predicted moved it.";
  return "The entry is older than the prediction.";
}

/** The same action on other attributes is no agreement; of a creation the log names every attribute, so that is not compared. */
function attributesDiffer(change: Change | undefined, record: LogRecord | undefined): string | undefined {
  if (change?.action !== "update" || change.after === undefined || record === undefined) return undefined;
  const names = new Set(record.modifiedProperties.map(({ displayName }) => displayName.toLowerCase()));
  if (names.size === 0) return undefined;
  const paths = attributeDeltas(change.before ?? {}, change.after, builtinSchema(change.resourceType)).map(({ path }) =>
    path.toLowerCase(),
  );
  const missing = paths.filter((path) => !names.has(path));
  const extra = [...names].filter((name) => !paths.includes(name));
  if (missing.length === 0 && extra.length === 0) return undefined;
  return `Other attributes: predicted ${paths.join(", ")}; written ${[...names].join(", ")}.`;
}

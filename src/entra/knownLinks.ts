import type { JobState, Link } from "../provisioning/jobState.ts";
import type { LogRecord } from "../provisioning/logRecord.ts";

/** What the provisioning log tells of the objects that the service manages. */
export interface ServiceHistory {
  /** Counterparts by source id, as of the log's retention: 30 days with a premium licence, 7 without. */
  readonly links: Readonly<Record<"User" | "Group", ReadonlyMap<string, Link>>>;
  /** The last value that the service wrote, by source id and attribute name in lower case. */
  readonly written: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** Source ids whose last record is a failure, with its code: they wait in escrow. */
  readonly failing: ReadonlyMap<string, string>;
}

/** Reads the history of objects from log records in any order. */
export function historyFrom(records: readonly LogRecord[]): ServiceHistory {
  const links = { User: new Map<string, Link>(), Group: new Map<string, Link>() };
  const written = new Map<string, Map<string, string>>();
  const failing = new Map<string, string>();
  for (const record of records.toSorted((a, b) => (a.activityDateTime < b.activityDateTime ? -1 : 1))) {
    const { id, identityType } = record.sourceIdentity;
    const { status, errorInformation, skipReason } = record.provisioningStatusInfo;
    if (id === "") continue;
    if (status === "failure") {
      failing.set(id, errorInformation?.errorCode ?? "");
      continue;
    }
    const targetId = record.targetIdentity?.id;
    // An object that was found to agree is linked as well as one that was written.
    if (targetId === undefined || (status !== "success" && skipReason !== "RedundantExport")) continue;
    failing.delete(id);
    const kind = /group/i.test(identityType) ? links.Group : links.User;
    if (record.provisioningAction === "delete") kind.delete(id);
    // The hash of our own cycles is unknown here: an empty one means that everything is compared.
    else kind.set(id, { targetId, hash: "", scope: record.provisioningAction === "disable" ? "out" : "in" });
    const values = written.get(id) ?? new Map<string, string>();
    for (const { displayName, newValue } of record.modifiedProperties)
      values.set(displayName.toLowerCase(), newValue ?? "");
    written.set(id, values);
  }
  return { links, written, failing };
}

/** Puts the links of a history into the state of a job. */
export function linkInto(state: JobState, history: ServiceHistory): void {
  for (const type of ["User", "Group"] as const) {
    for (const [id, link] of history.links[type]) state.links(type).set(id, link);
  }
}

import type { ResourceType } from "../scim/resource.ts";
import type { Change } from "./change.ts";
import { ChangeError } from "./changeError.ts";
import type { JournalVerdict } from "./journalRead.ts";

/** What an undo leaves as it is, and why. */
export interface KeptObject {
  readonly resourceType: ResourceType;
  readonly name: string;
  readonly targetId?: string;
  /**
   * `changedSince`: others changed it since the push; `gone`: it is not there any more; `exists`: its name is taken;
   * `unsure`: whether the push made it cannot be told; `system`: it belongs to the service.
   */
  readonly reason: "changedSince" | "gone" | "exists" | "unsure" | "system";
  /** The attributes that stay as others left them. */
  readonly attributes: readonly string[];
  readonly message: string;
}

/** The inverse of a push, to be reviewed and pushed like any other changes. */
export interface UndoPlan {
  readonly changes: readonly Change[];
  readonly kept: readonly KeptObject[];
  /** What cannot be undone even so; whole sentences. */
  readonly notes: readonly string[];
}

/** Gathers what an undo comes to. */
export class UndoFindings implements UndoPlan {
  readonly changes: Change[] = [];
  readonly kept: KeptObject[] = [];
  readonly notes: string[] = [];

  /** Takes note of something that is left as it is. */
  keep(
    { resourceType, name, targetId: own }: Pick<Change, "resourceType" | "name" | "targetId">,
    reason: KeptObject["reason"],
    message: string,
    attributes: readonly string[] = [],
    targetId = own,
  ): void {
    this.kept.push({ resourceType, name, ...(targetId !== undefined && { targetId }), reason, attributes, message });
  }

  /** Takes note of what cannot be changed since it belongs to the service; throws any other error on. */
  keepForError(error: unknown, subject: Pick<Change, "resourceType" | "name">, targetId: string): void {
    if (!(error instanceof ChangeError)) throw error;
    this.keep(subject, "system", error.message, [], targetId);
  }
}

/** Why the values of a plan may not be what stood in the service: its journal is not as it was written. */
export function doubtsOf({ problems }: Pick<JournalVerdict, "problems">): readonly string[] {
  const first = problems.find(({ kind }) => kind !== "torn");
  if (first === undefined) return [];
  return [
    `The journal is not intact, so a value in this plan may never have stood in the service. ${first.message} Look at each change before it is pushed.`,
  ];
}

import * as z from "zod";
import type { Change } from "../../changes/change.ts";
import { changeSchema } from "../../changes/changeFile.ts";
import type { ResourceType, ScimDocument } from "../../scim/resource.ts";

const documentSchema = z.record(z.string(), z.unknown());

/** A change that waits for review and push, as it is kept. */
const pendingSchema = z.object({
  key: z.string().min(1),
  change: changeSchema,
  /** The document as the person left it, with what the service will not do of it; absent for a delete. */
  wanted: documentSchema.exactOptional(),
  excluded: z.boolean(),
  /** What the last push said of it. */
  problem: z
    .object({
      kind: z.enum(["failed", "conflict", "unknown"]),
      message: z.string(),
      theirs: documentSchema.exactOptional(),
    })
    .exactOptional(),
});

const fileSchema = z.record(z.string(), z.array(z.unknown()));

export interface PendingProblem {
  /**
   * `conflict`: the resource moved in the service; `unknown`: it may or may not have been applied; `replanned`: the job has
   * planned another change than the one that was reviewed.
   */
  readonly kind: "failed" | "conflict" | "unknown" | "replanned";
  readonly message: string;
  /** Only of a conflict: what the service has now; absent when it is gone. */
  readonly theirs?: ScimDocument;
}

export interface PendingChange {
  /** Identifies the resource within the connection: `User/42`, `User/new:7f…`. */
  readonly key: string;
  readonly change: Change;
  readonly wanted?: ScimDocument;
  readonly excluded: boolean;
  readonly problem?: PendingProblem;
  /** Of a change that a job has planned: the job's file. Such a change is planned anew rather than kept over a reload. */
  readonly job?: string;
  /** Of a change that takes a push of that job back: the push. */
  readonly undoes?: string;
  /** It puts right what was changed in the target behind the job's back; a person may let that be instead. */
  readonly drift?: true;
  /** When it was planned. */
  readonly plannedAt?: string;
  /** Held by the deletion guard until a person accepts it. */
  readonly held?: boolean;
}

/** The groups of the Source Control view, in their order. */
export type ChangeGroup = "create" | "update" | "deactivate" | "delete" | "held" | "excluded";

export const groupOf = ({ excluded, held, change }: PendingChange): ChangeGroup =>
  excluded ? "excluded" : held === true ? "held" : change.action;

/** Whether the next push sends it. */
export const isIncluded = ({ excluded, held }: PendingChange): boolean => !excluded && held !== true;

const order: readonly ChangeGroup[] = ["create", "update", "deactivate", "delete", "held", "excluded"];
const { compare } = new Intl.Collator();

/** In the order of the Source Control view: by group, then by name. */
export const inOrder = (changes: readonly PendingChange[]): readonly PendingChange[] =>
  changes.toSorted(
    (a, b) => order.indexOf(groupOf(a)) - order.indexOf(groupOf(b)) || compare(a.change.name, b.change.name),
  );

/** The id of a draft in a key, for a resource that is not created yet. */
export function draftOf(key: string): string | undefined {
  const at = key.indexOf("/new:");
  return at === -1 ? undefined : key.slice(at + "/new:".length);
}

export const typeOf = (key: string): ResourceType => key.slice(0, key.indexOf("/")) as ResourceType;

/** What was kept, by base URL; entries that cannot be read are counted, the others are not lost with them. */
export interface KeptChanges {
  readonly changes: ReadonlyMap<string, readonly PendingChange[]>;
  readonly unreadable: number;
}

/** Reads kept changes. */
export function parseKept(value: unknown): KeptChanges {
  const changes = new Map<string, PendingChange[]>();
  if (value === undefined) return { changes, unreadable: 0 };
  const file = fileSchema.safeParse(value);
  if (!file.success) return { changes, unreadable: 1 };
  let unreadable = 0;
  for (const [baseUrl, entries] of Object.entries(file.data)) {
    const read = entries.map((entry) => pendingSchema.safeParse(entry));
    unreadable += read.filter((entry) => !entry.success).length;
    changes.set(
      baseUrl,
      read.flatMap((entry) => (entry.success ? [entry.data] : [])),
    );
  }
  return { changes, unreadable };
}

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
  /** `conflict`: the resource moved in the service; `unknown`: it may or may not have been applied. */
  readonly kind: "failed" | "conflict" | "unknown";
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
}

/** The groups of the Source Control view, in their order. */
export type ChangeGroup = "create" | "update" | "deactivate" | "delete" | "excluded";

export const groupOf = (pending: PendingChange): ChangeGroup => (pending.excluded ? "excluded" : pending.change.action);

const order: readonly ChangeGroup[] = ["create", "update", "deactivate", "delete", "excluded"];

/** In the order of the Source Control view: by group, then by name. */
export const inOrder = (changes: readonly PendingChange[]): readonly PendingChange[] =>
  changes.toSorted(
    (a, b) => order.indexOf(groupOf(a)) - order.indexOf(groupOf(b)) || a.change.name.localeCompare(b.change.name),
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

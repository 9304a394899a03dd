import * as z from "zod";
import { changeSchema } from "../../../changes/changeFile.ts";
import { parseReviewed } from "../../../changes/digest.ts";
import type { PushRecord } from "../../../changes/history.ts";
import type { KeptObject } from "../../../changes/undoFindings.ts";
import type { Outcome, PushProgress } from "../../../changes/pushResult.ts";
import type { CutOffPush } from "../../../provisioning/cutOff.ts";
import type { GuardVerdict } from "../../../provisioning/deletionGuard.ts";
import type { CycleOutcome } from "../../../provisioning/cycle.ts";
import type { Explanation } from "../../../provisioning/explain.ts";
import type { PlanProgress } from "../../../provisioning/makePlan.ts";
import { observedProfileSchema } from "../../../scim/observed.ts";
import type { Plan } from "../../../provisioning/plan.ts";
import type { PersonCard } from "../../../provisioning/personCard.ts";
import type { FoundObject } from "../../../provisioning/search.ts";

/** What a plan holds, and what the deletion guard says of it. */
export interface PlanAnswer {
  readonly plan: Plan;
  readonly guard: GuardVerdict;
}

/** What became of one change of a push. */
export interface PushedChange {
  readonly changeId: string;
  readonly outcome: Outcome;
  readonly message?: string;
}

/** What a cycle, or a push of reviewed changes, came to. Its plan holds what is left: the changes that were not done. */
export interface CycleAnswer extends PlanAnswer {
  readonly outcome: CycleOutcome;
  readonly message?: string;
  readonly results: readonly PushedChange[];
  /** How many changes of an earlier push were done now, which had been left. */
  readonly resumed?: number;
}

/** The inverse of a push, for review. */
export interface UndoAnswer extends PlanAnswer {
  readonly push: Omit<PushRecord, "changes">;
  readonly kept: readonly KeptObject[];
}

/** What happens while a job is turned on. */
export type WatchEvent =
  | { readonly kind: "waiting"; readonly until: string }
  | { readonly kind: "started" }
  | { readonly kind: "plan"; readonly progress: PlanProgress }
  | { readonly kind: "push"; readonly progress: PushProgress }
  | { readonly kind: "finished"; readonly outcome: CycleOutcome; readonly message?: string }
  | { readonly kind: "failed"; readonly message: string };

/** Progress of a plan or a cycle. */
export type CycleProgress = Extract<WatchEvent, { kind: "plan" | "push" }>;

const file = z.object({ file: z.string() });

/** Who is meant: by an id or name of the directory, or by the id of the linked object of the target. */
const subject = { who: z.string(), targetId: z.string().exactOptional() };

/** Digests by id: as text on the way, a map at its end. */
const reviewed = z.string().transform(parseReviewed);

/** What each method takes. Every call is about one job file. */
export const callSchemas = {
  /** `compare`: evaluate everyone, to see what was changed in the target behind the job's back. */
  plan: file.extend({ compare: z.boolean() }),
  cycle: file.extend({
    initiatedBy: z.enum(["person", "schedule"]),
    initial: z.boolean().exactOptional(),
    compare: z.boolean().exactOptional(),
    focus: z.string().exactOptional(),
    only: z.array(z.string()).exactOptional(),
    /** Pushes only these changes, and each only if it is still what was reviewed. */
    reviewed: reviewed.exactOptional(),
    acceptRemovals: z.boolean().exactOptional(),
    note: z.string().exactOptional(),
  }),
  planUndo: file.extend({ push: z.string() }),
  undo: file.extend({
    push: z.string(),
    reviewed: z.array(changeSchema),
    only: z.array(z.string()),
    acceptRemovals: z.boolean().exactOptional(),
    note: z.string().exactOptional(),
  }),
  /** Lets the target be where drift changes would put it right. */
  acceptDrift: file.extend({ changes: reviewed }),
  /** Takes accepted deviations back, by their keys. */
  revokeAccepted: file.extend({ keys: z.array(z.string()) }),
  /** The push that was stopped or cut off, if something of it is left. */
  cutOff: file,
  watch: file,
  explain: file.extend(subject),
  person: file.extend(subject),
  search: file.extend({ text: z.string(), limit: z.int().positive() }),
};

/** What each method gives back, and what it tells on the way. */
export interface Methods {
  plan: { readonly answer: PlanAnswer; readonly progress: CycleProgress };
  cycle: { readonly answer: CycleAnswer; readonly progress: CycleProgress };
  planUndo: { readonly answer: UndoAnswer; readonly progress: never };
  undo: { readonly answer: CycleAnswer; readonly progress: CycleProgress };
  acceptDrift: { readonly answer: number; readonly progress: CycleProgress };
  revokeAccepted: { readonly answer: number; readonly progress: never };
  cutOff: { readonly answer: CutOffPush | undefined; readonly progress: never };
  watch: { readonly answer: null; readonly progress: WatchEvent };
  explain: { readonly answer: Explanation; readonly progress: never };
  person: { readonly answer: PersonCard; readonly progress: never };
  search: { readonly answer: readonly FoundObject[]; readonly progress: never };
}

export type Method = keyof Methods;
export type Parameters<M extends Method> = z.input<(typeof callSchemas)[M]>;

/** An error on its way to the other process. */
export const errorSchema = z.object({
  name: z.string(),
  message: z.string(),
  code: z.string().optional(),
  what: z.string().optional(),
  fix: z.string().optional(),
  url: z.string().optional(),
  status: z.number().optional(),
});
export type SentError = z.infer<typeof errorSchema>;

/** What the window sends to the engine's process. */
export const toEngineSchema = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("call"),
    id: z.int(),
    method: z.enum([
      "acceptDrift",
      "revokeAccepted",
      "cutOff",
      "plan",
      "cycle",
      "planUndo",
      "undo",
      "watch",
      "explain",
      "person",
      "search",
    ]),
    parameters: z.unknown(),
  }),
  z.object({ kind: z.literal("cancel"), id: z.int() }),
  /** What the service of a base URL was seen to do, when that is known. */
  z.object({ kind: z.literal("profile"), id: z.int(), profile: observedProfileSchema.optional() }),
  /** A part of an answer is taken in; the next may come. */
  z.object({ kind: z.literal("more"), id: z.int() }),
  /** The secret of a base URL, or why there is none. */
  z.object({ kind: z.literal("token"), id: z.int(), token: z.string().optional(), message: z.string().optional() }),
]);
export type ToEngine = z.infer<typeof toEngineSchema>;

/** What the engine's process sends to the window. Answers and progress are typed by {@link Methods}: both ends are one build. */
export const fromEngineSchema = z.discriminatedUnion("kind", [
  /** Some entries of a long list of an answer, which comes behind them. The next part waits until this one is taken in. */
  z.object({ kind: z.literal("part"), id: z.int(), place: z.int(), text: z.string() }),
  z.object({ kind: z.literal("answer"), id: z.int(), answer: z.unknown() }),
  z.object({ kind: z.literal("progress"), id: z.int(), progress: z.unknown() }),
  z.object({ kind: z.literal("error"), id: z.int(), error: errorSchema }),
  z.object({ kind: z.literal("needProfile"), id: z.int(), baseUrl: z.string() }),
  z.object({
    kind: z.literal("needToken"),
    id: z.int(),
    baseUrl: z.string(),
    refused: z.string().optional(),
    /** Given when the address is that of Microsoft Graph. */
    tenantId: z.string().optional(),
  }),
  z.object({
    kind: z.literal("requests"),
    requests: z.array(z.object({ baseUrl: z.string(), record: z.unknown() })),
  }),
]);
export type FromEngine = z.infer<typeof fromEngineSchema>;

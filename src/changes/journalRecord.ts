import { hash } from "node:crypto";
import * as z from "zod";
import { changeSchema } from "./changeFile.ts";

const outcomeSchema = z.enum(["pushed", "redundant", "conflict", "failed", "blocked", "notSent", "unknown"]);

const errorSchema = z.object({ code: z.string(), message: z.string(), fix: z.string().exactOptional() });

const countsSchema = z.record(z.string(), z.number());

/** What happened, without the place in the chain. */
export const journalEntrySchema = z.discriminatedUnion("kind", [
  /** A push begins; its intents follow. */
  z.object({
    kind: z.literal("pushStart"),
    push: z.string(),
    job: z.string().exactOptional(),
    /** Who pushed, as the operating system or the CI runner names them. */
    who: z.string().exactOptional(),
    /** The note that the person gave with the push. */
    note: z.string().exactOptional(),
    /** Changes by action. */
    counts: countsSchema,
    /** Creates that were left out although others refer to them. */
    omitted: z
      .array(z.object({ resourceType: z.enum(["User", "Group", "ServicePrincipal"]), name: z.string() }))
      .exactOptional(),
  }),
  /** One change as it will be sent, with the document before it; a later intent of the same change replaces it. */
  z.object({
    kind: z.literal("intent"),
    push: z.string(),
    change: changeSchema,
    /** A part of the earlier intent may have been done already: this is what was left of it. */
    continues: z.literal(true).exactOptional(),
  }),
  /** Steps before this number may have been sent; those from it on were not. */
  z.object({ kind: z.literal("sending"), push: z.string(), before: z.number().int().nonnegative() }),
  /** A create was answered: the id that the service issued. More requests of the change follow. */
  z.object({ kind: z.literal("created"), push: z.string(), changeId: z.string(), targetId: z.string() }),
  z.object({
    kind: z.literal("result"),
    push: z.string(),
    changeId: z.string(),
    outcome: outcomeSchema,
    targetId: z.string().exactOptional(),
    /** The resource as the service has stored it, when it said so. */
    stored: z.record(z.string(), z.unknown()).exactOptional(),
    /** Of a create: the attributes that the service added by itself, so that an undo can tell them from what others add. */
    added: z.record(z.string(), z.unknown()).exactOptional(),
    error: errorSchema.exactOptional(),
    /** Requests that were sent for it. */
    requests: z.number().int().nonnegative(),
    durationMs: z.number().nonnegative(),
  }),
  /** A push goes on after it was stopped or killed. */
  z.object({ kind: z.literal("resume"), push: z.string(), who: z.string().exactOptional() }),
  z.object({
    kind: z.literal("pushEnd"),
    push: z.string(),
    /** `stopped`: changes are left that were not sent. */
    outcome: z.enum(["finished", "stopped"]),
    cause: errorSchema.exactOptional(),
    /** Changes by outcome. */
    counts: countsSchema,
  }),
  /** The journal was found damaged when it was opened, and mended so that it can go on. */
  z.object({
    kind: z.literal("repair"),
    problem: z.enum(["torn", "cut"]),
    /** Bytes of an unfinished last line that were taken off. */
    bytes: z.number().int().nonnegative(),
    /** How many whole records are gone. */
    missing: z.number().int().nonnegative(),
  }),
]);

export type JournalEntry = z.infer<typeof journalEntrySchema>;

/** Where a record stands: its number from 1, when it was written (ISO 8601, UTC), the SHA-256 of the line before it. */
export interface JournalPlace {
  readonly seq: number;
  readonly at: string;
  readonly prev: string;
}

export type JournalRecord = JournalPlace & JournalEntry;

export const journalPlaceSchema = z.looseObject({
  seq: z.number().int().positive(),
  at: z.string(),
  prev: z.string().regex(/^[0-9a-f]{64}$/),
});

/** What stands in `prev` of the first record. */
export const firstPrev = "0".repeat(64);

/** SHA-256 of a line without its line feed, in lower-case hexadecimal. */
export function lineHash(line: string | Buffer): string {
  return hash("sha256", line);
}

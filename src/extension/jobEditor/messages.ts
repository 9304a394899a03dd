import * as z from "zod";
import { offersSchema, snapshotSchema } from "./messages/job.ts";
import {
  directorySchema,
  personSchema,
  populationSchema,
  resultsSchema,
  scopeSchema,
  statusSchema,
  targetSchema,
  testSchema,
} from "./messages/previews.ts";
import { kindSchema, pageSchema, viewSchema } from "./messages/view.ts";

const count = z.int().min(0);

const pathSchema = z
  .array(z.union([z.string().max(200), count]))
  .min(1)
  .max(10);

const plainSchema = z.union([z.string(), z.number(), z.boolean(), z.null()]);

/** A JSON value, nested so deep at most: a parser without such an end fails on a value that has none. */
function jsonSchema(levels: number): z.ZodType<z.core.util.JSONType> {
  if (levels === 0) return plainSchema;
  const part = jsonSchema(levels - 1);
  return z.union([plainSchema, z.array(part), z.record(z.string(), part)]);
}

/** The whole of a job file is no deeper. */
const valueSchema = jsonSchema(10);

const jobEditSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("set"), path: pathSchema, value: valueSchema }),
  z.strictObject({ kind: z.literal("insert"), path: pathSchema, value: valueSchema }),
  z.strictObject({ kind: z.literal("remove"), path: pathSchema }),
  z.strictObject({ kind: z.literal("move"), path: pathSchema, to: count }),
]);

/** One change of the job file, as the engine's `editJob` takes it. */
export type EditMessage = z.infer<typeof jobEditSchema>;

/** What only the mappings of a live job have: their diff, writing them, and who is in scope. */
export const liveActions = ["review", "write", "setScope"] as const;

/** Everything that the page may ask of the extension. */
export const toHostSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("ready") }),
  z.strictObject({ kind: z.literal("view"), view: viewSchema }),
  /** One gesture of a person: applied together or not at all, on exactly this version of the text. */
  z.strictObject({
    kind: z.literal("edit"),
    id: count,
    version: count,
    edits: z.array(jobEditSchema).min(1).max(20),
  }),
  z.strictObject({ kind: z.literal("reset"), id: count, version: count, table: kindSchema }),
  z.strictObject({ kind: z.literal("search"), seq: count, table: kindSchema, text: z.string().max(500) }),
  z.strictObject({
    kind: z.literal("step"),
    table: kindSchema,
    from: z.string().max(2000).nullable(),
    by: z.union([z.literal(1), z.literal(-1)]),
  }),
  z.strictObject({ kind: z.literal("test") }),
  /** Reads what stands at the target, to compare results with. */
  z.strictObject({ kind: z.literal("readTarget"), table: kindSchema }),
  /** Whatever was typed before a `flush` has been sent. */
  z.strictObject({ kind: z.literal("flushed") }),
  z.strictObject({
    kind: z.literal("run"),
    action: z.enum([
      "openAsText",
      "reloadDirectory",
      "manageTrust",
      "connect",
      "replaceToken",
      "preview",
      "turnOn",
      "turnOff",
      "showLog",
      ...liveActions,
    ]),
  }),
  z.strictObject({ kind: z.literal("openFile"), file: z.string().max(4000), line: count.nullable() }),
]);

export type ToHost = z.infer<typeof toHostSchema>;

/** Everything that the extension tells the page. */
export const toWebviewSchema = z.discriminatedUnion("kind", [
  snapshotSchema,
  offersSchema,
  resultsSchema,
  populationSchema,
  scopeSchema,
  directorySchema,
  testSchema,
  targetSchema,
  statusSchema,
  z.object({ kind: z.literal("people"), seq: count, people: z.array(personSchema), total: count }),
  z.object({ kind: z.literal("person"), table: kindSchema, person: personSchema }),
  /** The answer to an `edit` or a `reset`: the version that the text has now. */
  z.object({ kind: z.literal("edited"), id: count, ok: z.boolean(), version: count, reason: z.string().optional() }),
  /** Asks the page to show one of its pages. */
  z.object({ kind: z.literal("show"), page: pageSchema }),
  /** Asks the page to send what was typed and not yet sent, before the file is saved. */
  z.object({ kind: z.literal("flush") }),
]);

export type ToWebview = z.infer<typeof toWebviewSchema>;

/** What a page keeps while it is hidden. */
export const keptSchema = z.object({ view: viewSchema });

export type Kept = z.infer<typeof keptSchema>;

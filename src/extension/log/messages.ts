import * as z from "zod";

const text = z.string().max(20_000);
const count = z.int().min(0);

export const statuses = ["success", "failure", "skipped", "warning"] as const;
export const actions = ["create", "update", "delete", "disable", "stagedDelete", "other"] as const;
const statusSchema = z.enum(statuses);
const actionSchema = z.enum(actions);

/** How far back records are shown. */
export const spans = ["any", "hour", "day", "week", "month"] as const;

const filterSchema = z.strictObject({
  /** Part of a name, an id or a reason. */
  text: z.string().max(500),
  status: statusSchema.nullable(),
  action: actionSchema.nullable(),
  /** A skip reason or an error code. */
  reason: z.string().max(200).nullable(),
  span: z.enum(spans),
});

/** What the table is narrowed to. */
export type LogFilter = z.infer<typeof filterSchema>;

export const noFilter: LogFilter = { text: "", status: null, action: null, reason: null, span: "any" };

const cycleSchema = z.strictObject({
  id: text,
  /** Where its records begin among those that match. */
  from: count,
  records: count,
  failures: count,
  held: count,
  /** Of its newest record, ISO 8601. */
  at: text,
  /** From its first to its last record. */
  spanMs: z.number().min(0),
});

/** The records of one cycle that match, newest cycle first. */
export type LogCycle = z.infer<typeof cycleSchema>;

const rowSchema = z.strictObject({
  at: text,
  name: text,
  resourceType: text,
  action: actionSchema,
  status: statusSchema,
  reason: text,
  durationMs: z.number(),
});

/** One record as a row of the table. */
export type LogRow = z.infer<typeof rowSchema>;

const recordSchema = z.strictObject({
  /** Where it stands among those that match. */
  index: count,
  name: text,
  sourceId: text,
  targetId: text.nullable(),
  headline: text,
  status: statusSchema,
  error: z.strictObject({ code: text, cause: text, fix: text.nullable() }).nullable(),
  note: text.nullable(),
  by: text,
  steps: z.array(
    z.strictObject({
      title: text,
      status: statusSchema,
      description: text,
      details: z.array(z.strictObject({ name: text, value: text })),
    }),
  ),
  modified: z.array(z.strictObject({ name: text, before: text.nullable(), after: text.nullable() })),
});

/** One record with its steps. */
export type LogDetail = z.infer<typeof recordSchema>;

/** Everything that the extension tells the page. */
export const toWebviewSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("view"),
    /** The job file, which finds the log again after a reload; `null` when the log is of no job file. */
    file: text.nullable(),
    /** Grows with every query and whenever records came, so that late rows of an older view are known. */
    seq: count,
    /** Since which of these numbers every record has kept its place: while older records are read they only grow in number. */
    since: count,
    total: count,
    matched: count,
    /** Whether older records are still being read. */
    reading: z.boolean(),
    /** Lines that are no records. */
    damaged: count,
    reasons: z.array(z.strictObject({ name: text, records: count })),
    cycles: z.array(cycleSchema),
  }),
  z.strictObject({ kind: z.literal("rows"), seq: count, from: count, rows: z.array(rowSchema) }),
  z.strictObject({ kind: z.literal("record"), record: recordSchema.nullable() }),
  z.strictObject({ kind: z.literal("filter"), filter: filterSchema }),
  z.strictObject({ kind: z.literal("error"), message: text }),
]);
export type ToWebview = z.infer<typeof toWebviewSchema>;

/** Everything that the page may ask of the extension. */
export const toHostSchema = z.discriminatedUnion("kind", [
  /** With the filter that the page has kept, if any. */
  z.strictObject({ kind: z.literal("ready"), filter: filterSchema.nullable() }),
  z.strictObject({ kind: z.literal("query"), filter: filterSchema }),
  z.strictObject({ kind: z.literal("rows"), seq: count, from: count, to: count }),
  z.strictObject({ kind: z.literal("record"), seq: count, index: count }),
  z.strictObject({ kind: z.literal("explain"), sourceId: text }),
  z.strictObject({ kind: z.literal("card"), sourceId: text }),
  z.strictObject({ kind: z.literal("export") }),
  z.strictObject({ kind: z.literal("copy"), index: count, seq: count }),
  z.strictObject({ kind: z.literal("preview") }),
]);
export type ToHost = z.infer<typeof toHostSchema>;

/** What the page keeps while it is hidden, and over a reload of the window. */
export const keptSchema = z.strictObject({ file: text.nullable(), filter: filterSchema });
export type Kept = z.infer<typeof keptSchema>;

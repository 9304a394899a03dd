import * as z from "zod";

/** The pages of the job editor, in the order of their tabs. */
export const pageIds = ["connection", "directory", "scope", "users", "groups", "settings"] as const;

const pageSchema = z.enum(pageIds);
const kindSchema = z.enum(["users", "groups"]);
const count = z.int().min(0);

export type PageId = z.infer<typeof pageSchema>;

/** `users` or `groups` of a job. */
export type Kind = z.infer<typeof kindSchema>;

const pathSchema = z
  .array(z.union([z.string().max(200), count]))
  .min(1)
  .max(10);

const jobEditSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("set"), path: pathSchema, value: z.json() }),
  z.strictObject({ kind: z.literal("insert"), path: pathSchema, value: z.json() }),
  z.strictObject({ kind: z.literal("remove"), path: pathSchema }),
  z.strictObject({ kind: z.literal("move"), path: pathSchema, to: count }),
]);

/** One change of the job file, as the engine's `editJob` takes it. */
export type EditMessage = z.infer<typeof jobEditSchema>;

const sampleTabs = ["all", "in", "out", "enters", "leaves"] as const;

const viewSchema = z.strictObject({
  page: pageSchema,
  /** The person and the group whose results are shown. */
  sample: z.strictObject({ users: z.string().max(2000).nullable(), groups: z.string().max(2000).nullable() }),
  /** The mapping row whose population examples are shown. */
  row: count.nullable(),
  /** Who is listed on the scope page. */
  scope: z.strictObject({
    kind: kindSchema,
    tab: z.enum(sampleTabs),
    search: z.string().max(500),
    selected: z.string().max(2000).nullable(),
  }),
});

/** What the page shows, so that the extension computes exactly that. */
export type View = z.infer<typeof viewSchema>;

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
  /** Whatever was typed before a `flush` has been sent. */
  z.strictObject({ kind: z.literal("flushed") }),
  z.strictObject({
    kind: z.literal("run"),
    action: z.enum(["openAsText", "reloadDirectory", "manageTrust", "connect", "replaceToken", "preview"]),
  }),
  z.strictObject({ kind: z.literal("openFile"), file: z.string().max(4000), line: count.nullable() }),
]);

export type ToHost = z.infer<typeof toHostSchema>;

const sourceSchema = z.union([
  z.object({ attribute: z.string() }),
  z.object({ constant: z.string() }),
  z.object({ expression: z.string() }),
]);

const mappingSchema = z.object({
  target: z.string(),
  source: sourceSchema,
  matching: z.int().optional(),
  default: z.string().optional(),
  apply: z.enum(["always", "create"]),
});

/** One row of a mapping table. */
export type MappingRow = z.infer<typeof mappingSchema>;

const clauseSchema = z.object({ attribute: z.string(), operator: z.string(), value: z.string().optional() });
const clauseGroupSchema = z.object({ title: z.string().optional(), clauses: z.array(clauseSchema) });

export type Clause = z.infer<typeof clauseSchema>;
export type ClauseGroup = z.infer<typeof clauseGroupSchema>;

const objectSchema = z.object({
  enabled: z.boolean(),
  actions: z.array(z.enum(["create", "update", "delete"])),
  mappings: z.array(mappingSchema),
});

const jobViewSchema = z.object({
  name: z.string(),
  connection: z.object({ baseUrl: z.string(), dialect: z.enum(["databricks", "generic"]), readOnly: z.boolean() }),
  directory: z.record(z.string(), z.string().optional()),
  scope: z.object({
    mode: z.enum(["assigned", "all"]),
    defaultAccess: z.enum(["exclude", "include"]),
    users: z.array(clauseGroupSchema),
    groups: z.array(clauseGroupSchema),
  }),
  users: objectSchema,
  groups: objectSchema,
  settings: z.object({
    intervalMinutes: z.number(),
    leavingScope: z.enum(["deactivate", "delete", "keep"]),
    deletionGuard: z.object({ enabled: z.boolean(), count: z.number(), percent: z.number() }),
    notify: z
      .object({ email: z.string().optional(), webhook: z.string().optional(), onFailure: z.boolean() })
      .optional(),
  }),
});

/** The job as the file has it, defaults filled in. */
export type JobView = z.infer<typeof jobViewSchema>;

const rowProblemSchema = z.object({
  field: z.enum(["target", "source", "matching", "default", "rows"]),
  severity: z.enum(["error", "warning"]),
  message: z.string(),
  position: z.int().optional(),
  length: z.int().optional(),
});

export type RowProblem = z.infer<typeof rowProblemSchema>;

const tableSchema = z.object({
  rows: z.array(z.object({ edited: z.boolean(), problems: z.array(rowProblemSchema) })),
  /** Problems of the table as a whole. */
  problems: z.array(rowProblemSchema),
});

const snapshotSchema = z.object({
  kind: z.literal("snapshot"),
  /** The version of the text. */
  version: count,
  fileName: z.string(),
  /** Why the page is for viewing only; absent when it may be edited. */
  locked: z.enum(["restricted", "readOnlyFile"]).optional(),
  /** Present while the text is no job; `job` is then the last good one. */
  broken: z.object({ line: z.int(), column: z.int(), message: z.string() }).optional(),
  job: jobViewSchema.nullable(),
  tables: z.object({ users: tableSchema, groups: tableSchema }),
  /** Problems outside of the mapping tables, by JSON path. */
  problems: z.array(z.object({ path: z.string(), message: z.string() })),
  /** Pages that differ from the saved file. */
  edited: z.array(pageSchema),
  /** What the connection is called in the Connections view; absent when it is not there. */
  connection: z.object({ name: z.string(), production: z.boolean() }).optional(),
});

export type Snapshot = z.infer<typeof snapshotSchema>;

const functionSchema = z.object({
  name: z.string(),
  doc: z.string(),
  example: z.string(),
  parameters: z.array(z.object({ name: z.string(), doc: z.string(), optional: z.boolean() })),
  /** How many of the last parameters may come again and again. */
  repeated: count,
});

export type FunctionOffer = z.infer<typeof functionSchema>;

const targetOfferSchema = z.object({ path: z.string(), detail: z.string() });

const offersSchema = z.object({
  kind: z.literal("offers"),
  functions: z.array(functionSchema),
  targets: z.object({ users: z.array(targetOfferSchema), groups: z.array(targetOfferSchema) }),
  /** Whether the targets are those of the service, or of the RFCs. */
  targetsFrom: z.string(),
  attributes: z.object({ users: z.array(z.string()), groups: z.array(z.string()) }),
  operators: z.array(z.object({ id: z.string(), operand: z.enum(["none", "text", "pattern", "integer"]) })),
});

export type Offers = z.infer<typeof offersSchema>;

const personSchema = z.object({ id: z.string(), name: z.string(), detail: z.string() });

/** A person or a group of the directory, as lists show it. */
export type Person = z.infer<typeof personSchema>;

/** A part of an expression with its result; `start` and `end` are its place in the expression. */
export interface SubResult {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly outcome: "value" | "absent" | "dropped" | "failed";
  readonly result: string;
  readonly children: readonly SubResult[];
}

const subResultSchema: z.ZodType<SubResult> = z.lazy(() =>
  z.object({
    text: z.string(),
    start: z.int(),
    end: z.int(),
    outcome: z.enum(["value", "absent", "dropped", "failed"]),
    result: z.string(),
    children: z.array(subResultSchema),
  }),
);

const resultSchema = z.object({
  outcome: z.enum(["value", "empty", "failed", "invalid"]),
  text: z.string(),
  /** A short word beside the value, such as "will change", and what it means. */
  note: z.object({ word: z.string(), detail: z.string(), tone: z.enum(["info", "change", "warning"]) }).optional(),
  trace: subResultSchema.optional(),
});

export type Result = z.infer<typeof resultSchema>;

const resultsSchema = z.object({
  kind: z.literal("results"),
  version: count,
  table: kindSchema,
  person: personSchema,
  rows: z.array(resultSchema),
});

export type Results = z.infer<typeof resultsSchema>;

const populationRowSchema = z.object({
  distinct: count,
  atLeast: z.boolean(),
  filled: count,
  empty: count,
  failed: count,
  shared: count,
  unique: z.boolean(),
  sharedExamples: z.array(z.string()),
  longest: count,
  changed: count,
  errors: z.array(z.object({ message: z.string(), count })),
});

export type PopulationRow = z.infer<typeof populationRowSchema>;

const populationSchema = z.object({
  kind: z.literal("population"),
  version: count,
  table: kindSchema,
  done: count,
  total: count,
  /** By index of the mapping row; `null` for rows that do not compile and for references. */
  rows: z.array(populationRowSchema.nullable()),
  /** The row of `examples`. */
  row: count.nullable(),
  examples: z.array(z.object({ name: z.string(), before: z.string(), after: z.string() })),
});

export type Population = z.infer<typeof populationSchema>;

const tallySchema = z.object({ in: count, out: count });

const samplePersonSchema = personSchema.extend({
  inScope: z.boolean(),
  /** Why, in few words: the group of clauses that passed, or what kept the person out. */
  reason: z.string(),
  move: z.enum(["enters", "leaves"]).optional(),
});

export type SamplePerson = z.infer<typeof samplePersonSchema>;

const scopeSchema = z.object({
  kind: z.literal("scope"),
  version: count,
  table: kindSchema,
  total: count,
  active: count,
  assigned: count,
  entitled: count,
  passed: count,
  groups: z.array(tallySchema.extend({ clauses: z.array(tallySchema) })),
  passSeveral: count,
  enters: count,
  leaves: count,
  sample: z.array(samplePersonSchema),
  /** How many the list would hold in full. */
  sampleOf: count,
  explained: z
    .object({
      id: z.string(),
      detail: z.string(),
      rules: z.array(z.object({ name: z.string(), value: z.string(), passed: z.boolean() })),
    })
    .nullable(),
});

export type ScopeCounts = z.infer<typeof scopeSchema>;

const directorySchema = z.object({
  kind: z.literal("directory"),
  state: z.enum(["loading", "ready", "failed", "restricted"]),
  description: z.string(),
  users: count,
  groups: count,
  assignments: count,
  readAt: z.string(),
  problems: z.array(
    z.object({
      message: z.string(),
      severity: z.enum(["error", "warning"]),
      file: z.string().optional(),
      line: count.optional(),
    }),
  ),
  /** How many problems there are in all. */
  problemCount: count,
});

export type DirectoryState = z.infer<typeof directorySchema>;

const testSchema = z.object({
  kind: z.literal("test"),
  state: z.enum(["running", "healthy", "unhealthy"]),
  baseUrl: z.string(),
  steps: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      status: z.enum(["passed", "failed", "warned", "skipped"]),
      explanation: z.string(),
      fix: z.string().optional(),
      sent: z.string().optional(),
      received: z.string().optional(),
    }),
  ),
});

export type ConnectionTest = z.infer<typeof testSchema>;

/** Everything that the extension tells the page. */
export const toWebviewSchema = z.discriminatedUnion("kind", [
  snapshotSchema,
  offersSchema,
  resultsSchema,
  populationSchema,
  scopeSchema,
  directorySchema,
  testSchema,
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

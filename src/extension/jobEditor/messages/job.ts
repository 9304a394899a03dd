import * as z from "zod";
import { pageSchema } from "./view.ts";

const count = z.int().min(0);

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

export const snapshotSchema = z.object({
  kind: z.literal("snapshot"),
  /** The version of the text. */
  version: count,
  fileName: z.string(),
  /** Whether these are the mappings of a live job of the provisioning service, and no job file. */
  live: z.boolean(),
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

export const offersSchema = z.object({
  kind: z.literal("offers"),
  functions: z.array(functionSchema),
  targets: z.object({ users: z.array(targetOfferSchema), groups: z.array(targetOfferSchema) }),
  /** Whether the targets are those of the service, or of the RFCs. */
  targetsFrom: z.string(),
  attributes: z.object({ users: z.array(z.string()), groups: z.array(z.string()) }),
  /** The clouds of Microsoft Graph, the global one first. */
  clouds: z.array(z.object({ name: z.string(), graphUrl: z.string() })),
  operators: z.array(z.object({ id: z.string(), operand: z.enum(["none", "text", "pattern", "integer"]) })),
});

export type Offers = z.infer<typeof offersSchema>;

import * as z from "zod";
import { kindSchema } from "./view.ts";

const count = z.int().min(0);

export const personSchema = z.object({ id: z.string(), name: z.string(), detail: z.string() });

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

export const resultsSchema = z.object({
  kind: z.literal("results"),
  version: count,
  table: kindSchema,
  person: personSchema,
  /** Where the object stands in the target: `found` is what the values are compared with, `absent` would be created. */
  counterpart: z.enum(["found", "absent", "gone", "several", "notRead"]),
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
  /** Whose value at the target would change; `null` as long as the target was not read. */
  changed: count.nullable(),
  errors: z.array(z.object({ message: z.string(), count })),
});

export type PopulationRow = z.infer<typeof populationRowSchema>;

export const populationSchema = z.object({
  kind: z.literal("population"),
  version: count,
  table: kindSchema,
  done: count,
  total: count,
  /** By index of the mapping row; `null` for rows that do not compile and for references. */
  rows: z.array(populationRowSchema.nullable()),
  /** Who is not in the target yet; `null` as long as it was not read. */
  absent: count.nullable(),
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

export const scopeSchema = z.object({
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

export const directorySchema = z.object({
  kind: z.literal("directory"),
  /** `unread`: it is read when a person asks for it. */
  state: z.enum(["loading", "ready", "failed", "restricted", "unread"]),
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

export const targetSchema = z.object({
  kind: z.literal("target"),
  table: kindSchema,
  state: z.enum(["reading", "read", "notRead"]),
  done: count,
  total: count.nullable(),
  readAt: z.string(),
  /** Why it was not read. */
  why: z.string(),
});

/** What is known of the target that results are compared with. */
export type TargetState = z.infer<typeof targetSchema>;

export const statusSchema = z.object({
  kind: z.literal("status"),
  state: z.enum(["broken", "disabled", "quarantined", "held", "failing", "running", "elsewhere", "on", "off"]),
  /** The state in words, then last and next cycle. */
  text: z.string(),
  detail: z.string(),
  /** Whether cycles run on the interval. */
  on: z.boolean(),
});

/** What the job does, as the Jobs view says it. */
export type JobStatus = z.infer<typeof statusSchema>;

export const testSchema = z.object({
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

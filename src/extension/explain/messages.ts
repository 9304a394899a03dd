import * as z from "zod";

/** A text of a directory or a service. Shown as text only, and never longer than a page can bear. */
const text = z.string().max(100_000);

const detailSchema = z.strictObject({
  name: text,
  value: text,
  passed: z.boolean().nullable(),
  /** What the last cycle decided. */
  before: z.strictObject({ value: text, passed: z.boolean().nullable() }).nullable(),
});

const stepSchema = z.strictObject({
  id: text,
  title: text,
  status: z.enum(["success", "skipped", "failure", "notReached"]),
  summary: text,
  details: z.array(detailSchema),
  durationMs: z.number().nullable(),
});

const requestSchema = z.strictObject({ method: text, path: text, body: text.nullable() });

/** Who is shown, and on which page: what brings the page back after a reload of the window. */
export const keptSchema = z.strictObject({
  file: text,
  who: text,
  targetId: text.nullable(),
  page: z.enum(["explain", "card"]),
});
export type Kept = z.infer<typeof keptSchema>;

/** What stands at the head of both pages. */
const headSchema = z.strictObject({
  name: text,
  job: text,
  connection: text,
  production: z.boolean(),
  /** When it was read, for a person, and how long that took. */
  readAt: text,
  tookMs: z.number(),
  answer: text,
  /** What the last cycle did for the object, and when the next begins; empty where neither is known. */
  cycles: text,
  /** What would be sent, in order. */
  requests: z.array(requestSchema),
  /** The words of the button that pushes; `null` when there is nothing to push. */
  push: text.nullable(),
  /** Whether the change can be put up for review with others. */
  pend: z.boolean(),
  /** Whether somebody was found. */
  found: z.boolean(),
});

const explanationSchema = z.strictObject({
  head: headSchema,
  steps: z.array(stepSchema),
  /** The head of the column of what the last cycle decided. */
  then: text,
});

const cardSchema = z.strictObject({
  head: headSchema,
  attributes: z.array(
    z.strictObject({
      path: text,
      source: text,
      mapped: text.nullable(),
      target: text.nullable(),
      state: z.enum(["same", "willChange", "accepted", "cannotChange", "onlyDuringCreation", "noValue", "failed"]),
    }),
  ),
  groups: z.array(
    z.strictObject({ name: text, inDirectory: z.boolean(), inTarget: z.boolean(), provisioned: z.boolean() }),
  ),
  operations: z.array(
    z.strictObject({
      title: text,
      detail: text,
      time: text,
      status: z.enum(["success", "failure", "skipped", "warning"]),
    }),
  ),
  identity: z.array(z.strictObject({ name: text, value: text })),
});

export type ExplanationPage = z.infer<typeof explanationSchema>;
export type CardPage = z.infer<typeof cardSchema>;
export type PageHead = z.infer<typeof headSchema>;

/** Everything that the extension tells the page. */
export const toWebviewSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("loading"), name: text, kept: keptSchema }),
  z.strictObject({ kind: z.literal("explanation"), page: explanationSchema }),
  z.strictObject({ kind: z.literal("card"), page: cardSchema }),
  z.strictObject({ kind: z.literal("error"), message: text }),
]);
export type ToWebview = z.infer<typeof toWebviewSchema>;

/** Everything that the page may ask of the extension. */
export const toHostSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("ready") }),
  z.strictObject({
    kind: z.literal("run"),
    action: z.enum(["refresh", "push", "pend", "explain", "card", "log", "copy"]),
  }),
]);
export type ToHost = z.infer<typeof toHostSchema>;

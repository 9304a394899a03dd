import * as z from "zod";
import type { Imprint } from "../directory/imprint.ts";
import type { Remembered } from "./imprintFile.ts";
import { loadImprint } from "./imprintFile.ts";
import type { StateFiles } from "./stateFiles.ts";
import { acceptedDeviationSchema } from "./deviation.ts";
import { makeStateFolder } from "../changes/stateFolder.ts";
import { readIfThere, writeAtomically } from "./stateFiles.ts";

/** What is known of one directory object's counterpart in the target. */
export interface Link {
  readonly targetId: string;
  /** Hash of everything that the last plan derived from the directory; the same hash means nothing moved. */
  readonly hash: string;
  /** `in` scope and provisioned, or `out`: deactivated or left alone since. */
  readonly scope: "in" | "out";
  /** Members or managers that did not exist in the target yet; tried again in every cycle. */
  readonly deferred?: true;
  /** Left the scope, and was found without access already, first at this time (epoch milliseconds); looked at once more before it counts as `out`. */
  readonly leaving?: number;
}

const linkLineSchema = z.object({
  type: z.enum(["User", "Group"]),
  sourceId: z.string(),
  targetId: z.string(),
  hash: z.string(),
  scope: z.enum(["in", "out"]),
  deferred: z.literal(true).optional(),
  leaving: z.number().optional(),
});

const time = z.iso.datetime();

const stateSchema = z.object({
  version: z.literal(1),
  /** Hash of mappings, scope and connection: another one starts an initial cycle. */
  fingerprint: z.string().optional(),
  lastCycle: z
    .object({
      id: z.string(),
      kind: z.enum(["initial", "incremental"]),
      startedAt: time,
      finishedAt: time,
      outcome: z.enum(["succeeded", "someFailed", "held", "failed", "stopped"]),
      message: z.string().optional(),
      summary: z.record(z.string(), z.number()),
    })
    .optional(),
  /** The end of the last cycle that ran whole: what the directory held then is known. */
  watermark: time.optional(),
  nextCycleAt: time.optional(),
  held: z.object({ since: time, reasons: z.array(z.string()) }).optional(),
  quarantine: z
    .object({
      reason: z.enum([
        "EncounteredQuarantineException",
        "EncounteredEscrowProportionThreshold",
        "EncounteredBaseEscrowThreshold",
        "EncounteredTotalEscrowThreshold",
      ]),
      message: z.string(),
      code: z.string().optional(),
      since: time,
      nextTryAt: time,
      tries: z.number().int().min(0),
      disabledAt: time,
    })
    .optional(),
  escrows: z
    .array(
      z.object({
        sourceId: z.string(),
        resourceType: z.enum(["User", "Group"]),
        name: z.string(),
        code: z.string(),
        message: z.string(),
        hash: z.string(),
        firstFailedAt: time,
        lastFailedAt: time,
        attempts: z.number().int().min(1),
        nextTryAt: time,
      }),
    )
    .default([]),
  /** Differences of the target that a person lets be. */
  accepted: z.array(acceptedDeviationSchema).optional(),
  removals: z.array(z.object({ at: time, count: z.number().int().min(0), group: z.string().optional() })).default([]),
  /** The last push of the journal whose results are in the links. */
  lastPush: z.string().optional(),
  /** What was last told to a person, so that it is told once. */
  notified: z.enum(["healthy", "failure", "held", "quarantine", "disabled"]).optional(),
});

export type JobStateRecord = z.infer<typeof stateSchema>;

/** A state file that cannot be read; names the file and what to do. */
export class JobStateError extends Error {
  readonly code = "jobState";
  constructor(file: string, problem: string) {
    super(
      `${file}: ${problem}. Restore the file from a backup, or move it away to start with an initial cycle (people are then matched anew; nobody is removed).`,
    );
  }
}

/** State and links of one job, in memory. */
export class JobState {
  record: JobStateRecord;
  readonly users: Map<string, Link>;
  readonly groups: Map<string, Link>;
  readonly #earlier: () => Promise<Remembered | undefined>;
  #remembered: Remembered | undefined;

  constructor(
    record?: JobStateRecord,
    users?: Map<string, Link>,
    groups?: Map<string, Link>,
    earlier: () => Promise<Remembered | undefined> = () => Promise.resolve(undefined),
  ) {
    this.#earlier = earlier;
    this.record = record ?? { version: 1, escrows: [], removals: [] };
    this.users = users ?? new Map<string, Link>();
    this.groups = groups ?? new Map<string, Link>();
  }

  /** What is remembered of the directory, when it was remembered under the same mapping, scope and connection. */
  async imprint(fingerprint: string): Promise<Imprint | undefined> {
    this.#remembered ??= await this.#earlier();
    return this.#remembered?.fingerprint === fingerprint ? this.#remembered.imprint : undefined;
  }

  /** Remembers the directory for the next plan. */
  remember(remembered: Remembered): void {
    this.#remembered = remembered;
  }

  /** The links of one resource type, by source id. */
  links(resourceType: "User" | "Group"): Map<string, Link> {
    return resourceType === "User" ? this.users : this.groups;
  }

  /** Number of objects under management: linked and in scope. */
  get managed(): number {
    return this.countIn("User") + this.countIn("Group");
  }

  /** Number of objects of one type that are linked and in scope. */
  countIn(resourceType: "User" | "Group"): number {
    let count = 0;
    for (const link of this.links(resourceType).values()) if (link.scope === "in") count += 1;
    return count;
  }
}

/**
 * Reads a job's state; a job that never ran has an empty one.
 *
 * @throws JobStateError when a file is damaged: links are never guessed, since a lost link is a person who is not removed.
 */
export async function loadJobState(files: StateFiles): Promise<JobState> {
  const [stateText, linksText] = await Promise.all([readIfThere(files.state), readIfThere(files.links)]);
  const record = stateText === undefined ? undefined : parseState(files.state, stateText);
  const state = new JobState(record, undefined, undefined, () => loadImprint(files.imprint));
  if (linksText !== undefined) readLinks(files.links, linksText, state);
  return state;
}

/** Writes state and links; each file is replaced as a whole. */
export async function saveJobState(files: StateFiles, state: JobState): Promise<void> {
  await makeStateFolder(files.directory);
  await writeAtomically(files.links, linkLines(state));
  await writeAtomically(files.state, [`${JSON.stringify(state.record, undefined, 2)}\n`]);
}

/**
 * Reads what is known of a job without its links, for views.
 *
 * @throws JobStateError when the file is damaged
 */
export async function loadJobRecord(files: StateFiles): Promise<JobStateRecord> {
  const text = await readIfThere(files.state);
  return text === undefined ? new JobState().record : parseState(files.state, text);
}

function parseState(file: string, text: string): JobStateRecord {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new JobStateError(file, "is no valid JSON");
  }
  const parsed = stateSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new JobStateError(file, `${issue?.path.join(".") ?? ""}: ${issue?.message ?? "has another shape"}`);
}

function readLinks(file: string, text: string, state: JobState): void {
  let start = 0;
  for (let line = 1; start < text.length; line += 1) {
    const end = text.indexOf("\n", start);
    const content = text.slice(start, end === -1 ? undefined : end);
    start = end === -1 ? text.length : end + 1;
    if (content === "") continue;
    const parsed = linkLineSchema.safeParse(parseJson(content));
    if (!parsed.success) throw new JobStateError(file, `line ${line} is no link`);
    const { type, sourceId, targetId, hash, scope, deferred, leaving } = parsed.data;
    const marks = { ...(deferred && { deferred }), ...(leaving && { leaving }) };
    state.links(type).set(sourceId, { targetId, hash, scope, ...marks });
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function* linkLines(state: JobState): Generator<string> {
  for (const type of ["User", "Group"] as const) {
    let chunk = "";
    for (const [sourceId, link] of state.links(type)) {
      chunk += `${JSON.stringify({ type, sourceId, ...link })}\n`;
      if (chunk.length > 1_000_000) {
        yield chunk;
        chunk = "";
      }
    }
    yield chunk;
  }
}

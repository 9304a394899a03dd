import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { makeStateFolder } from "../../changes/stateFolder.ts";
import type { Plan } from "../../provisioning/plan.ts";
import { parsePlan, planJson } from "../../provisioning/planFile.ts";
import { readIfThere, writeAtomically } from "../../provisioning/stateFiles.ts";
import type { PendingChange } from "../changes/pendingChange.ts";
import { planned } from "./planChanges.ts";
import type { ShownPlan } from "./view/jobRows.ts";

/** What a person has decided about a plan, apart from the plan, which is large and is written once. */
const reviewSchema = z.object({
  version: z.literal(1),
  /** Which plan it is about: when that was made. */
  createdAt: z.iso.datetime(),
  /** The address that the plan is for; a job that was pointed elsewhere since has no plan. */
  baseUrl: z.string(),
  compared: z.literal(true).exactOptional(),
  guard: z.object({ held: z.boolean(), reasons: z.array(z.string()), removals: z.array(z.string()) }),
  /** The changes that wait; what is not here was pushed or discarded. */
  waiting: z.array(
    z.object({
      id: z.string(),
      excluded: z.literal(true).exactOptional(),
      /** Held by the deletion guard; `false` once a person has accepted it. */
      held: z.boolean().exactOptional(),
      problem: z.object({ kind: z.enum(["failed", "unknown", "replanned"]), message: z.string() }).exactOptional(),
    }),
  ),
});
type Review = z.infer<typeof reviewSchema>;

/** Each plan has a file of its own: one that a cut-off push leaves behind takes the place of no plan under review. */
const planFile = ({ createdAt }: Pick<Plan, "createdAt">): string => `plan-${createdAt.replaceAll(/\D/g, "")}.json`;
const isPlanFile = (name: string): boolean => /^plan-\d+\.json$/.test(name);
const reviewFile = (stateDir: string): string => join(stateDir, "review.json");

/** Keeps a plan for a later window, in the job's state folder, which only its owner can read. */
export async function keepPlan(stateDir: string, plan: Plan): Promise<void> {
  await makeStateFolder(stateDir);
  await writeAtomically(join(stateDir, planFile(plan)), [planJson(plan)]);
}

/** Keeps what is decided about a plan that is kept, and forgets older plans. */
export async function keepReview(
  stateDir: string,
  baseUrl: string,
  { plan, guard, compared }: ShownPlan,
  changes: readonly PendingChange[],
): Promise<void> {
  const review: Review = {
    version: 1,
    createdAt: plan.createdAt,
    baseUrl,
    ...(compared && { compared }),
    guard: { held: guard.held, reasons: [...guard.reasons], removals: [...guard.removals] },
    waiting: changes.map(({ change, excluded, held, problem }) => ({
      id: change.id,
      ...(excluded && { excluded }),
      ...(held !== undefined && { held }),
      ...(problem !== undefined &&
        problem.kind !== "conflict" && { problem: { kind: problem.kind, message: problem.message } }),
    })),
  };
  await makeStateFolder(stateDir);
  await writeAtomically(reviewFile(stateDir), [JSON.stringify(review)]);
  await removePlans(stateDir, (name) => name < planFile(plan));
}

/** Forgets what is kept. */
export async function forgetPlan(stateDir: string): Promise<void> {
  await rm(reviewFile(stateDir), { force: true });
  await removePlans(stateDir, () => true);
}

async function removePlans(stateDir: string, which: (name: string) => boolean): Promise<void> {
  const names = await readdir(stateDir).catch(() => []);
  const old = names.filter((name) => isPlanFile(name) && which(name));
  await Promise.all(old.map((name) => rm(join(stateDir, name), { force: true })));
}

/** A plan of an earlier window, with what was decided about it. */
export interface KeptPlan {
  readonly shown: ShownPlan;
  readonly changes: readonly PendingChange[];
}

/**
 * Reads what is kept of a job's plan.
 *
 * @param file the job file
 * @param baseUrl the address that the job provisions now
 * @returns `undefined` where nothing whole is kept, or for another address: a plan can always be made again
 */
export async function readKeptPlan(file: string, stateDir: string, baseUrl: string): Promise<KeptPlan | undefined> {
  const review = parseReview(await readIfThere(reviewFile(stateDir)));
  if (review?.baseUrl !== baseUrl) return undefined;
  const plan = parseKeptPlan(await readIfThere(join(stateDir, planFile(review))));
  if (plan === undefined) return undefined;
  const decided = new Map(review.waiting.map((each) => [each.id, each]));
  const left = plan.changes.filter(({ id }) => decided.has(id));
  const changes = planned(file, { ...plan, changes: left }, review.guard).map((fresh): PendingChange => {
    const { excluded, held, problem } = decided.get(fresh.change.id) ?? {};
    const { held: _held, ...rest } = fresh;
    return {
      ...rest,
      ...(excluded && { excluded }),
      ...(held !== undefined && { held }),
      ...(problem !== undefined && { problem }),
    };
  });
  const shown = { plan: { ...plan, changes: left }, guard: review.guard, kept: true as const };
  return { shown: { ...shown, ...(review.compared && { compared: true as const }) }, changes };
}

function parseReview(text: string | undefined): Review | undefined {
  try {
    return reviewSchema.parse(JSON.parse(text ?? ""));
  } catch {
    return undefined;
  }
}

function parseKeptPlan(text: string | undefined): Plan | undefined {
  try {
    return parsePlan(text ?? "", "the kept plan");
  } catch {
    return undefined;
  }
}

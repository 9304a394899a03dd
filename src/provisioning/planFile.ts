import * as z from "zod";
import { changeSchema } from "../changes/changeFile.ts";
import type { Plan } from "./plan.ts";

const count = z.int().min(0);

const planSchema = z.object({
  job: z.string(),
  cycle: z.enum(["initial", "incremental"]),
  createdAt: z.iso.datetime(),
  summary: z.object({
    create: count,
    update: count,
    deactivate: count,
    delete: count,
    skip: count,
    unchanged: count.default(0),
  }),
  changes: z.array(changeSchema),
  skips: z.array(
    z.object({
      sourceId: z.string(),
      resourceType: z.enum(["User", "Group"]),
      name: z.string(),
      reason: z.string(),
      detail: z.string(),
    }),
  ),
  drift: z.array(z.string()).exactOptional(),
  removalsWithheld: z.string().exactOptional(),
  notes: z.array(z.string()).exactOptional(),
});

/** A file that is no plan; says what is wrong where. */
export class PlanFileError extends Error {
  readonly code = "planFile";
}

/** A plan as one JSON document. Equal plans give equal bytes. */
export function planJson(plan: Plan): string {
  return `${JSON.stringify(plan, undefined, 2)}\n`;
}

/**
 * Reads a saved plan.
 *
 * @param file its name, for messages
 * @throws PlanFileError when the text is no plan
 */
export function parsePlan(text: string, file: string): Plan {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new PlanFileError(
      `${file} is no JSON: ${error instanceof Error ? error.message : String(error)}. Make the plan again.`,
    );
  }
  const parsed = planSchema.safeParse(value);
  if (parsed.success) return parsed.data as Plan;
  const faults = parsed.error.issues.slice(0, 5).map(({ path, message }) => `${path.join(".")}: ${message}`);
  throw new PlanFileError(`${file} is no plan: ${faults.join("; ")}. Make the plan again with: plan JOB --out ${file}`);
}

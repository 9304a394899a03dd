import * as z from "zod";
import type { Change, ChangeRequest } from "./change.ts";
import { ChangeError } from "./changeError.ts";

const documentSchema = z.record(z.string(), z.unknown());

/** A path below the base URL: no scheme, no host, no `..`, so that a file cannot lead the token elsewhere. */
const pathSchema = z
  .string()
  .regex(/^\/(Users|Groups|ServicePrincipals)(\/[^/?#\s]+|\/\{.+\})?$/, "is no path of a resource, such as /Users/42")
  .refine((path) => !/^\/\w+\/\.{1,2}$/.test(path), "is no path of a resource, such as /Users/42");

/** One request of a saved change. */
export const changeRequestSchema: z.ZodType<ChangeRequest> = z.object({
  method: z.enum(["POST", "PUT", "PATCH", "DELETE"]),
  path: pathSchema,
  body: z.unknown().optional(),
});

/** A change as it stands in a saved plan and in the journal (INTERFACES: plan as JSON). */
export const changeSchema: z.ZodType<Change> = z.object({
  id: z.string().min(1),
  action: z.enum(["create", "update", "deactivate", "delete"]),
  resourceType: z.enum(["User", "Group", "ServicePrincipal"]),
  name: z.string(),
  sourceId: z.string().exactOptional(),
  targetId: z.string().exactOptional(),
  before: documentSchema.exactOptional(),
  after: documentSchema.exactOptional(),
  requests: z.array(changeRequestSchema),
  reason: z.string(),
  notes: z.array(z.string()).exactOptional(),
});

/**
 * Reads the changes of a saved plan.
 *
 * @param value the parsed JSON of the `changes` list
 * @throws ChangeError `invalidChanges` that names every fault with its JSON path
 */
export function parseChanges(value: unknown): readonly Change[] {
  const parsed = z.array(changeSchema).safeParse(value);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.slice(0, 20).map(({ path, message }) => `changes[${path.join(".")}]: ${message}`);
  const more = parsed.error.issues.length - faults.length;
  if (more > 0) faults.push(`and ${more} more`);
  throw new ChangeError("invalidChanges", `These are no changes of a plan. ${faults.join("; ")}. Make the plan again.`);
}

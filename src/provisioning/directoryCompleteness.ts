import type { Completeness } from "../directory/source.ts";
import type { JobState } from "./jobState.ts";

/**
 * A directory without any user, or any group, is never believed while some are linked: it once made tools remove a whole
 * company.
 *
 * @param held how many the directory holds of each kind that the job provisions
 */
export function completenessOf(
  own: Completeness,
  held: Readonly<Record<"User" | "Group", number | undefined>>,
  state: JobState,
): Completeness {
  if (!own.complete) return own;
  for (const type of ["User", "Group"] as const) {
    const linked = state.countIn(type);
    if (held[type] !== 0 || linked === 0) continue;
    const [noun, verb] = [type === "User" ? "user" : "group", linked === 1 ? "is" : "are"];
    return { complete: false, reason: `The directory holds no ${noun}, and ${linked} ${verb} linked.` };
  }
  return own;
}

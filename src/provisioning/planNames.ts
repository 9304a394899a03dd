import { placeholder } from "../changes/reference.ts";
import type { Plan } from "./plan.ts";

/** What a person calls a user of the target, by id; `undefined` for one that nobody knows. */
export type Names = (id: string) => string | undefined;

/** Names of the objects that a plan creates, by the placeholder that stands for their id. */
export function namesOfCreates(plan: Pick<Plan, "changes">): Names {
  const names = new Map<string, string>();
  for (const { action, id, sourceId, name } of plan.changes) {
    if (action === "create") names.set(placeholder(sourceId ?? id), name);
  }
  return (id) => names.get(id);
}

/** The first name that any of several sources has. */
export function firstName(...sources: readonly Names[]): Names {
  return (id) => {
    for (const names of sources) {
      const name = names(id);
      if (name !== undefined) return name;
    }
    return undefined;
  };
}

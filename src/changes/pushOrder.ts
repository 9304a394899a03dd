import type { Change } from "./change.ts";
import { resourcePath } from "./reference.ts";

/**
 * A part of a change that is sent in one go. A create that needs more than its POST is sent in two steps, since what
 * refers to other new objects has to wait for them.
 */
export interface Step {
  readonly change: Change;
  /** `create`: the POST; `rest`: what follows it; `whole`: all requests of any other change. */
  readonly part: "create" | "rest" | "whole";
}

/** Steps on one object, which are sent one after the other. */
export type Chain = readonly Step[];

const phases = 5;

/**
 * Puts changes in the order of their dependencies: new users, new groups (with the members that are there), updates and
 * memberships, deactivations, deletions. Each phase ends before the next one begins; within a phase every chain is one
 * object and chains are independent of each other. The order is the same for the same changes.
 */
export function orderChanges(changes: readonly Change[]): readonly (readonly Chain[])[] {
  const ordered = Array.from({ length: phases }, () => new Map<string, Step[]>());
  const put = (phase: number, key: string, step: Step) => {
    const chains = ordered[phase];
    const chain = chains?.get(key);
    if (chain) chain.push(step);
    else chains?.set(key, [step]);
  };
  for (const change of changes) {
    const key = change.targetId === undefined ? change.id : resourcePath(change.resourceType, change.targetId);
    if (change.action !== "create") put(phaseOf(change), key, { change, part: "whole" });
    else {
      put(phaseOf(change), key, { change, part: "create" });
      if (change.requests.length > 1) put(2, key, { change, part: "rest" });
    }
  }
  return ordered.map((chains) => [...chains.values()]);
}

function phaseOf(change: Change): number {
  switch (change.action) {
    case "create":
      return change.resourceType === "Group" ? 1 : 0;
    case "update":
      return 2;
    case "deactivate":
      return 3;
    case "delete":
      return 4;
  }
}

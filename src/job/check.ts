import { operandKind } from "../scope/rules.ts";
import type { Job, JobObject } from "./job.ts";

/** Something that each value alone does not show. */
export interface CheckProblem {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** Attributes that the provisioning service does not take in scoping filters (entra documentation, known limitations). */
const unusableInFilters = new Set(["members", "manager", "approleassignments"]);

/** The rules of a job that span several values, each with the place to mend. */
export function checkJob(job: Job): CheckProblem[] {
  return [...checkDirectory(job), ...checkScope(job), ...checkObject(job, "users"), ...checkObject(job, "groups")];
}

function* checkDirectory(job: Job): Generator<CheckProblem> {
  if (!job.users.enabled && !job.groups.enabled) {
    yield {
      path: ["users"],
      message: "Neither users nor groups are provisioned. Set users.enabled to true and add mappings.",
    };
  }
  const { directory } = job;
  if (directory.type !== "csv") return;
  if (job.scope.mode === "assigned" && directory.assignments === undefined) {
    yield {
      path: ["directory"],
      message:
        'Nobody would be in scope: scope.mode is "assigned" and the directory has no "assignments" file. Add the file, or set scope.mode to "all".',
    };
  }
  if (directory.members !== undefined && directory.groups === undefined) {
    yield {
      path: ["directory", "members"],
      message: 'Members need their groups. Add "groups", the file that names them.',
    };
  }
}

function* checkScope(job: Job): Generator<CheckProblem> {
  for (const kind of ["users", "groups"] as const) {
    for (const [groupIndex, group] of job.scope[kind].entries()) {
      for (const [index, clause] of group.clauses.entries()) {
        const path = ["scope", kind, groupIndex, "clauses", index];
        const operand = operandKind(clause.operator);
        if (unusableInFilters.has(clause.attribute.toLowerCase())) {
          yield {
            path: [...path, "attribute"],
            message: `"${clause.attribute}" cannot be used in a scoping filter: it is a reference or has several values.`,
          };
        }
        if (operand === "none" && clause.value !== undefined) {
          yield { path: [...path, "value"], message: `${clause.operator} takes no value. Remove it.` };
        }
        if (operand !== "none" && clause.value === undefined) {
          yield { path, message: `${clause.operator} needs a "value".` };
        }
        if (operand === "integer" && clause.value !== undefined && !/^\d+$/.test(clause.value)) {
          yield {
            path: [...path, "value"],
            message: `${clause.operator} compares whole numbers from 0; "${clause.value}" is none.`,
          };
        }
      }
    }
  }
}

function* checkObject(job: Job, kind: "users" | "groups"): Generator<CheckProblem> {
  const object: JobObject = job[kind];
  if (!object.enabled) return;
  if (!object.mappings.some((mapping) => mapping.matching !== undefined)) {
    yield {
      path: [kind, "mappings"],
      message: `No mapping of ${kind} has "matching". Set "matching": 1 on the one that tells who is who in the service.`,
    };
  }
  const targets = new Map<string, string>();
  const precedences = new Map<number, string>();
  for (const [index, mapping] of object.mappings.entries()) {
    const path = [kind, "mappings", index];
    const target = mapping.target.toLowerCase();
    if (targets.has(target))
      yield { path: [...path, "target"], message: `"${mapping.target}" is mapped twice. Remove one of the rows.` };
    targets.set(target, mapping.target);
    if (target === "id")
      yield { path: [...path, "target"], message: '"id" is given by the service and cannot be mapped.' };
    if (mapping.matching === undefined) continue;
    const other = precedences.get(mapping.matching);
    if (other !== undefined) {
      yield {
        path: [...path, "matching"],
        message: `Precedence ${mapping.matching} is taken by "${other}". Give each matching attribute its own.`,
      };
    }
    precedences.set(mapping.matching, mapping.target);
  }
}

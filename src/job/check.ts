import { HttpError } from "../http/errors.ts";
import { checkMappings } from "../mapping/compileMappings.ts";
import type { MappingProblem } from "../mapping/mapping.ts";
import { normalizeBaseUrl } from "../scim/baseUrl.ts";
import { dialectFor } from "../scim/dialects/dialects.ts";
import { ClauseError, compileClause } from "../scope/clause.ts";
import type { Clause } from "../scope/rules.ts";
import type { Job, JobMapping } from "./job.ts";

/** Something that each value alone does not show. */
export interface CheckProblem {
  readonly path: readonly PropertyKey[];
  readonly message: string;
  /** 0-based place within the text at `path`, where one part of it is at fault. */
  readonly position?: number;
}

/** Attributes that the provisioning service does not take in scoping filters (entra documentation, known limitations). */
const unusableInFilters = new Set(["members", "manager", "approleassignments"]);

/** The rules of a job that span several values, each with the place to mend. */
export function checkJob(job: Job): CheckProblem[] {
  return [
    ...checkConnection(job),
    ...checkDirectory(job),
    ...checkScope(job),
    ...checkObject(job, "users"),
    ...checkObject(job, "groups"),
  ];
}

function* checkConnection(job: Job): Generator<CheckProblem> {
  const services = [{ path: ["connection", "baseUrl"], baseUrl: job.connection.baseUrl }];
  if (job.directory.type === "scim") services.push({ path: ["directory", "baseUrl"], baseUrl: job.directory.baseUrl });
  for (const { path, baseUrl } of services) {
    try {
      normalizeBaseUrl(baseUrl);
    } catch (error) {
      if (!(error instanceof HttpError)) throw error;
      yield { path, message: error.message };
    }
  }
}

function* checkDirectory(job: Job): Generator<CheckProblem> {
  if (!job.users.enabled && !job.groups.enabled) {
    yield {
      path: ["users"],
      message: "Neither users nor groups are provisioned. Set users.enabled to true and add mappings.",
    };
  }
  const { directory } = job;
  if (directory.type === "scim" && job.scope.mode === "assigned") {
    yield {
      path: ["scope"],
      message: 'Nobody would be in scope: a SCIM service has no assignments. Set scope.mode to "all".',
    };
  }
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
        if (unusableInFilters.has(clause.attribute.toLowerCase())) {
          yield {
            path: [...path, "attribute"],
            message: `"${clause.attribute}" cannot be used in a scoping filter: it is a reference or has several values.`,
          };
        }
        const fault = clauseFault(clause);
        if (fault !== undefined) yield { path: clause.value === undefined ? path : [...path, "value"], message: fault };
      }
    }
  }
}

function clauseFault(clause: Clause): string | undefined {
  try {
    compileClause(clause);
    return undefined;
  } catch (error) {
    if (error instanceof ClauseError) return error.message;
    throw error;
  }
}

function* checkObject(job: Job, kind: "users" | "groups"): Generator<CheckProblem> {
  const { enabled, mappings } = job[kind];
  if (!enabled) return;
  const resourceType = kind === "users" ? "User" : "Group";
  const dialect = dialectFor(job.connection.dialect, job.connection.baseUrl);
  for (const problem of checkMappings(mappings, { resourceType, dialect }).problems) {
    if (problem.severity === "error") yield inJob(kind, mappings, problem);
  }
}

/** A problem of a mapping table at its place in the job file. */
function inJob(
  kind: string,
  mappings: readonly JobMapping[],
  { row, field, message, position }: MappingProblem,
): CheckProblem {
  const table = [kind, "mappings"];
  const mapping = row === undefined ? undefined : mappings[row];
  if (row === undefined || mapping === undefined) return { path: table, message };
  const within = field === "source" ? ["source", ...Object.keys(mapping.source)] : [field];
  const path = field === "rows" ? [...table, row] : [...table, row, ...within];
  return position === undefined
    ? { path, message }
    : { path, message: `At character ${position + 1}: ${message}`, position };
}

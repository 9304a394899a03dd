import type { Job } from "../../job/job.ts";
import type { JobReading } from "../../job/load.ts";
import type { JobProblem } from "../../job/problem.ts";
import type { MappingProblem } from "../../mapping/mapping.ts";
import { sameJson } from "../../scim/values.ts";
import type { JobView, RowProblem, Snapshot } from "./messages/job.ts";
import { type Kind, type PageId, pageIds } from "./messages/view.ts";

/** What a snapshot is made of. */
export interface SnapshotInput {
  readonly version: number;
  readonly fileName: string;
  readonly live: boolean;
  readonly locked: Snapshot["locked"];
  readonly reading: JobReading;
  /** The last reading that was a job, shown while the text is broken. */
  readonly lastGood: Job | undefined;
  readonly saved: Job | undefined;
  /** Everything wrong or doubtful in a mapping table. */
  readonly check: (job: Job, kind: Kind) => readonly MappingProblem[];
  readonly connection: Snapshot["connection"];
}

/** Everything that the page needs of the document, at one version of it. */
export function makeSnapshot(input: SnapshotInput): Snapshot {
  const { version, fileName, live, locked, reading, saved, connection } = input;
  const job = reading.draft ?? input.lastGood;
  const broken = reading.draft === undefined ? reading.problems[0] : undefined;
  const table = (kind: Kind) => tableOf(job, saved, kind, job === undefined ? [] : input.check(job, kind));
  return {
    kind: "snapshot",
    version,
    fileName,
    live,
    ...(locked !== undefined && { locked }),
    ...(broken && { broken: { line: broken.line, column: broken.column, message: brokenMessage(broken) } }),
    job: job === undefined ? null : viewOf(job),
    tables: { users: table("users"), groups: table("groups") },
    problems: reading.problems
      .filter(({ path }) => !/^(?:users|groups)\.mappings\[/.test(path))
      .map(({ path, message }) => ({ path, message })),
    edited: job === undefined || saved === undefined ? [] : pageIds.filter((page) => !samePage(job, saved, page)),
    ...(connection && { connection }),
  };
}

const brokenMessage = ({ path, message }: JobProblem): string => (path === "" ? message : `${path}: ${message}`);

function viewOf({ name, connection, directory, scope, users, groups, settings }: Job): JobView {
  return {
    name,
    connection,
    directory: { ...directory },
    scope: {
      ...scope,
      users: scope.users.map((group) => ({ ...group, clauses: group.clauses.map((clause) => ({ ...clause })) })),
      groups: scope.groups.map((group) => ({ ...group, clauses: group.clauses.map((clause) => ({ ...clause })) })),
    },
    users,
    groups,
    settings,
  };
}

function samePage(job: Job, saved: Job, page: PageId): boolean {
  if (page === "settings") return sameJson(job.settings, saved.settings) && job.name === saved.name;
  return sameJson(job[page], saved[page]);
}

function tableOf(
  job: Job | undefined,
  saved: Job | undefined,
  kind: Kind,
  problems: readonly MappingProblem[],
): Snapshot["tables"]["users"] {
  const before = new Map(saved?.[kind].mappings.map((mapping) => [mapping.target.toLowerCase(), mapping]));
  return {
    rows: (job?.[kind].mappings ?? []).map((mapping, index) => ({
      edited: saved !== undefined && !sameJson(mapping, before.get(mapping.target.toLowerCase())),
      problems: problems.filter(({ row }) => row === index).map(problemView),
    })),
    problems: problems.filter(({ row }) => row === undefined).map(problemView),
  };
}

function problemView({ field, severity, message, position, length }: MappingProblem): RowProblem {
  return {
    field,
    severity,
    message,
    ...(position !== undefined && { position }),
    ...(length !== undefined && { length }),
  };
}

import type { JobInput } from "../../job/job.ts";
import { defaultMappings } from "../../mapping/defaults.ts";
import type { Dialect } from "../../scim/dialects/dialect.ts";

/** What a person decides about a new job. */
export interface NewJob {
  readonly name: string;
  readonly baseUrl: string;
  readonly dialect: Dialect["id"];
  readonly directory: JobInput["directory"];
  readonly mode: "assigned" | "all";
}

/** The text of a new job file: the dialect's default mappings, and the guards at their defaults. */
export function newJobText({ name, baseUrl, dialect, directory, mode }: NewJob): string {
  const { users, groups } = defaultMappings[dialect];
  const job: JobInput = {
    name,
    connection: { baseUrl, dialect },
    directory,
    scope: { mode, defaultAccess: "exclude", users: [], groups: [] },
    users: { enabled: true, actions: ["create", "update", "delete"], mappings: structuredClone([...users]) },
    groups: { enabled: true, actions: ["create", "update", "delete"], mappings: structuredClone([...groups]) },
    settings: {
      intervalMinutes: 40,
      leavingScope: "deactivate",
      deletionGuard: { enabled: true, count: 5, percent: 2 },
    },
  };
  return `${JSON.stringify(job, undefined, 2)}\n`;
}

/** A file name from a job's name: lower case, words joined by hyphens, safe on every system. */
export function fileNameOf(name: string): string {
  const plain = name
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 60);
  return plain === "" ? "job" : plain;
}

/** The CSV files that belong to a file of users, by their names: `groups.csv`, `members.csv`, `assignments.csv` beside it. */
export function csvSiblings(
  users: string,
  siblings: readonly string[],
): { groups?: string; members?: string; assignments?: string } {
  const folder = users.includes("/") ? users.slice(0, users.lastIndexOf("/") + 1) : "";
  const find = (kind: string) => siblings.find((path) => path.toLowerCase() === `${folder}${kind}.csv`.toLowerCase());
  const [groups, members, assignments] = [find("groups"), find("members"), find("assignments")];
  return {
    ...(groups !== undefined && { groups }),
    ...(members !== undefined && { members }),
    ...(assignments !== undefined && { assignments }),
  };
}

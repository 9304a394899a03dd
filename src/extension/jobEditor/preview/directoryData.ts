import { openDirectory } from "../../../directory/open.ts";
import type { DirectorySettings } from "../../../directory/settings.ts";
import type { Assignment, DirectoryGroup, DirectoryProblem, DirectoryUser } from "../../../directory/source.ts";
import { DirectoryError } from "../../../directory/source.ts";
import type { TokenProvider } from "../../../http/token.ts";

/** A directory held in memory, so that an edit is answered at once. */
export interface DirectoryData {
  readonly description: string;
  readonly users: readonly DirectoryUser[];
  readonly groups: readonly DirectoryGroup[];
  readonly groupsById: ReadonlyMap<string, DirectoryGroup>;
  readonly assignments: readonly Assignment[];
  readonly problems: readonly DirectoryProblem[];
  /** Every attribute that any object has, in the order of their first appearance. */
  readonly attributes: { readonly users: readonly string[]; readonly groups: readonly string[] };
  readonly readAt: Date;
}

const notRead =
  "The editor does not read Microsoft Entra ID, so it has no people to try mappings and scope on. " +
  "Preview Provisioning and Explain read it.";

/**
 * Reads a directory as a whole.
 * @param baseDir the folder of the job file.
 * @throws DirectoryError when it cannot be read at all; HttpError for a SCIM directory.
 */
export async function readDirectory(
  settings: DirectorySettings,
  baseDir: string,
  token?: TokenProvider,
): Promise<DirectoryData> {
  // A tenant is read by what a job does, not by a file that is looked at.
  if (settings.type === "graph") throw new DirectoryError([{ message: notRead, severity: "error" }]);
  await using directory = openDirectory(settings, { baseDir, ...(token && { scim: { token } }) });
  const read = directory.source.read();
  const users: DirectoryUser[] = [];
  const groups: DirectoryGroup[] = [];
  const assignments: Assignment[] = [];
  for await (const batch of read.users()) users.push(...batch);
  for await (const batch of read.groups()) groups.push(...batch);
  for await (const batch of read.assignments()) assignments.push(...batch);
  return {
    description: directory.source.description,
    users,
    groups,
    groupsById: new Map(groups.map((group) => [group.id, group])),
    assignments,
    problems: read.problems(),
    attributes: { users: attributesOf(users), groups: attributesOf(groups) },
    readAt: new Date(),
  };
}

function attributesOf(objects: readonly { readonly attributes: object }[]): string[] {
  const names = new Set<string>();
  for (const { attributes } of objects) for (const name in attributes) names.add(name);
  return [...names];
}

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { onTestFinished } from "vitest";
import {
  type Assignment,
  type Completeness,
  describeDirectoryProblem,
  type DirectoryGroup,
  type DirectoryRead,
  type DirectoryUser,
} from "../../src/directory/source.ts";

/** A folder with these files, removed when the test ends. */
export async function temporaryFolder(files: Readonly<Record<string, string | Uint8Array>> = {}): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), "directory-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const [name, content] of Object.entries(files)) await writeFile(path.join(folder, name), content);
  return folder;
}

/** Everything that one read gives. */
export interface WholeRead {
  readonly users: DirectoryUser[];
  readonly groups: DirectoryGroup[];
  readonly assignments: Assignment[];
  /** Problems as lines of text; warnings start with `warning: `. */
  readonly problems: string[];
  readonly completeness: Completeness;
}

/** Consumes the three streams of a read, in an order. */
export async function readWhole(
  read: DirectoryRead,
  order: readonly ("users" | "groups" | "assignments")[] = ["users", "groups", "assignments"],
): Promise<WholeRead> {
  const whole: Pick<WholeRead, "users" | "groups" | "assignments"> = { users: [], groups: [], assignments: [] };
  for (const stream of order) {
    if (stream === "users") for await (const batch of read.users()) whole.users.push(...batch);
    if (stream === "groups") for await (const batch of read.groups()) whole.groups.push(...batch);
    if (stream === "assignments") for await (const batch of read.assignments()) whole.assignments.push(...batch);
  }
  const problems = read.problems().map((problem) => {
    const text = describeDirectoryProblem(problem);
    return problem.severity === "warning" ? `warning: ${text}` : text;
  });
  return { ...whole, problems, completeness: read.completeness() };
}

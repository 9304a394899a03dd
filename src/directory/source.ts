/** A value of a directory attribute; absent means null. Lists hold texts. */
export type SourceValue = string | number | boolean | readonly string[];

/** Attributes by their directory names (`userPrincipalName`, `department`, …). Nothing is inherited: `constructor` is absent. */
export type SourceAttributes = Readonly<Record<string, SourceValue>>;

export interface DirectoryUser {
  readonly id: string;
  readonly attributes: SourceAttributes;
  /** Where it was read, for messages: `users.csv:12`. */
  readonly location?: string;
}

export interface DirectoryGroup {
  readonly id: string;
  readonly attributes: SourceAttributes;
  /** Ids of direct members: users, or groups (nested). */
  readonly members: readonly string[];
  readonly location?: string;
}

/** One app role assignment. The role `Default Access`, or an empty one, does not entitle (scope.defaultAccess). */
export interface Assignment {
  readonly principalId: string;
  readonly principalType: "User" | "Group";
  readonly appRole: string;
  /** What the application calls the role; absent where the directory knows the name alone. */
  readonly appRoleValue?: string;
}

/** Something wrong in a directory: what, where (file, line, column name) and how to mend it. */
export interface DirectoryProblem {
  readonly message: string;
  readonly file?: string;
  readonly line?: number;
  readonly field?: string;
  /** `error`: the read is not complete, so no removal may be planned from it. */
  readonly severity: "error" | "warning";
}

/** A problem as one line of text: `users.csv:12 department: message`. */
export function describeDirectoryProblem({ file, line, field, message }: DirectoryProblem): string {
  const place = [file === undefined ? undefined : line === undefined ? file : `${file}:${line}`, field];
  const shown = place.filter((part) => part !== undefined).join(" ");
  return shown === "" ? message : `${shown}: ${message}`;
}

/** A directory that cannot be read at all: a missing file, a wrong encoding, a header without `id`. Holds every problem found. */
export class DirectoryError extends Error {
  readonly code = "directoryUnreadable";
  readonly problems: readonly DirectoryProblem[];

  constructor(problems: readonly DirectoryProblem[], options?: ErrorOptions) {
    super(problems.map(describeDirectoryProblem).join("\n"), options);
    this.name = "DirectoryError";
    this.problems = problems;
  }
}

/** Whether a read is proved to be whole; without the proof a plan holds no deactivation, deletion or member removal. */
export type Completeness =
  { readonly complete: true; readonly proof: string } | { readonly complete: false; readonly reason: string };

/**
 * One read of a directory, streamed in batches. The three streams may be consumed in any order, each once;
 * `completeness` and `problems` are final when all three are consumed. A stream throws DirectoryError when the directory
 * cannot be read at all; whatever goes wrong later becomes a problem and makes the read incomplete, and the rest goes on.
 */
export interface DirectoryRead {
  users(): AsyncIterable<readonly DirectoryUser[]>;
  groups(): AsyncIterable<readonly DirectoryGroup[]>;
  assignments(): AsyncIterable<readonly Assignment[]>;
  completeness(): Completeness;
  problems(): readonly DirectoryProblem[];
}

/** Where people come from: CSV or JSON files, another SCIM service, Microsoft Graph. */
export interface DirectorySource {
  readonly type: "csv" | "json" | "scim" | "graph";
  /** For a person: the files or the address. */
  readonly description: string;
  read(options?: { readonly signal?: AbortSignal }): DirectoryRead;
}

/** How many objects a batch of a stream holds at most. */
export const batchSize = 1000;

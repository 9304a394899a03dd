import type { Imprint, ImprintBlock, Noted, ObjectKind } from "./imprint.ts";

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
  /**
   * What the next read may be told of this one, once all three streams are consumed; `undefined` where the read was not whole,
   * or had problems to tell, or is not there any more. Absent where the source cannot read with such knowledge.
   */
  imprint?(noted: Readonly<Record<ObjectKind, Noted>>): Promise<Imprint | undefined>;
}

/** Some objects of a directory that was read with knowledge of an earlier read. */
export type MovedPart<Item> =
  /** The same bytes as before. Each can be read all the same. */
  | { readonly block: ImprintBlock; readonly load: (at: number) => Item }
  /** New ones, changed ones, and some that stand beside those; `before` gives the note of one that was there already. */
  | { readonly fresh: readonly Item[]; readonly before: (id: string) => string | undefined };

/** A whole and faultless read of a directory that holds everyone of an earlier read still. */
export interface MovedRead {
  readonly users: readonly MovedPart<DirectoryUser>[];
  readonly groups: readonly MovedPart<DirectoryGroup>[];
  readonly assignments: readonly Assignment[];
  readonly completeness: Completeness;
  readonly kindOf: (id: string) => ObjectKind | undefined;
  /** The imprint of this read. */
  imprint(noted: Readonly<Record<ObjectKind, Noted>>): Imprint;
}

export interface ReadOptions {
  readonly signal?: AbortSignal;
}

/** Where people come from: CSV or JSON files, another SCIM service, Microsoft Graph. */
export interface DirectorySource {
  readonly type: "csv" | "json" | "scim" | "graph";
  /** For a person: the files or the address. */
  readonly description: string;
  read(options?: ReadOptions): DirectoryRead;
  /**
   * Reads with knowledge of an earlier read, so that what did not change costs little. `undefined` when everything has to be
   * read: something is wrong, somebody is gone, or too much is different. Absent where the source has no such way.
   */
  readMoved?(earlier: Imprint, options?: ReadOptions): Promise<MovedRead | undefined>;
}

/** How many objects a batch of a stream holds at most. */
export const batchSize = 1000;

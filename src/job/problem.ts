/** One thing wrong in a job file: where it is and how to mend it. */
export interface JobProblem {
  /** The place as a JSON path, for example `users.mappings[2].source`; empty for the whole file. */
  readonly path: string;
  /** 1-based. */
  readonly line: number;
  /** 1-based, in UTF-16 code units. */
  readonly column: number;
  /** 0-based place and length in the text, for editors. */
  readonly offset: number;
  readonly length: number;
  readonly message: string;
}

/** A job file that cannot be used; `problems` holds everything wrong in it, in the order of the text. */
export class JobFileError extends Error {
  readonly code = "invalidJobFile";
  readonly file: string;
  readonly problems: readonly JobProblem[];

  constructor(file: string, problems: readonly JobProblem[], options?: ErrorOptions) {
    super(problems.map((problem) => describeProblem(file, problem)).join("\n"), options);
    this.name = "JobFileError";
    this.file = file;
    this.problems = problems;
  }
}

/** A problem as one line of text: `file:line:column path: message`. */
export function describeProblem(file: string, problem: JobProblem): string {
  const place = `${file}:${problem.line}:${problem.column}`;
  return problem.path === "" ? `${place}: ${problem.message}` : `${place} ${problem.path}: ${problem.message}`;
}

/** A JSON path as people write it: `users.mappings[2].source`. */
export function formatPath(path: readonly PropertyKey[]): string {
  let text = "";
  for (const segment of path) {
    if (typeof segment === "number") text += `[${segment}]`;
    else text += text === "" ? String(segment) : `.${String(segment)}`;
  }
  return text;
}

import { type Completeness, describeDirectoryProblem, DirectoryError, type DirectoryProblem } from "./source.ts";

/** Most problems that are kept; the rest are counted. */
const problemLimit = 1000;

/** Collects the problems of one read, with a bound: a broken export of a million rows must not fill the memory. */
export class ProblemList {
  readonly #problems: DirectoryProblem[] = [];
  #errors = 0;
  #dropped = 0;

  error(message: string, place: Omit<DirectoryProblem, "message" | "severity"> = {}): void {
    this.#errors += 1;
    this.#add({ ...place, message, severity: "error" });
  }

  /**
   * Takes an error of a service that is read: what goes wrong at the very beginning makes the directory unreadable, later it
   * makes the read incomplete.
   * @throws DirectoryError when nothing was read yet
   */
  failed(error: unknown, started: boolean, file: string): void {
    const message = error instanceof Error ? error.message : String(error);
    if (!started) throw new DirectoryError([{ message, file, severity: "error" }], { cause: error });
    this.error(message, { file });
  }

  warn(message: string, place: Omit<DirectoryProblem, "message" | "severity"> = {}): void {
    this.#add({ ...place, message, severity: "warning" });
  }

  /** How many errors were found, those beyond the bound included. */
  get errorCount(): number {
    return this.#errors;
  }

  /** The problems in the order they were found; a last one counts those beyond the bound. */
  list(): readonly DirectoryProblem[] {
    if (this.#dropped === 0) return this.#problems;
    const message = `${this.#dropped} more problems are not listed.`;
    return [...this.#problems, { message, severity: this.#errors > 0 ? "error" : "warning" }];
  }

  #add(problem: DirectoryProblem): void {
    if (this.#problems.length < problemLimit) this.#problems.push(problem);
    else this.#dropped += 1;
  }

  /**
   * Whether a read with these problems is proved whole: nothing went wrong, and every stream was read to its end.
   *
   * @param unread the streams that were not
   * @param proof what proves it
   * @param problems the same problems with more of a place
   */
  completeness(
    unread: ReadonlySet<string>,
    proof: () => string,
    problems: readonly DirectoryProblem[] = this.list(),
  ): Completeness {
    const first = problems.find(({ severity }) => severity === "error");
    if (first !== undefined) {
      const others = this.#errors === 1 ? "" : ` (and ${this.#errors - 1} more)`;
      return { complete: false, reason: `${describeDirectoryProblem(first)}${others}` };
    }
    if (unread.size > 0) return { complete: false, reason: `Not read to the end: ${[...unread].join(", ")}.` };
    return { complete: true, proof: proof() };
  }
}

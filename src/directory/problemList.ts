import type { DirectoryProblem } from "./source.ts";

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
}

import type { SourceAttributes, SourceValue } from "../directory/source.ts";
import { ClauseError, compileClause, type CompiledClause, describeClause } from "./clause.ts";
import type { Clause, ClauseGroup } from "./rules.ts";

/** What became of one clause for one object. */
export interface ClauseOutcome {
  /** Which group of clauses, from 0. */
  readonly group: number;
  /** The group's title, or `Group 1`. */
  readonly title: string;
  readonly clause: Clause;
  /** The value that decided; undefined when the object has none. */
  readonly value: SourceValue | undefined;
  readonly passed: boolean;
}

/** An attribute scoping filter of a job, ready to be evaluated. */
export class ScopingFilter {
  readonly #groups: readonly { readonly title: string; readonly clauses: readonly CompiledClause[] }[];

  /** @throws ClauseError naming the clause. */
  constructor(groups: readonly ClauseGroup[]) {
    this.#groups = groups.map((group, index) => ({
      title: group.title ?? `Group ${index + 1}`,
      clauses: group.clauses.map(compileNamed),
    }));
  }

  /**
   * Whether an object passes: all clauses of any group, or there is no group.
   * @param trace takes the outcome of every clause; without it, evaluation stops as soon as the answer is known.
   */
  passes(attributes: SourceAttributes, trace?: (outcome: ClauseOutcome) => void): boolean {
    if (this.#groups.length === 0) return true;
    let any = false;
    for (const [group, { title, clauses }] of this.#groups.entries()) {
      let all = true;
      for (const { clause, passes } of clauses) {
        const value = attributes[clause.attribute];
        const passed = passes(value);
        all &&= passed;
        if (trace !== undefined) trace({ group, title, clause, value, passed });
        else if (!all) break;
      }
      any ||= all;
      if (any && trace === undefined) return true;
    }
    return any;
  }
}

function compileNamed(clause: Clause): CompiledClause {
  try {
    return compileClause(clause);
  } catch (error) {
    if (error instanceof ClauseError) throw new ClauseError(`${describeClause(clause)}: ${error.message}`);
    throw error;
  }
}

/** The outcomes as the provisioning log keeps them: `"Group 1.department EQUALS 'Data'": true` (ScopeEvaluationResult). */
export function scopeEvaluationResult(outcomes: readonly ClauseOutcome[]): Record<string, boolean> {
  return Object.fromEntries(
    outcomes.map(({ title, clause, passed }) => [`${title}.${describeClause(clause)}`, passed]),
  );
}

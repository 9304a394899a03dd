import { rowError, type CompiledRow } from "./compileRow.ts";
import type { Attributes, EvaluationContext } from "./expression/context.ts";
import type { TargetValue } from "./coerce.ts";

/** What a mapping row gives over many objects. Plain data, so that it can cross to another thread. */
export interface RowPopulation {
  /** Index of the row in the mapping table. */
  readonly row: number;
  readonly target: string;
  /** Objects with a value, default values of creation not counted. */
  readonly filled: number;
  /** Objects without one: the target attribute is left alone. */
  readonly empty: number;
  readonly failed: number;
  /** Different values; at least this many when `distinctIsMinimum`. */
  readonly distinct: number;
  readonly distinctIsMinimum: boolean;
  /** Objects whose value another object has too, where the target must be unique or is matched by; letter case does not count. */
  readonly duplicates: number;
  /** A few of the values that several objects share. */
  readonly duplicateExamples: readonly string[];
  /** Characters of the longest value. */
  readonly longest: number;
  readonly longestExample: string;
  /** Objects for which the caller says that the value changes the target. */
  readonly changed: number;
  /** The first message of each error code. */
  readonly errors: readonly { readonly code: string; readonly message: string; readonly count: number }[];
}

export interface Population {
  readonly objects: number;
  readonly rows: readonly RowPopulation[];
}

/** Whether a value that a row gives would change what stands at the target. */
export type ChangesTarget = (row: CompiledRow, value: TargetValue) => boolean;

/** Most different values that are kept per row that need not be unique; beyond it the count is a minimum. */
const distinctLimit = 100_000;
const exampleLimit = 5;
const exampleLength = 200;

/**
 * Gathers, object by object, what each row of a mapping table gives: how many different values, how many empty, duplicates where
 * the target must be unique, the longest, and how many would change. Holds values, not objects, so that it fits a worker that
 * streams a directory.
 */
export class PopulationSummary {
  readonly #rows: readonly RowSummary[];
  #objects = 0;

  /** @param mappings a compiled table, or the rows of one that is still being edited. */
  constructor(mappings: {
    readonly rows: readonly CompiledRow[];
    readonly matching: readonly { readonly row: CompiledRow }[];
  }) {
    const matched = new Set(mappings.matching.map(({ row }) => row.index));
    this.#rows = mappings.rows.map((row) => new RowSummary(row, matched.has(row.index)));
  }

  /** Adds one object. @param changes tells whether a value would change the object's counterpart at the target */
  add(attributes: Attributes, context: EvaluationContext = {}, changes?: ChangesTarget): void {
    this.#objects++;
    for (const row of this.#rows) row.add(attributes, context, changes);
  }

  /** The state so far. */
  result(): Population {
    return { objects: this.#objects, rows: this.#rows.map((row) => row.result()) };
  }
}

class RowSummary {
  readonly #row: CompiledRow;
  readonly #unique: boolean;
  readonly #caseExact: boolean;
  /** How many objects have a value. Bounded unless uniqueness is at stake. */
  readonly #counts = new Map<string, number>();
  readonly #errors = new Map<string, { message: string; count: number }>();
  readonly #examples: string[] = [];
  #minimum = false;
  #filled = 0;
  #empty = 0;
  #failed = 0;
  #duplicates = 0;
  #longest = 0;
  #longestExample = "";
  #changed = 0;

  constructor(row: CompiledRow, matched: boolean) {
    this.#row = row;
    const definition = row.target.sub ?? row.target.attribute;
    this.#unique = matched || (definition?.uniqueness ?? "none") !== "none";
    this.#caseExact = definition?.caseExact ?? false;
  }

  add(attributes: Attributes, context: EvaluationContext, changes: ChangesTarget | undefined): void {
    try {
      const value = this.#row.value(attributes, context, "update");
      if (value === undefined) {
        this.#empty++;
        return;
      }
      this.#filled++;
      this.#count(typeof value === "object" ? JSON.stringify(value) : String(value));
      if (changes?.(this.#row, value) === true) this.#changed++;
    } catch (error) {
      const { code, message } = rowError(this.#row, error);
      this.#failed++;
      const known = this.#errors.get(code);
      if (known === undefined) this.#errors.set(code, { message, count: 1 });
      else known.count++;
    }
  }

  #count(text: string): void {
    if (text.length > this.#longest) {
      this.#longest = text.length;
      this.#longestExample = text.slice(0, exampleLength);
    }
    const key = this.#unique && !this.#caseExact ? text.toLowerCase() : text;
    const before = this.#counts.get(key);
    if (before === undefined && !this.#unique && this.#counts.size >= distinctLimit) {
      this.#minimum = true;
      return;
    }
    this.#counts.set(key, (before ?? 0) + 1);
    if (!this.#unique || before === undefined) return;
    this.#duplicates += before === 1 ? 2 : 1;
    if (before === 1 && this.#examples.length < exampleLimit) this.#examples.push(text.slice(0, exampleLength));
  }

  result(): RowPopulation {
    return {
      row: this.#row.index,
      target: this.#row.target.path,
      filled: this.#filled,
      empty: this.#empty,
      failed: this.#failed,
      distinct: this.#counts.size,
      distinctIsMinimum: this.#minimum,
      duplicates: this.#duplicates,
      duplicateExamples: [...this.#examples],
      longest: this.#longest,
      longestExample: this.#longestExample,
      changed: this.#changed,
      errors: [...this.#errors].map(([code, error]) => ({ code, ...error })),
    };
  }
}

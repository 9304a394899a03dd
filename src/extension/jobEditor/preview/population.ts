import type { DirectoryGroup, DirectoryUser } from "../../../directory/source.ts";
import { PopulationSummary } from "../../../mapping/population.ts";
import type { ComputedAttributes } from "../../../provisioning/consider.ts";
import { sameJson } from "../../../scim/values.ts";
import type { Population, PopulationRow } from "../messages.ts";
import { personOf } from "./people.ts";
import { valueText } from "./results.ts";
import type { PreviewTable } from "./table.ts";

const exampleLimit = 5;

type Counts = Pick<Population, "rows" | "examples">;

/**
 * Gathers what the rows of a table give over everyone in scope, object by object, so that the caller can pause in between.
 * What the saved table gives is the state that changes are counted against.
 */
export class PopulationCount {
  readonly #table: PreviewTable;
  readonly #saved: PreviewTable | undefined;
  readonly #row: number | null;
  readonly #summary: PopulationSummary;
  readonly #examples: Population["examples"] = [];

  /** @param row the row whose changes are shown with a few examples. */
  constructor(table: PreviewTable, saved: PreviewTable | undefined, row: number | null) {
    this.#table = table;
    this.#saved = saved;
    this.#row = row;
    const matching = table.rows.filter(({ mapping }) => mapping.matching !== undefined).map((each) => ({ row: each }));
    this.#summary = new PopulationSummary({ rows: table.rows, matching });
  }

  /** Adds one object that is in scope and active. */
  add(source: DirectoryUser | DirectoryGroup, context: ComputedAttributes): void {
    const { attributes } = source;
    const before = this.#saved?.compiled?.apply(attributes, { mode: "create", ...context }).document;
    this.#summary.add(attributes, context, before);
    const row = this.#examples.length < exampleLimit && this.#table.rows.find(({ index }) => index === this.#row);
    if (before === undefined || !row) return;
    try {
      const after = row.value(attributes, context, "update");
      const was = row.target.read(before);
      if (after === undefined || sameJson(after, was)) return;
      this.#examples.push({ name: personOf(source).name, before: textOf(was), after: valueText(after) });
    } catch {
      // Counted as failed by the summary.
    }
  }

  result(): Counts {
    const rows: (PopulationRow | null)[] = Array.from({ length: this.#table.count }, () => null);
    const unique = new Set(
      this.#table.rows
        .filter(({ mapping, target }) => {
          const definition = target.sub ?? target.attribute;
          return mapping.matching !== undefined || (definition?.uniqueness ?? "none") !== "none";
        })
        .map(({ index }) => index),
    );
    for (const each of this.#summary.result().rows) {
      rows[each.row] = {
        distinct: each.distinct,
        atLeast: each.distinctIsMinimum,
        filled: each.filled,
        empty: each.empty,
        failed: each.failed,
        shared: each.duplicates,
        unique: unique.has(each.row),
        sharedExamples: each.duplicateExamples.map((text) => valueText(text)),
        longest: each.longest,
        changed: each.changed,
        errors: each.errors.map(({ message, count }) => ({ message, count })),
      };
    }
    return { rows, examples: [...this.#examples] };
  }
}

function textOf(value: unknown): string {
  return value === undefined ? "" : typeof value === "string" ? valueText(value) : valueText(JSON.stringify(value));
}

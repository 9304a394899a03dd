import type { DirectoryGroup, DirectoryUser } from "../../../directory/source.ts";
import { PopulationSummary } from "../../../mapping/population.ts";
import type { ComputedAttributes } from "../../../provisioning/consider.ts";
import type { Population, PopulationRow } from "../messages/previews.ts";
import type { Counterparts } from "./counterparts.ts";
import { personOf } from "./people.ts";
import { targetText, valueText } from "./results.ts";
import type { PreviewTable } from "./table.ts";

const exampleLimit = 5;

type Counts = Pick<Population, "rows" | "absent" | "examples">;

/**
 * Gathers what the rows of a table give over everyone in scope, object by object, so that the caller can pause in between.
 * Changes are counted against what the target has, when it was read.
 */
export class PopulationCount {
  readonly #table: PreviewTable;
  readonly #counterparts: Counterparts | undefined;
  readonly #row: number | null;
  readonly #summary: PopulationSummary;
  readonly #examples: Population["examples"] = [];
  #absent = 0;

  /** @param row the row whose changes are shown with a few examples. */
  constructor(table: PreviewTable, counterparts: Counterparts | undefined, row: number | null) {
    this.#table = table;
    this.#counterparts = counterparts;
    this.#row = row;
    const matching = table.rows.filter(({ mapping }) => mapping.matching !== undefined).map((each) => ({ row: each }));
    this.#summary = new PopulationSummary({ rows: table.rows, matching });
  }

  /** Adds one object that is in scope and active. */
  add(source: DirectoryUser | DirectoryGroup, context: ComputedAttributes): void {
    const counterpart = this.#counterparts?.of(source, context);
    if (counterpart?.state === "absent") this.#absent++;
    const resource = counterpart?.state === "found" ? counterpart.resource : undefined;
    const changes = resource && this.#counterparts?.changes(resource);
    this.#summary.add(
      source.attributes,
      context,
      changes &&
        ((row, value) => {
          const isChanged = changes(row, value);
          if (isChanged && row.index === this.#row && this.#examples.length < exampleLimit) {
            const before = targetText(row.target.read(resource));
            this.#examples.push({ name: personOf(source).name, before, after: valueText(value) });
          }
          return isChanged;
        }),
    );
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
        changed: this.#counterparts === undefined ? null : each.changed,
        errors: each.errors.map(({ message, count }) => ({ message, count })),
      };
    }
    const absent = this.#counterparts === undefined ? null : this.#absent;
    return { rows, absent, examples: [...this.#examples] };
  }
}

import type { LogCycle } from "../../extension/log/messages.ts";

/** What stands in one line of the table. */
export type Line =
  { readonly kind: "cycle"; readonly cycle: LogCycle } | { readonly kind: "record"; readonly index: number };

/** Which line of the table holds what: a head for each cycle, and its records unless it is folded. */
export class RowLayout {
  readonly #cycles: readonly LogCycle[];
  /** The line of each cycle's head. */
  readonly #heads: number[] = [];
  readonly lines: number;

  constructor(cycles: readonly LogCycle[], folded: ReadonlySet<string>) {
    this.#cycles = cycles;
    let lines = 0;
    for (const cycle of cycles) {
      this.#heads.push(lines);
      lines += 1 + (folded.has(foldKey(cycle)) ? 0 : cycle.records);
    }
    this.lines = lines;
  }

  at(line: number): Line | undefined {
    let [low, high] = [0, this.#heads.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.#heads[middle] ?? 0) <= line) low = middle;
      else high = middle - 1;
    }
    const [cycle, head] = [this.#cycles[low], this.#heads[low]];
    if (cycle === undefined || head === undefined || line < 0 || line >= this.lines) return undefined;
    return line === head ? { kind: "cycle", cycle } : { kind: "record", index: cycle.from + line - head - 1 };
  }
}

/** A cycle can be in pieces when two wrote at once; each piece folds by itself. */
export const foldKey = ({ id, at }: LogCycle): string => `${id} ${at}`;

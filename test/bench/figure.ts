/** One measured figure beside its bar. */
export interface Figure {
  readonly name: string;
  readonly ours: number;
  readonly baseline: number;
  /** `ours / baseline`, both measured in the same run. */
  readonly ratio: number;
  readonly unit: string;
  /** What the ratio must be, for example `>= 0.5`. */
  readonly bar: string;
  readonly passed: boolean;
}

/** A suite of figures; one file of this folder each. */
export type Suite = () => Promise<readonly Figure[]>;

/** Puts a figure together. `bar` is a bound of the ratio, at least or at most. */
export function figure(
  name: string,
  measured: { readonly ours: number; readonly baseline: number; readonly unit: string },
  bar: { readonly atLeast: number } | { readonly atMost: number },
): Figure {
  const ratio = measured.ours / measured.baseline;
  const round = (value: number) => Number(value.toPrecision(4));
  return {
    name,
    ours: round(measured.ours),
    baseline: round(measured.baseline),
    ratio: round(ratio),
    unit: measured.unit,
    bar: "atLeast" in bar ? `>= ${bar.atLeast}` : `<= ${bar.atMost}`,
    passed: "atLeast" in bar ? ratio >= bar.atLeast : ratio <= bar.atMost,
  };
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}

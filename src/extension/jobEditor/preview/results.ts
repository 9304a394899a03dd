import type { DirectoryGroup, DirectoryUser } from "../../../directory/source.ts";
import type { TargetValue } from "../../../mapping/coerce.ts";
import type { CompiledRow } from "../../../mapping/compileRow.ts";
import type { ExpressionTrace } from "../../../mapping/expression/trace.ts";
import { textsOf } from "../../../mapping/expression/value.ts";
import { traceRows, type RowTrace } from "../../../mapping/rowTrace.ts";
import type { ComputedAttributes } from "../../../provisioning/consider.ts";
import { departureOf } from "../../../scim/dialects/dialects.ts";
import { sameJson } from "../../../scim/values.ts";
import { displayText } from "../../platform/text.ts";
import type { Result, SubResult } from "../messages.ts";
import type { PreviewTable } from "./table.ts";

/** Most characters of a value that are shown. */
const valueLimit = 2000;

/**
 * What each mapping row gives for one object, as on creation, so that rows and default values of creation show too.
 * @param saved the table of the saved file: values that differ from it are marked.
 */
export function resultsFor(
  source: DirectoryUser | DirectoryGroup,
  table: PreviewTable,
  saved: PreviewTable | undefined,
  computed: ComputedAttributes,
): Result[] {
  const options = { mode: "create", ...computed } as const;
  const results = Array.from({ length: table.count }, (): Result => ({ outcome: "invalid", text: "" }));
  const before = new Map(
    saved && traceRows(saved.rows, source.attributes, options).map((trace) => [trace.row.target.path, trace]),
  );
  for (const trace of traceRows(table.rows, source.attributes, options)) {
    results[trace.row.index] = resultOf(trace, before.get(trace.row.target.path), saved !== undefined, table);
  }
  for (const row of table.references) {
    const ids =
      "members" in source ? source.members : textsOf(row.source(source.attributes, options)).filter((id) => id !== "");
    results[row.index] = referenceResult(row, ids);
  }
  return results;
}

function resultOf(
  trace: RowTrace,
  before: RowTrace | undefined,
  isCompared: boolean,
  { dialect, resourceType }: PreviewTable,
): Result {
  const expression = trace.expression && { trace: subResult(trace.expression) };
  if (trace.outcome === "failed") {
    return { outcome: "failed", text: displayText(trace.error?.message, valueLimit), ...expression };
  }
  const { value } = trace;
  const outcome = value === undefined ? "empty" : "value";
  const text = value === undefined ? "" : valueText(value);
  const departure = departureOf(dialect, resourceType, trace.row.target.path);
  const note = (word: string, detail: string, tone: "info" | "change" = "info") =>
    ({
      outcome,
      text,
      note: { word, detail, tone },
      ...expression,
    }) as const;
  if (isCompared && !sameJson(value, before?.value)) {
    const old = before?.value === undefined ? "gives no value" : `gives ${valueText(before.value)}`;
    return note("will change", `The saved file ${old}.`, "change");
  }
  if (value !== undefined && departure?.writable === "never") return note("not stored", departure.note);
  if (typeof value === "string" && departure?.stored === "lower" && value !== value.toLowerCase()) {
    return note("lower case", departure.note);
  }
  if (trace.outcome === "default") return note("default", "The source is empty, so the default value is written.");
  if (trace.row.unpredictable.length > 0) {
    return note("an example", `${trace.row.unpredictable.join(", ")} gives another value each time.`);
  }
  return { outcome, text, ...expression };
}

function referenceResult(row: CompiledRow, ids: readonly string[]): Result {
  if (ids.length === 0) return { outcome: "empty", text: "" };
  const text = row.target.multiValued ? `${ids.length.toLocaleString("en-US")} members` : displayText(ids[0]);
  const detail = "Sent as the ids that the linked objects have in the service, those in scope only.";
  return { outcome: "value", text, note: { word: "reference", detail, tone: "info" } };
}

/** A value to write, as one line of text. */
export function valueText(value: TargetValue): string {
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value !== "object") return displayText(String(value), valueLimit);
  const texts = value.map((element) => (typeof element === "object" ? element.value : String(element)));
  return displayText(texts.join(", "), valueLimit);
}

function subResult({ text, start, end, outcome, result, children }: ExpressionTrace): SubResult {
  return { text, start, end, outcome, result: displayText(result, valueLimit), children: children.map(subResult) };
}

import type { DirectoryGroup, DirectoryUser } from "../../../directory/source.ts";
import type { TargetValue } from "../../../mapping/coerce.ts";
import type { CompiledRow } from "../../../mapping/compileRow.ts";
import type { ExpressionTrace } from "../../../mapping/expression/trace.ts";
import { textsOf } from "../../../mapping/expression/value.ts";
import type { ChangesTarget } from "../../../mapping/population.ts";
import { traceRows, type RowTrace } from "../../../mapping/rowTrace.ts";
import type { ComputedAttributes } from "../../../provisioning/consider.ts";
import { departureOf } from "../../../scim/dialects/dialects.ts";
import type { ScimResource } from "../../../scim/resource.ts";
import { isUnassigned } from "../../../scim/values.ts";
import { showValue } from "../../../provisioning/planText.ts";
import { displayText } from "../../platform/text.ts";
import type { Result, SubResult } from "../messages/previews.ts";
import type { PreviewTable } from "./table.ts";

/** Most characters of a value that are shown. */
const valueLimit = 2000;

/** What stands at the target for the object, and what of a value would change it. */
export interface ComparedWith {
  readonly resource: ScimResource;
  readonly changes: ChangesTarget;
}

/**
 * What each mapping row gives for one object, as on creation, so that rows and default values of creation show too.
 * @param counterpart what stands at the target: values that would change it are marked
 */
export function resultsFor(
  source: DirectoryUser | DirectoryGroup,
  table: PreviewTable,
  counterpart: ComparedWith | undefined,
  computed: ComputedAttributes,
): Result[] {
  const options = { mode: "create", ...computed } as const;
  const results = Array.from({ length: table.count }, (): Result => ({ outcome: "invalid", text: "" }));
  for (const trace of traceRows(table.rows, source.attributes, options)) {
    results[trace.row.index] = resultOf(trace, counterpart, table);
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
  counterpart: ComparedWith | undefined,
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
  const stored = counterpart && targetText(trace.row.target.read(counterpart.resource));
  const isDefault = trace.outcome === "default";
  // A default value is written on creation only.
  if (value !== undefined && !isDefault && counterpart?.changes(trace.row, value) === true) {
    return note(
      "will change",
      stored === "" ? "The target has no value." : `The target has ${stored ?? ""}.`,
      "change",
    );
  }
  if (value !== undefined && departure?.writable === "never") return note("not stored", departure.note);
  if (typeof value === "string" && departure?.stored === "lower" && value !== value.toLowerCase()) {
    return note("lower case", departure.note);
  }
  if (isDefault) {
    const detail = "The source is empty, so the default value is written when the object is created.";
    return note("default", stored === undefined ? detail : `${detail} The target keeps ${stored || "no value"}.`);
  }
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

/** What the target has, as one line of text; empty where it has nothing. */
export function targetText(value: unknown): string {
  return isUnassigned(value) ? "" : displayText(showValue(value), valueLimit);
}

function subResult({ text, start, end, outcome, result, children }: ExpressionTrace): SubResult {
  return { text, start, end, outcome, result: displayText(result, valueLimit), children: children.map(subResult) };
}

import type { ConformanceReport } from "./conformance.ts";
import type { RuleResult } from "./rule.ts";
import type { Exchange } from "./labAnswer.ts";

/** The report as text: departures with evidence and fix first, then what was not tried, then capabilities side by side. */
export function formatConformance(report: ConformanceReport): string {
  const { counts, results, capabilities, leftBehind } = report;
  const lines = [`${report.vendor}  ${report.baseUrl}`, ""];
  for (const result of results.filter(({ verdict }) => verdict === "departed"))
    lines.push(...departureLines(result), "");
  const others = (verdict: RuleResult["verdict"], title: string) => {
    const found = results.filter((result) => result.verdict === verdict);
    // Without consent, the rules that write are all left out for the same reason.
    const told = verdict === "notTried" && !report.wrote ? found.filter(({ kind }) => kind === "read") : found;
    if (told.length > 0) lines.push(title, ...told.map(({ id, observed }) => `  ${id}  ${observed}`), "");
  };
  others("notOffered", "Not offered, and not announced");
  others("notTried", "Not tried");
  lines.push("Capability       declared  observed");
  const word = (value: boolean | undefined) => (value === undefined ? "-" : value ? "yes" : "no");
  for (const { name, declared, observed } of capabilities) {
    const differs = declared !== undefined && observed !== undefined && declared !== observed ? "  differs" : "";
    lines.push(`${name.padEnd(17)}${word(declared).padEnd(10)}${word(observed)}${differs}`);
  }
  lines.push("");
  if (leftBehind.length > 0)
    lines.push("Could not be removed, remove them by hand:", ...leftBehind.map((path) => `  ${path}`), "");
  const { passed, departed, notOffered, notTried } = counts;
  lines.push(
    `${passed} of ${results.length} rules kept, ${departed} departed from, ${notOffered} not offered, ${notTried} not tried.`,
  );
  if (!report.wrote)
    lines.push("Only reading was tried. With --write, users and groups are created, changed and removed again.");
  lines.push(
    "Saved with --format json, what was observed is used by plan, push, cycle and the others with --observed FILE.",
  );
  return `${lines.join("\n")}\n`;
}

function departureLines({ id, origin, source, expected, observed, fix, evidence }: RuleResult): string[] {
  const lines = [`DEPARTS  ${id}  (${origin === "RFC" ? source : `${origin}: ${source}`})`];
  lines.push(`  rule      ${expected}`, `  observed  ${observed}`);
  if (fix !== undefined) lines.push(`  fix       ${fix}`);
  const last = evidence.at(-1);
  if (last !== undefined) lines.push(...indented("sent", last.sent), ...indented("got", last.received));
  return lines;
}

function indented(title: string, text: string): string[] {
  const shown = text.length > 600 ? `${text.slice(0, 600)}…` : text;
  const lines = shown.split("\n").filter((line) => line !== "");
  return lines.map((line, at) => `  ${(at === 0 ? title : "").padEnd(10)}${line}`);
}

/**
 * The report as JUnit XML, for CI: one test case a rule, a departure as a failure, what was not tried or is not offered as
 * skipped.
 */
export function conformanceJunit(report: ConformanceReport): string {
  const { results, counts } = report;
  const seconds = (ms: number) => (ms / 1000).toFixed(3);
  const time = seconds(results.reduce((sum, { durationMs }) => sum + durationMs, 0));
  const skipped = counts.notOffered + counts.notTried;
  const numbers = `tests="${results.length}" failures="${counts.departed}" skipped="${skipped}" time="${time}"`;
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="SCIM conformance" ${numbers}>`,
    `  <testsuite name="${xml(report.baseUrl)}" ${numbers}>`,
  ];
  for (const result of results) {
    const open = `    <testcase classname="${result.origin}.${result.id.split(".")[0] ?? ""}" name="${xml(`${result.id}: ${result.expected}`)}" time="${seconds(result.durationMs)}"`;
    if (result.verdict === "passed") lines.push(`${open}/>`);
    else lines.push(`${open}>`, outcomeXml(result), "    </testcase>");
  }
  lines.push("  </testsuite>", "</testsuites>");
  return `${lines.join("\n")}\n`;
}

function outcomeXml({ verdict, observed, source, expected, fix, evidence }: RuleResult): string {
  if (verdict !== "departed") return `      <skipped message="${xml(observed)}"/>`;
  const text = [
    `Rule: ${expected} (${source})`,
    `Observed: ${observed}`,
    `Fix: ${fix ?? ""}`,
    ...evidence.map(exchangeText),
  ].join("\n\n");
  return `      <failure type="departed" message="${xml(observed)}">${xml(text)}</failure>`;
}

function exchangeText({ sent, received }: Exchange): string {
  return `Sent:\n${sent}\n\nGot:\n${received}`;
}

/** Text that can stand in XML 1.0: markup escaped, characters that XML has no place for replaced. */
function xml(text: string): string {
  const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
  return text
    .replace(/\p{Surrogate}/gu, "\ufffd")
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "\ufffd")
    .replace(/[&<>"]/g, (sign) => entities[sign] ?? sign);
}

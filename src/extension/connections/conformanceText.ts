import * as l10n from "@vscode/l10n";
import type { ConformanceReport } from "../../conformance/conformance.ts";
import type { Exchange } from "../../conformance/labAnswer.ts";
import type { RuleResult, Verdict } from "../../conformance/rule.ts";
import { count, markdownText } from "../platform/text.ts";

/** Exchanges of one rule that are shown; the JSON export has all of them. */
const exchangesShown = 3;

/**
 * A conformance report as Markdown: what departs first, each with the rule, both readings, the bytes, and the fix. Everything
 * that came from the service is escaped or stands in a code block.
 *
 * @param effects in what the connection is used otherwise from now on
 */
export function conformanceMarkdown(name: string, report: ConformanceReport, effects: readonly string[]): string {
  const { counts, results, wrote, leftBehind } = report;
  const of = (verdict: Verdict) => results.filter((result) => result.verdict === verdict);
  const parts = [
    `# ${l10n.t("Conformance of {0}", markdownText(name))}`,
    codeBlock(report.baseUrl),
    report.conformant
      ? l10n.t("Conformant: no rule that was tried is departed from.")
      : counts.departed === 1
        ? l10n.t("1 rule is departed from.")
        : l10n.t("{0} rules are departed from.", count(counts.departed)),
    verdictTable(counts),
    wrote
      ? l10n.t("Reading and writing were tried. What was created was removed.")
      : l10n.t("Only reading was tried, so that nothing was changed."),
  ];
  if (leftBehind.length > 0)
    parts.push(
      `**${l10n.t("Could not be removed. Remove them by hand:")}**`,
      leftBehind.map((path) => `- ${markdownText(path)}`).join("\n"),
    );
  parts.push(`## ${l10n.t("Declared and observed")}`, capabilityTable(report));
  parts.push(
    `## ${l10n.t("How this connection is used from now on")}`,
    effects.length === 0
      ? l10n.t("As before: nothing was seen that asks for other requests.")
      : effects.map((effect) => `- ${markdownText(effect)}`).join("\n"),
  );
  const departed = of("departed");
  if (departed.length > 0) parts.push(`## ${l10n.t("Departures")}`, ...departed.map(departureText));
  parts.push(...listed(l10n.t("Not offered, and not announced"), of("notOffered")));
  // Without consent, the rules that write are all left out for the same reason.
  parts.push(
    ...listed(l10n.t("Not tried"), wrote ? of("notTried") : of("notTried").filter(({ kind }) => kind === "read")),
  );
  parts.push(...listed(l10n.t("Kept"), of("passed"), ({ expected }) => expected));
  return `${parts.join("\n\n")}\n`;
}

function departureText({ id, origin, source, expected, observed, fix, evidence }: RuleResult): string {
  const said = (title: string, text: string) => `- **${title}:** ${markdownText(text)}`;
  const facts = [
    said(l10n.t("Rule"), origin === "RFC" ? source : `${origin}: ${source}`),
    said(l10n.t("The rule's reading"), expected),
    said(l10n.t("The service's reading"), observed),
    ...(fix === undefined ? [] : [said(l10n.t("To mend it, or to live with it"), fix)]),
  ];
  const shown = evidence.slice(-exchangesShown);
  const left =
    shown.length < evidence.length
      ? [l10n.t("The last {0} of {1} exchanges; the JSON export has all.", shown.length, evidence.length)]
      : [];
  return [`### ${markdownText(id)}`, facts.join("\n"), ...left, ...shown.map(exchangeText)].join("\n\n");
}

function exchangeText({ sent, received }: Exchange): string {
  return [l10n.t("Sent"), codeBlock(sent), l10n.t("Got"), codeBlock(received)].join("\n\n");
}

function verdictTable({ passed, departed, notOffered, notTried }: ConformanceReport["counts"]): string {
  const cells = [passed, departed, notOffered, notTried].map(count);
  const heads = [l10n.t("Kept"), l10n.t("Departed from"), l10n.t("Not offered"), l10n.t("Not tried")];
  return `| ${heads.join(" | ")} |\n|---:|---:|---:|---:|\n| ${cells.join(" | ")} |`;
}

function capabilityTable({ capabilities }: ConformanceReport): string {
  const word = (value: boolean | undefined, none: string) =>
    value === undefined ? none : value ? l10n.t("yes") : l10n.t("no");
  const rows = capabilities.map(({ name, declared, observed }) => {
    const differs = declared !== undefined && observed !== undefined && declared !== observed;
    const cells = [name, word(declared, l10n.t("nothing said")), word(observed, l10n.t("not tried"))];
    return `| ${[...cells, differs ? `**${l10n.t("differs")}**` : ""].join(" | ")} |`;
  });
  const heads = [l10n.t("Capability"), l10n.t("Declared"), l10n.t("Observed"), ""];
  return [`| ${heads.join(" | ")} |`, "|---|---|---|---|", ...rows].join("\n");
}

function listed(
  title: string,
  results: readonly RuleResult[],
  text: (result: RuleResult) => string = ({ observed }) => observed,
): string[] {
  if (results.length === 0) return [];
  const lines = results.map((result) => `- ${markdownText(result.id)}: ${markdownText(text(result))}`);
  return [`## ${title} (${count(results.length)})`, lines.join("\n")];
}

/** An indented block: nothing in it is markup, whatever fences it holds. */
function codeBlock(text: string): string {
  return text
    .split(/\r\n|\r|\n/)
    .map((line) => `    ${line}`)
    .join("\n");
}

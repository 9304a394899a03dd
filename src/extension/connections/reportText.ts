import * as l10n from "@vscode/l10n";
import type { CheckReport, CheckStep } from "../../conformance/check.ts";
import { markdownText } from "../platform/text.ts";

const marks: Readonly<Record<CheckStep["status"], string>> = { passed: "✓", failed: "✗", warned: "!", skipped: "–" };

/** The first step that failed, which is what there is to mend. */
export const failedStep = (report: CheckReport): CheckStep | undefined =>
  report.steps.find((step) => step.status === "failed");

/** The result of a connection test as Markdown; everything that came from the service is escaped or stands in a code block. */
export function reportMarkdown(name: string, baseUrl: string, report: CheckReport): string {
  const verdict = report.healthy
    ? l10n.t("Healthy: every probe passed.")
    : l10n.t("Not healthy: see the failed step below.");
  const steps = report.steps.map((step) => {
    const lines = [`## ${marks[step.status]} ${markdownText(step.title)}`, "", markdownText(step.explanation, 4000)];
    if (step.fix !== undefined) lines.push("", `**${l10n.t("To mend it")}:** ${markdownText(step.fix, 4000)}`);
    if (step.sent !== undefined) lines.push("", l10n.t("Sent"), "", ...codeBlock(step.sent));
    if (step.received !== undefined) lines.push("", l10n.t("Received"), "", ...codeBlock(step.received));
    return lines.join("\n");
  });
  const title = `# ${l10n.t("Connection test of {0}", markdownText(name))}`;
  return `${[title, codeBlock(baseUrl).join("\n"), verdict, ...steps].join("\n\n")}\n`;
}

/** An indented block: nothing in it is markup, whatever fences it holds. */
const codeBlock = (text: string): string[] => text.split(/\r\n|\r|\n/).map((line) => `    ${line}`);

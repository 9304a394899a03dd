import { join } from "node:path";
import * as l10n from "@vscode/l10n";
import { journalFile } from "../../changes/journal.ts";
import type { JournalProblem } from "../../changes/journalRead.ts";
import { markdownText } from "../platform/text.ts";
import type { JournalPlace } from "./journals.ts";

/** More findings than this say nothing new. */
const listed = 50;

/** What is wrong with a journal, where, and how to mend it. */
export function damageMarkdown(place: JournalPlace, problems: readonly JournalProblem[]): string {
  const file = join(place.folder, journalFile);
  const found = problems.slice(0, listed).map(({ message }) => `- ${markdownText(message)}`);
  if (problems.length > listed) found.push(`- ${l10n.t("and {0} more", problems.length - listed)}`);
  const fixes = [...new Set(problems.map(({ fix }) => fix))].map((fix) => `- ${markdownText(fix)}`);
  return [
    `# ${l10n.t("The journal of {0} is not intact", markdownText(place.name))}`,
    l10n.t(
      "Every record of the journal holds the hash of the record before it. The chain is broken, so the file was changed or cut by something other than a push.",
    ),
    `    ${file}`,
    `## ${l10n.t("What was found")}`,
    found.join("\n"),
    `## ${l10n.t("How to mend it")}`,
    fixes.join("\n"),
    "",
  ].join("\n\n");
}

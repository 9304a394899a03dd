import * as l10n from "@vscode/l10n";
import { membersPerPortion, provisionOnDemand, type OnDemandResult } from "../../entra/onDemand.ts";
import type { SomeHandlers } from "../platform/commandTable.ts";
import { count, displayText, markdownText } from "../platform/text.ts";
import { confirmAndRun } from "./ask.ts";
import { chooseMembers, choosePrincipal } from "./choosePrincipals.ts";
import type { Principal } from "./principals.ts";
import { choose, reviewOf, type EntraServices } from "./services.ts";

/** Tutorial step "Provision on demand": one user, or one group with members in portions, and its steps shown. */
export function onDemandCommands(services: EntraServices): SomeHandlers<"scim.entra.provisionOnDemand"> {
  return {
    "scim.entra.provisionOnDemand": async (target) => {
      const purposes = ["changeSynchronization", "readUsers", "readGroups"] as const;
      const { place, name, client } = await choose(services, target, purposes);
      const subject = await choosePrincipal(client, l10n.t("{0}: provision on demand", name));
      const title = l10n.t("{0}: members that go along, {1} a request", displayText(subject.name), membersPerPortion);
      const members = subject.type === "Group" ? await chooseMembers(client, subject.id, title) : [];
      const step = await provisionOnDemand(client, place, subject, members);
      const results = await confirmAndRun(step, l10n.t("Provision"), reviewOf(services));
      await services.documents.showMarkdown(
        `${l10n.t("Provision on demand of {0}", subject.name)}.md`,
        onDemandText(subject, results, new Date()),
      );
      await services.tenants.refreshJob(place);
    },
  };
}

const stepNames = (): Readonly<Record<string, string>> => ({
  import: l10n.t("Import"),
  scoping: l10n.t("Scope"),
  matching: l10n.t("Match"),
  processing: l10n.t("Process"),
  referenceResolution: l10n.t("Resolve references"),
  export: l10n.t("Action"),
});

/** The results as Markdown: each portion with its steps, and what was changed. */
export function onDemandText(subject: Pick<Principal, "name">, results: readonly OnDemandResult[], now: Date): string {
  const parts = results.map((result, at) => {
    const portion =
      results.length === 1
        ? ""
        : ` (${l10n.t("portion {0} of {1}, {2} members", at + 1, results.length, count(result.members.length))})`;
    const reason = result.reason === "" ? "" : `: ${markdownText(result.reason, 2000)}`;
    const steps = result.steps.map((step, number) => {
      const details = Object.entries(step.details ?? {}).map(
        ([key, value]) => `   - ${markdownText(key, 200)}: ${markdownText(value, 2000)}`,
      );
      const kind = stepNames()[step.provisioningStepType] ?? step.provisioningStepType;
      return [`${number + 1}. **${kind}**, ${step.status}. ${markdownText(step.description, 2000)}`, ...details].join(
        "\n",
      );
    });
    const modified = result.modifiedProperties.map(
      ({ displayName, oldValue = "", newValue = "" }) =>
        `| ${markdownText(displayName, 300)} | ${markdownText(oldValue, 1000)} | ${markdownText(newValue, 1000)} |`,
    );
    return [
      `## ${resultText(result)}${portion}${reason}`,
      steps.length === 0 ? l10n.t("The service names no steps.") : steps.join("\n"),
      ...(modified.length === 0
        ? []
        : [
            [
              `| ${l10n.t("Attribute")} | ${l10n.t("Before")} | ${l10n.t("After")} |`,
              "|---|---|---|",
              ...modified,
            ].join("\n"),
          ]),
    ].join("\n\n");
  });
  const head = `# ${l10n.t("Provision on demand of {0}", markdownText(subject.name))}`;
  return `${[head, markdownText(now.toLocaleString("en-GB")), ...parts].join("\n\n")}\n`;
}

function resultText({ result, action }: OnDemandResult): string {
  if (result === "skipped") return l10n.t("Skipped");
  return result === "failure" ? l10n.t("Failed, {0}", action) : l10n.t("Done, {0}", action);
}

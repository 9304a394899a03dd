import * as l10n from "@vscode/l10n";
import { parseFilter } from "../../scim/filter/parse.ts";
import { FilterSyntaxError } from "../../scim/filter/syntaxError.ts";
import type { Dialect } from "../../scim/dialects/dialect.ts";
import { lookupValue } from "../../scim/dialects/dialects.ts";
import type { ResourceType } from "../../scim/resource.ts";
import type { AttributeDefinition, ResourceSchema } from "../../scim/schema.ts";
import { topLevelAttributes } from "../../scim/schemaLookup.ts";
import type { ListFilter } from "./nodes.ts";

/** Attributes that a search by name looks into. Databricks documents filters on these only. */
const searched: Readonly<Record<Dialect["id"], Readonly<Record<ResourceType, readonly string[]>>>> = {
  databricks: { User: ["userName"], Group: ["displayName"], ServicePrincipal: ["displayName"] },
  generic: { User: ["userName", "displayName"], Group: ["displayName"], ServicePrincipal: ["displayName"] },
};

/** The filter of a search by a part of a name; values in the case in which the service stores them. */
export function searchFilter(dialect: Dialect, type: ResourceType, text: string): ListFilter {
  const search = text.trim();
  const clauses = searched[dialect.id][type].map(
    (path) => `${path} co ${JSON.stringify(lookupValue(dialect, type, path, search))}`,
  );
  return { filter: clauses.join(" or "), search };
}

/** What is wrong with a filter, where, for the line under the input box; `undefined` when it is right. */
export function filterProblem(text: string, dialect: Dialect): string | undefined {
  try {
    parseFilter(text);
  } catch (error) {
    return error instanceof FilterSyntaxError ? error.message : String(error);
  }
  const unsupported = operatorsOf(text).find((operator) => dialect.filterOperators?.includes(operator) === false);
  return unsupported === undefined
    ? undefined
    : l10n.t(
        "{0} does not evaluate the operator {1}. It takes {2}.",
        dialect.name,
        unsupported,
        (dialect.filterOperators ?? []).join(", "),
      );
}

const operators = ["eq", "ne", "co", "sw", "ew", "pr", "gt", "ge", "lt", "le"] as const;

/** Operators outside of texts, in their order. */
function operatorsOf(text: string): string[] {
  const bare = text.replace(/"(?:[^"\\]|\\.)*"/g, '""');
  return [...bare.matchAll(/\s(eq|ne|co|sw|ew|pr|gt|ge|lt|le)(?=\s|\)|$)/gi)].map((match) =>
    (match[1] ?? "").toLowerCase(),
  );
}

/** Something that can come next in a filter. */
export interface FilterProposal {
  readonly label: string;
  readonly detail: string;
  /** The whole filter with the proposal taken. */
  readonly text: string;
}

/** What can come next at the end of a filter: an attribute, an operator, or how to join another clause. */
export function filterProposals(text: string, schema: ResourceSchema, dialect: Dialect): FilterProposal[] {
  const bare = text.replace(/"(?:[^"\\]|\\.)*"/g, (quoted) => "q".repeat(quoted.length));
  const words = bare.trimStart().split(/[\s()]+/);
  const last = /[\s()]$/.test(text) || text === "" ? "" : (words.at(-1) ?? "");
  const head = text.slice(0, text.length - last.length);
  const before = bare
    .slice(0, text.length - last.length)
    .trim()
    .split(/[\s()]+/)
    .filter((word) => word !== "");
  const place = placeAfter(before, bare.slice(0, head.length).trimEnd().endsWith("("));
  const matches = (label: string) => label.toLowerCase().startsWith(last.toLowerCase());
  if (place === "attribute")
    return attributePaths(schema)
      .filter(({ label }) => matches(label))
      .map(({ label, detail }) => ({ label, detail, text: `${head}${label} ` }));
  if (place === "operator") {
    const allowed = dialect.filterOperators ?? operators;
    return operators
      .filter((operator) => allowed.includes(operator) && matches(operator))
      .map((operator) => {
        const detail = operatorWords()[operator];
        return { label: operator, detail, text: operator === "pr" ? `${head}pr` : `${head}${operator} "` };
      });
  }
  if (place === "join")
    return (["and", "or"] as const).filter(matches).map((word) => ({
      label: word,
      detail: word === "and" ? l10n.t("both hold") : l10n.t("one of both holds"),
      text: `${head}${word} `,
    }));
  return [];
}

function placeAfter(words: readonly string[], open: boolean): "attribute" | "operator" | "value" | "join" {
  const previous = words.at(-1)?.toLowerCase();
  if (previous === undefined || open || previous === "and" || previous === "or" || previous === "not")
    return "attribute";
  if (previous === "pr") return "join";
  if ((operators as readonly string[]).includes(previous)) return "value";
  const beforeThat = words.at(-2)?.toLowerCase() ?? "";
  return (operators as readonly string[]).includes(beforeThat) && beforeThat !== "pr" ? "join" : "operator";
}

/** Attributes that a filter can name, sub-attributes included. */
function attributePaths(schema: ResourceSchema): { label: string; detail: string }[] {
  const describe = (attribute: AttributeDefinition) => attribute.description ?? attribute.type;
  return topLevelAttributes(schema)
    .filter((attribute) => attribute.returned !== "never")
    .flatMap((attribute) => [
      { label: attribute.name, detail: describe(attribute) },
      ...(attribute.subAttributes ?? []).map((sub) => ({
        label: `${attribute.name}.${sub.name}`,
        detail: describe(sub),
      })),
    ]);
}

const operatorWords = () => ({
  eq: l10n.t("equals"),
  ne: l10n.t("differs from"),
  co: l10n.t("contains"),
  sw: l10n.t("starts with"),
  ew: l10n.t("ends with"),
  pr: l10n.t("has a value"),
  gt: l10n.t("is greater than"),
  ge: l10n.t("is greater than or equals"),
  lt: l10n.t("is less than"),
  le: l10n.t("is less than or equals"),
});

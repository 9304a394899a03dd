import * as l10n from "@vscode/l10n";

/** What stands beside the mapping table of users or of groups. */
export const rowsText = (rows: number): string => (rows === 1 ? l10n.t("1 row") : l10n.t("{0} rows", rows));

export const mappingLabel = (kind: "users" | "groups"): string =>
  kind === "users" ? l10n.t("Users mapping") : l10n.t("Groups mapping");

/** Who is in scope, in few words. @param filters how many groups of clauses narrow it */
export function scopeText(everybody: boolean, filters: number): string {
  const who = everybody ? l10n.t("everybody") : l10n.t("assigned users and groups");
  if (filters === 0) return who;
  return filters === 1 ? l10n.t("{0}, 1 group of clauses", who) : l10n.t("{0}, {1} groups of clauses", who, filters);
}

/** How long a job in quarantine has. */
export const daysLeftText = (days: number): string =>
  days === 1 ? l10n.t("1 day until it is turned off") : l10n.t("{0} days until it is turned off", days);

import * as l10n from "@vscode/l10n";
import * as z from "zod";

/** One entry of the setting `scim.connections`. It never holds a secret. */
export const connectionSchema = z.object({
  name: z.string().trim().min(1).max(80),
  baseUrl: z.url({ protocol: /^https?$/ }),
  dialect: z.enum(["databricks", "generic"]).default("generic"),
  production: z.boolean().optional(),
  readOnly: z.boolean().optional(),
  auth: z.enum(["token", "oauth"]).default("token"),
  /** Of an OAuth client (a Databricks service principal): its application id. The client's secret is apart. */
  clientId: z.string().min(1).optional(),
  /** Where client credentials are exchanged for a token (RFC 6749 section 4.4). */
  tokenUrl: z.url({ protocol: /^https?$/ }).optional(),
});

export type ConnectionSetting = z.infer<typeof connectionSchema>;

/** A SCIM service that the person is connected to, or may be. */
export interface Connection extends ConnectionSetting {
  /** `settings`: saved; `sandbox`: started by this window; `session`: given to this window by its environment. */
  readonly origin: "settings" | "sandbox" | "session";
}

/** An entry of the setting that cannot be used, and why. */
export interface ConnectionProblem {
  /** 1-based position in the list. */
  readonly position: number;
  readonly name: string | undefined;
  readonly message: string;
}

export interface ParsedConnections {
  readonly connections: readonly ConnectionSetting[];
  readonly problems: readonly ConnectionProblem[];
}

const nameOf = (entry: unknown): string | undefined =>
  typeof entry === "object" && entry !== null && "name" in entry && typeof entry.name === "string"
    ? entry.name
    : undefined;

/**
 * Reads the value of the setting `scim.connections`. A broken entry becomes a problem and leaves the others alone; so does
 * one whose name or base URL another entry has, since both identify a connection.
 */
export function parseConnections(value: unknown): ParsedConnections {
  if (value === undefined) return { connections: [], problems: [] };
  if (!Array.isArray(value)) {
    const message = l10n.t("The setting scim.connections must be a list.");
    return { connections: [], problems: [{ position: 1, name: undefined, message }] };
  }
  const connections: ConnectionSetting[] = [];
  const problems: ConnectionProblem[] = [];
  value.forEach((entry: unknown, index) => {
    const position = index + 1;
    const problem = (message: string) => problems.push({ position, name: nameOf(entry), message });
    const parsed = connectionSchema.safeParse(entry);
    if (!parsed.success) {
      const issue = parsed.error.issues[0];
      const where = issue?.path.join(".") ?? "";
      problem(where === "" ? (issue?.message ?? "") : `${where}: ${issue?.message ?? ""}`);
      return;
    }
    const connection = parsed.data;
    if (connections.some((other) => sameName(other.name, connection.name)))
      problem(l10n.t("name: another connection is named the same."));
    else if (connections.some((other) => other.baseUrl === connection.baseUrl))
      problem(l10n.t("baseUrl: another connection has the same address."));
    else connections.push(connection);
  });
  return { connections, problems };
}

/** Whether two connection names would be mistaken for one another. */
export const sameName = (a: string, b: string): boolean =>
  a.trim().toLocaleLowerCase() === b.trim().toLocaleLowerCase();

/** `name`, or `name 2`, `name 3`… when it is taken. */
export function freeName(name: string, taken: readonly string[]): string {
  for (let number = 1; ; number++) {
    const candidate = number === 1 ? name : `${name} ${number}`;
    if (!taken.some((other) => sameName(other, candidate))) return candidate;
  }
}

/** The connection as it is saved: without its origin and without what is at its default. */
export function toSetting(connection: ConnectionSetting): Record<string, unknown> {
  const { name, baseUrl, dialect, auth, production, readOnly, clientId, tokenUrl } = connection;
  return {
    name,
    baseUrl,
    dialect,
    ...(auth === "oauth" ? { auth } : {}),
    ...(production === true ? { production } : {}),
    ...(readOnly === true ? { readOnly } : {}),
    ...(clientId === undefined ? {} : { clientId }),
    ...(tokenUrl === undefined ? {} : { tokenUrl }),
  };
}

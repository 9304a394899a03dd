import { randomUUID } from "node:crypto";
import * as z from "zod";
import { isLoopback } from "../../http/secureUrl.ts";
import { ScimClient } from "../../scim/client.ts";
import { normalizeBaseUrl } from "../../scim/baseUrl.ts";
import { GraphFault } from "./fault.ts";
import type { Secrets } from "./secretStore.ts";

const bodySchema = z.looseObject({
  useSavedCredentials: z.boolean().optional(),
  credentials: z.array(z.object({ key: z.string(), value: z.string() })).optional(),
});

/**
 * Tests credentials as the service does: a query by filter for somebody who cannot exist, which must answer an empty list.
 * The error codes of a failure are those that integrators report (inferred).
 * @throws GraphFault 400 with what went wrong
 */
export async function validateCredentials(body: unknown, saved: Secrets): Promise<void> {
  const parsed = bodySchema.safeParse(body);
  if (!parsed.success) throw new GraphFault(400, "BadRequest", "The credentials are not valid.");
  const given = new Map((parsed.data.credentials ?? []).map(({ key, value }) => [key.toLowerCase(), value]));
  const get = (key: "BaseAddress" | "SecretToken") =>
    parsed.data.useSavedCredentials === true ? saved.get(key) : given.get(key.toLowerCase());
  const baseUrl = get("BaseAddress") ?? "";
  const token = get("SecretToken") ?? "";
  if (baseUrl === "" || token === "")
    throw new GraphFault(400, "CredentialsMissing", "Tenant URL or secret token is missing.");
  if (!URL.canParse(baseUrl) || !isLoopback(new URL(baseUrl).hostname)) {
    throw new GraphFault(400, "CredentialValidationUnavailable", "The sandbox speaks to this machine only.");
  }
  const { dialect } = normalizeBaseUrl(baseUrl);
  const client = new ScimClient({ baseUrl, dialect, token, attempts: 1 });
  try {
    await client.list("User", { filter: `userName eq "${randomUUID()}"` });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const refused = /unauthorized|forbidden/.test(String((error as { code?: unknown }).code));
    throw new GraphFault(400, refused ? "InvalidCredentials" : "CredentialValidationUnavailable", message);
  } finally {
    await client.close();
  }
}

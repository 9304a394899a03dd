import { dialectFor } from "../scim/dialects/dialects.ts";
import { normalizeBaseUrl } from "../scim/baseUrl.ts";
import { ScimClient } from "../scim/client.ts";
import type { CliHost } from "./host.ts";
import { note } from "./host.ts";
import { readToken } from "./token.ts";

/** Opens a client for an address as a person pastes it; what had to be corrected in it is told on standard error. */
export async function connect(
  host: CliHost,
  url: string,
  options: { readonly tokenStdin?: boolean },
): Promise<ScimClient> {
  const { baseUrl, dialect, notes } = normalizeBaseUrl(url);
  for (const text of notes) note(host, text);
  const token = await readToken(host, options);
  return new ScimClient({ baseUrl, dialect: dialectFor(dialect, baseUrl), token, signal: host.signal });
}

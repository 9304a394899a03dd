import type { CliHost } from "./host.ts";
import { UsageError } from "./host.ts";

/** Longest token that is read from standard input, in characters. */
const longestToken = 100_000;

/**
 * Finds the secret token: standard input with `--token-stdin`, else the environment variable `SCIM_TOKEN`. It is never
 * an argument, since other users of a machine can read the arguments of a process.
 *
 * @throws UsageError when there is none, or when it cannot be sent in a header.
 */
export async function readToken(host: CliHost, options: { readonly tokenStdin?: boolean }): Promise<string> {
  const raw = options.tokenStdin ? await readAll(host) : host.env["SCIM_TOKEN"];
  const token = raw?.trim();
  if (!token) {
    throw new UsageError(
      options.tokenStdin
        ? 'Standard input held no token. Pipe it in: printf %s "$TOKEN" | scim-provisioning … --token-stdin'
        : "No token. Set the environment variable SCIM_TOKEN, or pass --token-stdin and write the token to standard input.",
    );
  }
  if (!/^[\x21-\x7e]+$/.test(token)) {
    throw new UsageError(
      "The token holds characters that cannot be sent (spaces, line breaks or non-ASCII). Copy it again.",
    );
  }
  return token;
}

async function readAll(host: CliHost): Promise<string> {
  let text = "";
  host.stdin.setEncoding("utf8");
  for await (const chunk of host.stdin) {
    text += String(chunk);
    if (text.length > longestToken) throw new UsageError("Standard input is too long to be a token.");
  }
  return text;
}

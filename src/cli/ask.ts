import { createInterface } from "node:readline/promises";
import type { CliHost } from "./host.ts";
import { UsageError } from "./host.ts";

/**
 * Asks a question on standard error and waits for `y` or `yes`.
 *
 * @throws UsageError where nobody can be asked
 */
export async function confirm(host: CliHost, question: string): Promise<boolean> {
  if (host.stdin.isTTY !== true) {
    throw new UsageError("Nobody can be asked here, and nothing was sent. Pass --yes to go on without asking.");
  }
  const reader = createInterface({ input: host.stdin, output: host.stderr });
  try {
    const answer = await reader.question(`${question} [y/N] `, { signal: host.signal });
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    reader.close();
  }
}

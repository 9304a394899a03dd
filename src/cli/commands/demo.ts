import { changeDocuments, describeChange } from "../../changes/describe.ts";
import { makeUpdate } from "../../changes/build.ts";
import { pushChanges } from "../../changes/push.ts";
import { requestText } from "../../changes/requestText.ts";
import { checkConnection, formatCheck } from "../../conformance/check.ts";
import { formatChange } from "../../provisioning/planText.ts";
import { builtinSchema } from "../../scim/schemas/builtin.ts";
import { connect } from "../connect.ts";
import type { CliHost } from "../host.ts";
import { exitCodes, writeOut } from "../host.ts";
import { paintFor } from "../paint.ts";
import { readToken } from "../token.ts";
import { printable } from "../table.ts";

export interface DemoOptions {
  readonly tokenStdin?: boolean;
}

/**
 * `demo URL`, what `npm start -- --headless` runs: tests the connection, lists users, changes one, shows the diff, pushes
 * it, and reads it back. It makes a real change, so it is meant for a sandbox.
 */
export async function runDemo(host: CliHost, url: string, options: DemoOptions): Promise<number> {
  const say = (text: string) => writeOut(host, `${text}\n`);
  const token = await readToken(host, options);
  const report = await checkConnection({ baseUrl: url, token, signal: host.signal });
  await say(formatCheck(report));
  if (!report.healthy) return exitCodes.error;

  const client = await connect({ ...host, env: { ...host.env, SCIM_TOKEN: token } }, url, {});
  try {
    const page = await client.list("User", { count: 5 }, host.signal);
    await say(`\nThe first of ${page.totalResults ?? "?"} users:`);
    for (const user of page.resources)
      await say(`  ${printable(textOf(user["userName"]))}  ${printable(textOf(user["displayName"]))}`);
    const before = page.resources[0];
    if (before === undefined) {
      await say("There is nobody to change.");
      return exitCodes.error;
    }
    const displayName = `${textOf(before["displayName"] ?? before["userName"])} (Data Platform)`;
    const context = { resourceType: "User", schema: builtinSchema("User"), dialect: client.dialect } as const;
    const { change } = makeUpdate(before, { ...before, displayName }, context, { reason: "Shows what a push does." });
    if (change === undefined) return exitCodes.error;

    await say(`\nThe change, before it is sent:\n${formatChange(change, paintFor(host))}`);
    await say(`\nThe exact request:\n${requestText(change.requests[0] ?? { method: "PATCH", path: "" })}`);
    const { results, stopped } = await pushChanges({
      changes: [change],
      client,
      dialect: client.dialect,
      verify: true,
    });
    const outcome = results[0]?.outcome;
    if (outcome !== "pushed") {
      await say(`\nIt was not pushed: ${results[0]?.error?.message ?? stopped?.message ?? String(outcome)}`);
      return exitCodes.error;
    }
    const after = await client.get("User", before.id, { signal: host.signal });
    await say(`\n${describeChange(change)}: pushed. Read back:\n${changeDocuments({ ...change, after }).after}`);
    return after["displayName"] === displayName ? exitCodes.ok : exitCodes.error;
  } finally {
    await client.close();
  }
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { figure, type Figure } from "./figure.ts";
import type { Responsiveness } from "./host/responsive.ts";
import { runInHost } from "./host/runInHost.ts";
import { directoryJson } from "./planData.ts";

const users = 100_000;
/** By how much the 99th percentile of the event loop's delay may grow over that of an idle window, and how long it may ever be. */
const [growth, longest] = [10, 50];

/**
 * 100,000 people are planned and created from inside a real VS Code, and its extension host answers meanwhile: how late its
 * timers are, beside those of the same window when it is idle.
 */
export async function responsiveSuite(): Promise<readonly Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), "scim-bench-responsive-"));
  const service = new Worker(new URL("sandboxServer.ts", import.meta.url), {
    workerData: { users: 1, profile: "rfc" },
  });
  try {
    const [{ baseUrl, token }] = (await once(service, "message")) as [{ baseUrl: string; token: string }];
    const handover = join(folder, "sandbox.json");
    await writeFile(handover, JSON.stringify({ baseUrl, token, name: "Bench" }), { mode: 0o600 });
    const { idle, plan, push } = (await runInHost("responsive", {
      files: {
        "people.provisioning.json": jobText(baseUrl),
        "directory.json": directoryJson({ users, groups: 1, memberships: 1 }),
      },
      env: { SCIM_SANDBOX: handover, SCIM_BENCH_URL: baseUrl },
    })) as Responsiveness;
    const there = await count(baseUrl, token);
    if (there < users) throw new Error(`The service has ${there} users after the push.`);
    return Object.entries({ plan, push }).flatMap(([name, delay]) => {
      const what = `while ${users.toLocaleString("en-US")} users are ${name === "plan" ? "planned" : "pushed"} (${(delay.took / 1000).toFixed(0)} s)`;
      return [
        figure(
          `responsive: p99 of the delay ${what}, when idle (${idle.p99.toFixed(1)} ms) + ${growth} ms`,
          { ours: delay.p99, baseline: idle.p99 + growth, unit: "ms" },
          { atMost: 1 },
        ),
        figure(
          `responsive: longest delay ${what}, when idle ${idle.longest.toFixed(1)} ms`,
          { ours: delay.longest, baseline: longest, unit: "ms" },
          { atMost: 1 },
        ),
      ];
    });
  } finally {
    await service.terminate();
    await rm(folder, { recursive: true, force: true });
  }
}

async function count(baseUrl: string, token: string): Promise<number> {
  const answer = await fetch(`${baseUrl}/Users?count=0`, { headers: { authorization: `Bearer ${token}` } });
  return ((await answer.json()) as { readonly totalResults: number }).totalResults;
}

function jobText(baseUrl: string): string {
  return JSON.stringify({
    name: "People",
    connection: { baseUrl, dialect: "generic" },
    directory: { type: "json", file: "directory.json" },
    scope: { mode: "all" },
    users: {
      enabled: true,
      mappings: [
        { target: "userName", source: { attribute: "userPrincipalName" }, matching: 1 },
        { target: "displayName", source: { attribute: "displayName" } },
        { target: "name.givenName", source: { attribute: "givenName" } },
        { target: "name.familyName", source: { attribute: "surname" } },
        { target: 'emails[type eq "work"].value', source: { attribute: "mail" } },
        { target: "active", source: { expression: 'Switch([IsSoftDeleted], , "False", "True", "True", "False")' } },
      ],
    },
  });
}

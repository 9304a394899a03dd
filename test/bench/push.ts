import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { Agent, request } from "undici";
import { makeUpdate } from "../../src/changes/build.ts";
import type { Change } from "../../src/changes/change.ts";
import { Journal } from "../../src/changes/journal.ts";
import { pushChanges } from "../../src/changes/push.ts";
import { ScimClient } from "../../src/scim/client.ts";
import { generic } from "../../src/scim/dialects/generic.ts";
import type { ResourceType, ScimResource } from "../../src/scim/resource.ts";
import { builtinSchema } from "../../src/scim/schemas/builtin.ts";
import { figure, median, type Figure } from "./figure.ts";

interface Address {
  readonly baseUrl: string;
  readonly token: string;
}

interface Pushed {
  /** Milliseconds. */
  readonly time: number;
  readonly requests: number;
}

const updates = 2000;
const concurrency = 8;
const rounds = 5;

/**
 * Pushes 2,000 updates with the journal on, against a bare undici loop that sends the same requests at the same
 * concurrency to the same sandbox, which runs in a thread of its own. The sides take turns; the first round warms up.
 */
export async function pushSuite(): Promise<readonly Figure[]> {
  const service = new Worker(new URL("sandboxServer.ts", import.meta.url), {
    workerData: { users: updates, profile: "rfc" },
  });
  try {
    const [address] = (await once(service, "message")) as [Address];
    const dialect = { ...generic, rate: { startConcurrency: concurrency, maxConcurrency: concurrency } };
    const client = new ScimClient({ baseUrl: address.baseUrl, token: address.token, dialect });
    const agent = new Agent({ connections: concurrency });
    let requests = 0;
    const times = { bare: [] as number[], push: [] as number[] };
    for (let round = 0; round <= rounds; round++) {
      const bare = await bareLoop(agent, address, await makeChanges(client, `bare ${round}`));
      const push = await journalled(client, await makeChanges(client, `push ${round}`));
      if (round === 0) continue;
      times.bare.push(bare);
      times.push.push(push.time);
      requests = push.requests;
    }
    await Promise.all([client.close(), agent.close()]);
    const rate = (milliseconds: readonly number[]) => (updates * 1000) / median(milliseconds);
    const measured = { ours: rate(times.push), baseline: rate(times.bare), unit: "updates/s" };
    return [
      figure("push: 2,000 updates with the journal on, bare undici loop", measured, { atLeast: 0.85 }),
      figure(
        "push: requests of 2,000 updates, one for each",
        { ours: requests, baseline: updates, unit: "requests" },
        { atMost: 1.02 },
      ),
    ];
  } finally {
    await service.terminate();
  }
}

async function makeChanges(client: ScimClient, displayName: string): Promise<readonly Change[]> {
  const context = { resourceType: "User" as ResourceType, schema: builtinSchema("User"), dialect: client.dialect };
  const users: ScimResource[] = [];
  for await (const user of client.resources("User", { count: 1000 })) users.push(user);
  return users.flatMap((user) => {
    const { change } = makeUpdate(user, { ...user, displayName }, context, { reason: "Bench." });
    return change === undefined ? [] : [change];
  });
}

async function journalled(client: ScimClient, changes: readonly Change[]): Promise<Pushed> {
  const folder = await mkdtemp(join(tmpdir(), "scim-bench-"));
  const journal = await Journal.open(folder);
  try {
    const started = performance.now();
    const { counts, results } = await pushChanges({ changes, client, dialect: client.dialect, journal });
    const time = performance.now() - started;
    if (counts.pushed !== updates) throw new Error(`Pushed ${counts.pushed} of ${updates}.`);
    return { time, requests: results.reduce((sum, result) => sum + result.requests, 0) };
  } finally {
    await journal.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function bareLoop(agent: Agent, { baseUrl, token }: Address, changes: readonly Change[]): Promise<number> {
  const headers = {
    authorization: `Bearer ${token}`,
    "content-type": "application/scim+json",
    accept: "application/scim+json",
  };
  const requests = changes.flatMap((change) =>
    change.requests.map((each) => ({ ...each, version: versionOf(change) })),
  );
  let next = 0;
  const work = async () => {
    for (let each = requests[next++]; each !== undefined; each = requests[next++]) {
      const answer = await request(baseUrl + each.path, {
        dispatcher: agent,
        method: "PATCH",
        headers: each.version === undefined ? headers : { ...headers, "if-match": each.version },
        body: JSON.stringify(each.body),
      });
      await answer.body.json();
      if (answer.statusCode !== 200) throw new Error(`The service answered ${answer.statusCode}.`);
    }
  };
  const started = performance.now();
  await Promise.all(Array.from({ length: concurrency }, work));
  return performance.now() - started;
}

function versionOf(change: Change): string | undefined {
  const meta = change.before?.["meta"] as { version?: string } | undefined;
  return meta?.version;
}

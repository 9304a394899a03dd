import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { Agent, request } from "undici";
import { parseJob } from "../../src/job/load.ts";
import { jobPaths } from "../../src/job/paths.ts";
import { runCycle } from "../../src/provisioning/cycle.ts";
import { openJob } from "../../src/provisioning/jobContext.ts";
import { benchJob } from "./benchJob.ts";
import { figure, median, type Figure } from "./figure.ts";
import { directoryJson } from "./planData.ts";

const size = { users: 1_000, groups: 50, memberships: 1_000 };
const rounds = 3;

interface Address {
  readonly baseUrl: string;
  readonly token: string;
}
interface Run {
  readonly milliseconds: number;
  readonly requests: number;
}
interface Directory {
  readonly users: readonly { readonly id: string; readonly userPrincipalName: string; readonly displayName: string }[];
  readonly groups: readonly { readonly displayName: string; readonly members: readonly string[] }[];
}

/**
 * 1,000 users and 50 groups of 20 into an empty service, journal and log and all, beside the way of clients that go object by
 * object: look each up, create it, and add each member by a request of its own; one after the other, or as many at once as we
 * send. Both sides have a fresh sandbox in a thread of its own, and take turns.
 */
export async function peersSuite(): Promise<readonly Figure[]> {
  const directory = directoryJson(size);
  const runs = { ours: [] as Run[], one: [] as Run[], many: [] as Run[] };
  for (let round = 0; round < rounds; round++) {
    runs.ours.push(await withService((address) => oneCycle(address, directory)));
    runs.one.push(await withService((address) => objectByObject(address, JSON.parse(directory) as Directory, 1)));
    runs.many.push(await withService((address) => objectByObject(address, JSON.parse(directory) as Directory, 16)));
  }
  const of = (list: readonly Run[], part: keyof Run) => median(list.map((run) => run[part]));
  return (["one", "many"] as const).flatMap((peer) => {
    const whom = `object by object, ${peer === "one" ? "one request after the other" : "16 at once"}`;
    return (["requests", "milliseconds"] as const).map((part) =>
      figure(
        `peers: ${part} of 1,000 users and 50 groups of 20, ${whom}`,
        { ours: of(runs.ours, part), baseline: of(runs[peer], part), unit: part },
        { atMost: 1 },
      ),
    );
  });
}

async function withService(work: (address: Address) => Promise<Run>): Promise<Run> {
  const service = new Worker(new URL("sandboxServer.ts", import.meta.url), {
    workerData: { users: 1, profile: "rfc" },
  });
  try {
    const [address] = (await once(service, "message")) as [Address];
    return await work(address);
  } finally {
    await service.terminate();
  }
}

async function oneCycle({ baseUrl, token }: Address, directory: string): Promise<Run> {
  const folder = await mkdtemp(join(tmpdir(), "scim-bench-peers-"));
  try {
    await writeFile(join(folder, "directory.json"), directory);
    const job = { ...(JSON.parse(benchJob(0)) as object), connection: { baseUrl, dialect: "generic" } };
    let requests = 0;
    const started = performance.now();
    const context = await openJob(
      parseJob(JSON.stringify(job), "bench"),
      jobPaths(join(folder, "bench.provisioning.json")),
      { tokenFor: () => token, log: () => (requests += 1) },
    );
    const { outcome } = await runCycle(context, { initiatedBy: "command line" });
    await context.close();
    if (outcome !== "succeeded") throw new Error(`The cycle ended with ${outcome}.`);
    return { milliseconds: performance.now() - started, requests };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function objectByObject({ baseUrl, token }: Address, { users, groups }: Directory, atOnce: number): Promise<Run> {
  const agent = new Agent({ connections: atOnce });
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/scim+json" };
  let requests = 0;
  const send = async (method: "GET" | "POST" | "PATCH", path: string, document?: unknown): Promise<unknown> => {
    requests += 1;
    const body = document === undefined ? null : JSON.stringify(document);
    const answer = await request(`${baseUrl}${path}`, { method, headers, body, dispatcher: agent });
    const text = await answer.body.text();
    if (answer.statusCode >= 300) throw new Error(`${method} ${path}: ${answer.statusCode} ${text}`);
    return text === "" ? undefined : JSON.parse(text);
  };
  const ensure = async (list: string, name: string, value: string, document: object): Promise<string> => {
    const filter = encodeURIComponent(`${name} eq "${value}"`);
    const found = (await send("GET", `/${list}?filter=${filter}`)) as {
      readonly Resources?: readonly { id: string }[];
    };
    const known = found.Resources?.[0] ?? ((await send("POST", `/${list}`, document)) as { readonly id: string });
    return known.id;
  };
  const inTurns = async <Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> => {
    const left = items.values();
    const worker = async () => {
      for (const item of left) await work(item);
    };
    await Promise.all(Array.from({ length: atOnce }, worker));
  };
  const core = "urn:ietf:params:scim:schemas:core:2.0";
  const ids = new Map<string, string>();
  const started = performance.now();
  await inTurns(users, async ({ id, userPrincipalName: userName, displayName }) => {
    const document = { schemas: [`${core}:User`], userName, displayName, active: true };
    ids.set(id, await ensure("Users", "userName", userName, document));
  });
  await inTurns(groups, async ({ displayName, members }) => {
    const group = await ensure("Groups", "displayName", displayName, { schemas: [`${core}:Group`], displayName });
    for (const member of members)
      await send("PATCH", `/Groups/${group}`, {
        schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        Operations: [{ op: "add", path: "members", value: [{ value: ids.get(member) }] }],
      });
  });
  const milliseconds = performance.now() - started;
  await agent.close();
  return { milliseconds, requests };
}

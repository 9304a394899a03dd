import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { Agent, request } from "undici";
import { PendingChanges } from "../../src/extension/changes/pendingChanges.ts";
import { Clients } from "../../src/extension/connections/clients.ts";
import { Observations } from "../../src/extension/connections/observations.ts";
import type { Connection } from "../../src/extension/connections/connection.ts";
import { TokenStore } from "../../src/extension/connections/tokens.ts";
import { DirectoryTree } from "../../src/extension/tree/directoryTree.ts";
import { collectionId, connectionId } from "../../src/extension/tree/nodes.ts";
import { renderNode } from "../../src/extension/tree/render.ts";
import { figure, median, type Figure } from "./figure.ts";

/** Where the prepared pages are. */
export interface TreePage {
  readonly origin: string;
}

const sizes = [1_000, 1_000_000] as const;
const rounds = 101;
const pageSize = 100;

/**
 * Opens a connection and its users in the tree, from the first expansion to the drawn rows of the first page, with the counts
 * that the tree asks for on the way; against a raw GET of the same page on an open connection. The client stays open, as it
 * does in a window. The sides take turns; the first rounds warm up.
 */
export async function treeSuite(): Promise<readonly Figure[]> {
  const service = new Worker(new URL("treeServer.ts", import.meta.url));
  const agent = new Agent({ connections: 4 });
  const tokens = new TokenStore({ get: nothing, store: nothing, delete: nothing });
  const clients = new Clients({
    tokens,
    log: () => () => undefined,
    observations: new Observations({ read: () => undefined, write: async () => undefined }, () => true),
    trusted: () => true,
  });
  try {
    const [{ origin }] = (await once(service, "message")) as [TreePage];
    const times = sizes.map(() => ({ raw: [] as number[], tree: [] as number[] }));
    for (let round = -20; round < rounds; round++)
      for (const [at, users] of sizes.entries()) {
        const connection = connectionTo(`${origin}/${users}/api/2.0/preview/scim/v2`);
        tokens.hold(connection.baseUrl, "bench");
        const raw = await timed(() => rawPage(agent, connection.baseUrl));
        const tree = await timed(() => firstPage(clients, connection, users));
        if (round < 0) continue;
        times[at]?.raw.push(raw);
        times[at]?.tree.push(tree);
      }
    const medians = times.map(({ raw, tree }) => ({ raw: median(raw), tree: median(tree) }));
    const [small, large] = medians;
    if (small === undefined || large === undefined) throw new Error("Both sizes are measured.");
    return [
      ...medians.map(({ raw, tree }, at) =>
        figure(
          `tree: first page of ${sizes[at]?.toLocaleString("en-US") ?? ""} users, 1.15 x a raw GET of it (${raw.toFixed(2)} ms) + 10 ms`,
          { ours: tree, baseline: 1.15 * raw + 10, unit: "ms" },
          { atMost: 1 },
        ),
      ),
      figure(
        "tree: first page of 1,000,000 users, of 1,000 users",
        { ours: large.tree, baseline: small.tree, unit: "ms" },
        { atMost: 1.2 },
      ),
    ];
  } finally {
    await Promise.all([clients.dispose(), agent.close()]);
    await service.terminate();
  }
}

const nothing = (): Promise<undefined> => Promise.resolve(undefined);

const connectionTo = (baseUrl: string): Connection => ({
  name: "Bench",
  baseUrl,
  dialect: "databricks",
  auth: "token",
  origin: "session",
});

async function rawPage(agent: Agent, baseUrl: string): Promise<void> {
  const url = `${baseUrl}/Users?startIndex=1&count=${pageSize}`;
  const { statusCode, body } = await request(url, { dispatcher: agent, headers: { authorization: "Bearer bench" } });
  const page = (await body.json()) as { readonly Resources: readonly unknown[] };
  if (statusCode !== 200 || page.Resources.length !== pageSize) throw new Error("The raw page did not come.");
}

async function firstPage(clients: Clients, connection: Connection, users: number): Promise<void> {
  const { baseUrl } = connection;
  const pending = new PendingChanges({ read: () => undefined, write: nothing });
  const tree = new DirectoryTree({
    connections: () => [connection],
    problems: () => [],
    reader: (each) => clients.reader(each),
    pending: (url) => pending.view(url),
  });
  await tree.children();
  await tree.children(connectionId(baseUrl));
  const list = collectionId(baseUrl, "User");
  const drawn = (await tree.children(list)).map((id) => renderNode(tree.node(id) as never));
  const collection = tree.node(list);
  if (drawn.length !== pageSize + 1 || collection?.kind !== "collection" || collection.total !== users)
    throw new Error(`The tree shows ${drawn.length} rows.`);
}

async function timed(work: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

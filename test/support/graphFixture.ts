import { onTestFinished } from "vitest";
import { GraphClient, type GraphClientOptions } from "../../src/graph/client.ts";
import type { Clock } from "../../src/graph/clock.ts";
import {
  startGraphSandbox,
  type GraphSandbox,
  type GraphSandboxOptions,
} from "../../src/sandbox/graph/graphSandbox.ts";
import type { SandboxOptions } from "../../src/sandbox/options.ts";
import { startSandbox, type Sandbox } from "../../src/sandbox/sandbox.ts";

/** The time at which the provisioning service of every test starts. */
export const startAt = new Date("2026-11-24T08:00:00.000Z");

/** A clock that stands still and passes over waits at once, keeping count of them. */
export class FakeClock implements Clock {
  time = startAt.getTime();
  readonly waits: number[] = [];
  readonly now = () => this.time;
  readonly sleep = (ms: number, signal?: AbortSignal): Promise<void> => {
    signal?.throwIfAborted();
    this.waits.push(ms);
    this.time += ms;
    return Promise.resolve();
  };
}

/** A Graph service for one test whose time stands still, gone when the test ends. */
export async function graphFor(options: GraphSandboxOptions = {}): Promise<GraphSandbox> {
  const graph = await startGraphSandbox({ speed: 0, rates: false, startAt, ...options });
  onTestFinished(() => graph.close());
  return graph;
}

/** A client of it, closed when the test ends. */
export function clientFor(graph: GraphSandbox, options: Partial<GraphClientOptions> = {}): GraphClient {
  const client = new GraphClient({ graphUrl: graph.graphUrl, token: graph.token, ...options });
  onTestFinished(() => client.close());
  return client;
}

/** A SCIM service to provision to, gone when the test ends. */
export async function scimFor(options: SandboxOptions = {}): Promise<Sandbox> {
  const scim = await startSandbox(options);
  onTestFinished(() => scim.close());
  return scim;
}

/** Everything that a stream gives. */
export async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}

import { parentPort, workerData } from "node:worker_threads";
import type { Profile } from "../../src/sandbox/options.ts";
import { startSandbox } from "../../src/sandbox/sandbox.ts";

/** A sandbox in a thread of its own; tells its address, and some ids and user names that it holds. */
const { users, profile = "databricks-workspace" } = workerData as {
  readonly users: number;
  readonly profile?: Profile;
};
const sandbox = await startSandbox({ profile, users, groups: 100 });
const people = [...sandbox.store.snapshot().users.values()].filter((_, at) => at % 97 === 0);
parentPort?.postMessage({
  baseUrl: sandbox.baseUrl,
  token: sandbox.token,
  people: people.map(({ id, userName }) => ({ id, userName })),
});

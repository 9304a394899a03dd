import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { Agent, request } from "undici";
import { parseJob } from "../../src/job/load.ts";
import { jobPaths } from "../../src/job/paths.ts";
import { applyResults } from "../../src/provisioning/applyResults.ts";
import { openJob, type JobContext } from "../../src/provisioning/jobContext.ts";
import { JobState } from "../../src/provisioning/jobState.ts";
import { makePlan } from "../../src/provisioning/makePlan.ts";
import { benchJob } from "./benchJob.ts";
import { figure, median, type Figure } from "./figure.ts";
import { directoryJson, type Size } from "./planData.ts";

const size: Size = { users: 20_000, groups: 400, memberships: 100_000 };
/** What one page costs a service, in milliseconds: a tenth of a second is common, this is a quick one. */
const delay = 50;
const rounds = 5;
const pageSize = 100;

/**
 * "Compare with Target": every object of a job that is in step is read, evaluated and compared, group members included;
 * against nothing but reading the same pages, as many at once. The sides take turns.
 */
export async function driftSuite(): Promise<readonly Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), "scim-bench-drift-"));
  const server = new Worker(new URL("pageServer.ts", import.meta.url), { workerData: { ...size, delay } });
  const agent = new Agent();
  try {
    const [port] = (await once(server, "message")) as [number];
    await writeFile(join(folder, "directory.json"), directoryJson(size));
    const job = parseJob(benchJob(port), "bench");
    let requests = 0;
    const context = await openJob(job, jobPaths(join(folder, "bench.provisioning.json")), {
      tokenFor: () => "bench",
      log: () => (requests += 1),
    });
    const state = await inStep(context);
    const atOnce = context.client.dialect.rate.maxConcurrency;
    const times = { bare: [] as number[], check: [] as number[] };
    for (let round = 0; round < rounds; round++) {
      times.bare.push(await timed(() => barePages(agent, job.connection.baseUrl, atOnce)));
      requests = 0;
      times.check.push(await timed(() => check(context, state)));
    }
    await context.close();
    const pages = (size.users + size.groups) / pageSize;
    return [
      figure(
        `drift: compare ${size.users.toLocaleString("en-US")} users with their target, bare reads of its pages at ${delay} ms each`,
        { ours: median(times.check), baseline: median(times.bare), unit: "ms" },
        { atMost: 1.1 },
      ),
      figure(
        "drift: requests, pages of the target",
        { ours: requests, baseline: pages, unit: "requests" },
        { atMost: 1.1 },
      ),
    ];
  } finally {
    await Promise.all([server.terminate(), agent.close()]);
    await rm(folder, { recursive: true, force: true });
  }
}

/** The state of a job whose last cycle found everything as it should be. */
async function inStep(context: JobContext): Promise<JobState> {
  const state = new JobState();
  applyResults(state, await makePlan(context, state, { now: new Date(0) }), [], new Date(0));
  state.record = { ...state.record, watermark: new Date(0).toISOString(), fingerprint: context.fingerprint };
  return state;
}

async function check(context: JobContext, state: JobState): Promise<void> {
  const { plan } = await makePlan(context, state, { now: new Date(0), initial: true });
  if (plan.changes.length > 0) throw new Error(`${plan.changes.length} changes were planned.`);
}

async function barePages(agent: Agent, baseUrl: string, atOnce: number): Promise<void> {
  const urls = (["Users", "Groups"] as const).flatMap((list) =>
    Array.from(
      { length: (list === "Users" ? size.users : size.groups) / pageSize },
      (_, at) => `${baseUrl}/${list}?startIndex=${at * pageSize + 1}&count=${pageSize}`,
    ),
  );
  const left = urls.values();
  const reader = async () => {
    for (const url of left) {
      const { statusCode, body } = await request(url, {
        dispatcher: agent,
        headers: { authorization: "Bearer bench" },
      });
      const text = await body.text();
      if (statusCode !== 200 || text.length < 100) throw new Error("A page did not come.");
    }
  };
  await Promise.all(Array.from({ length: atOnce }, reader));
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

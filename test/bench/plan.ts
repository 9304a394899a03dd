import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { Worker } from "node:worker_threads";
import { parseJob } from "../../src/job/load.ts";
import { jobPaths } from "../../src/job/paths.ts";
import { applyResults } from "../../src/provisioning/applyResults.ts";
import { openJob, type JobContext } from "../../src/provisioning/jobContext.ts";
import { JobState } from "../../src/provisioning/jobState.ts";
import { makePlan } from "../../src/provisioning/makePlan.ts";
import { planJson } from "../../src/provisioning/planFile.ts";
import { benchJob } from "./benchJob.ts";
import { figure, median, type Figure } from "./figure.ts";
import { directoryJson, targetPages, type Size } from "./planData.ts";

const size: Size = { users: 100_000, groups: 2_000, memberships: 500_000 };
const rounds = 5;

// Node.js gives its collector to a context that is made after the flag is set; no option of the command line is needed.
setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

/**
 * A full plan of 100,000 users, 2,000 groups and 500,000 memberships, from the bytes of the directory file and of the
 * target's pages (over loopback) to the bytes of the plan, against JSON.parse of the same bytes; then an incremental plan
 * with 1 % changed against the full one, which remembers the directory as a cycle does. Requests of both are counted against the fewest that can do. Memory is what is
 * alive at its highest, against what the parsed documents take: both after a collection.
 */
export async function planSuite(): Promise<readonly Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), "scim-bench-plan-"));
  const server = new Worker(new URL("pageServer.ts", import.meta.url), { workerData: size });
  try {
    const [port] = (await once(server, "message")) as [number];
    const file = join(folder, "directory.json");
    const text = directoryJson(size);
    const pages = Object.values(targetPages(size)).flat();
    await writeFile(file, text);
    const paths = jobPaths(join(folder, "bench.provisioning.json"));
    let requests = 0;
    const context = await openJob(parseJob(benchJob(port), "bench"), paths, {
      tokenFor: () => "bench",
      log: () => (requests += 1),
    });

    const times = { parse: [] as number[], full: [] as number[], incremental: [] as number[] };
    const state = new JobState();
    const memory = await peakMemory(context);
    requests = 0;
    const first = await makePlan(context, state, { now: new Date(0) });
    const sent = { full: requests, incremental: 0 };
    applyResults(state, first, [], new Date(0));
    const imprint = await first.imprint?.();
    if (imprint) state.remember({ fingerprint: context.fingerprint, imprint });
    state.record = { ...state.record, watermark: new Date(0).toISOString(), fingerprint: context.fingerprint };
    const changedText = directoryJson(size, size.users / 100);
    for (let round = 0; round < rounds; round++) {
      await writeFile(file, text);
      times.parse.push(await timed(() => parseAll(text, pages)));
      times.full.push(
        await timed(async () => planJson((await makePlan(context, new JobState(), { now: new Date(0) })).plan)),
      );
      await writeFile(file, changedText);
      requests = 0;
      times.incremental.push(
        await timed(async () => {
          const { plan } = await makePlan(context, state, { now: new Date(0) });
          if (plan.summary.update !== size.users / 100) throw new Error(`Planned ${plan.summary.update} updates.`);
          return planJson(plan);
        }),
      );
      sent.incremental = requests;
    }
    await context.close();
    const [parse, full, incremental] = [median(times.parse), median(times.full), median(times.incremental)];
    return [
      figure(
        "plan: 100,000 users, 2,000 groups, 500,000 memberships, JSON.parse of the same bytes",
        { ours: full, baseline: parse, unit: "ms" },
        { atMost: 2.5 },
      ),
      figure(
        "plan: incremental with 1 % changed, full plan",
        { ours: incremental, baseline: full, unit: "ms" },
        { atMost: 0.1 },
      ),
      figure(
        "plan: requests of a full plan, pages of the target",
        { ours: sent.full, baseline: pages.length, unit: "requests" },
        { atMost: 1.02 },
      ),
      figure(
        "plan: requests of an incremental plan, objects that changed",
        { ours: sent.incremental, baseline: size.users / 100, unit: "requests" },
        { atMost: 1.02 },
      ),
      figure(
        "plan: memory at its highest, parsed documents",
        { ours: memory, baseline: parsedMemory(text, pages), unit: "MB" },
        { atMost: 1.5 },
      ),
    ];
  } finally {
    await server.terminate();
    await rm(folder, { recursive: true, force: true });
  }
}

function parseAll(directory: string, pages: readonly string[]): Promise<unknown> {
  return Promise.resolve([JSON.parse(directory), ...pages.map((page) => JSON.parse(page) as unknown)]);
}

/** What a full plan keeps alive at its highest, in MB: looked at while the target is read, and with the plan made. */
async function peakMemory(context: JobContext): Promise<number> {
  const before = aliveMB();
  let [highest, calls] = [0, 0];
  const look = () => (highest = Math.max(highest, aliveMB() - before));
  const planned = await makePlan(context, new JobState(), {
    now: new Date(0),
    onProgress: ({ done, total }) => {
      if (++calls % 100 === 0 || done === total) look();
    },
  });
  look();
  return planned.compared.length > 0 ? highest : NaN;
}

function parsedMemory(directory: string, pages: readonly string[]): number {
  const before = aliveMB();
  const documents = [directory, ...pages].map((text) => JSON.parse(text) as unknown);
  const after = aliveMB();
  return documents.length > 0 ? after - before : NaN;
}

function aliveMB(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed / 2 ** 20;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  collectGarbage();
  const started = performance.now();
  await work();
  return performance.now() - started;
}

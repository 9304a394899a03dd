import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { figure, median, type Figure } from "./figure.ts";
import type { Load } from "./loadWorker.ts";

const rounds = 5;
/** Slices of each side within a round, taken in turn, so that what else the machine does meets both alike. */
const slices = 6;
const milliseconds = 250;
const connections = 16;

interface SandboxReport {
  readonly baseUrl: string;
  readonly token: string;
  readonly people: readonly { readonly id: string; readonly userName: string }[];
}

/**
 * Requests per second of the sandbox with 100,000 users, against a bare node:http server that answers bytes of the same kind
 * and length. One server and the load generator share the two cores; the other server idles meanwhile.
 */
export async function sandboxSuite(): Promise<readonly Figure[]> {
  const sandbox = new Worker(new URL("sandboxServer.ts", import.meta.url), { workerData: { users: 100_000 } });
  try {
    const [report] = (await once(sandbox, "message")) as [SandboxReport];
    const get = report.people.map(({ id }) => `/Users/${id}`);
    const filter = report.people.map(
      ({ userName }) => `/Users?filter=${encodeURIComponent(`userName eq "${userName}"`)}`,
    );
    return [
      figure("sandbox: GET by id, 100,000 users", await compare(report, get), { atLeast: 0.5 }),
      figure("sandbox: filter userName eq, 100,000 users", await compare(report, filter), { atLeast: 0.5 }),
    ];
  } finally {
    await sandbox.terminate();
  }
}

/** Runs both sides in turn; the medians of the rounds stand for each. */
async function compare({ baseUrl, token }: SandboxReport, paths: readonly string[]) {
  const sample = await fetch(`${baseUrl}${paths[0] ?? ""}`, { headers: { authorization: `Bearer ${token}` } });
  const bare = new Worker(new URL("bareServer.ts", import.meta.url), {
    workerData: { body: await sample.text(), contentType: sample.headers.get("content-type") },
  });
  const generator = new Worker(new URL("loadWorker.ts", import.meta.url));
  try {
    const [barePort] = (await once(bare, "message")) as [number];
    const { port, pathname } = new URL(baseUrl);
    const rate = async (to: number): Promise<number> => {
      const load: Load = { port: to, requests: requests(to, pathname, token, paths), connections, milliseconds };
      generator.postMessage(load);
      return ((await once(generator, "message")) as [number])[0];
    };
    const round = async () => {
      const sums = { ours: 0, baseline: 0 };
      for (let slice = 0; slice < slices; slice += 1) {
        sums.ours += await rate(Number(port));
        sums.baseline += await rate(barePort);
      }
      return { ours: sums.ours / slices, baseline: sums.baseline / slices };
    };
    await round();
    const results = [];
    for (let at = 0; at < rounds; at += 1) results.push(await round());
    const middle = median(results.map(({ ours, baseline }) => ours / baseline));
    const baseline = median(results.map((result) => result.baseline));
    return { ours: middle * baseline, baseline, unit: "requests/s" };
  } finally {
    await Promise.all([bare.terminate(), generator.terminate()]);
  }
}

function requests(port: number, base: string, token: string, paths: readonly string[]): string[] {
  return paths.map(
    (path) =>
      `GET ${base}${path} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\nauthorization: Bearer ${token}\r\naccept: application/scim+json\r\n\r\n`,
  );
}

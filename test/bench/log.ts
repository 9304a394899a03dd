import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LogIndex } from "../../src/extension/log/logIndex.ts";
import { noFilter, type LogFilter } from "../../src/extension/log/messages.ts";
import { logRow } from "../../src/extension/log/records.ts";
import { skipRecord } from "../../src/provisioning/logRecords.ts";
import { figure, median, type Figure } from "./figure.ts";

const records = 1_000_000;
const people = 100_000;
const perCycle = 10_000;
const rounds = 5;
const shown = 100;
const now = new Date("2026-03-01T00:00:00Z");

/** What a person narrows the log to. */
const queries: readonly (readonly [name: string, filter: Partial<LogFilter>])[] = [
  ["all of the last month", { span: "month" }],
  ["one status", { status: "failure" }],
  ["one reason of the last week", { reason: "NotEffectivelyEntitled", span: "week" }],
  ["part of a name", { text: "person 4242" }],
];

/**
 * Queries of a log of 1,000,000 records whose index is there, from the filter to the rows that are shown; against
 * JSON.parse of every line that the file holds. The sides take turns.
 */
export async function logSuite(): Promise<readonly Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), "scim-bench-log-"));
  const file = join(folder, "log.jsonl");
  try {
    const lines = await writeLog(file);
    const index = new LogIndex(file);
    for await (const _ of index.update());
    if (index.total !== records) throw new Error(`The index holds ${index.total} records.`);
    const times = { parse: [] as number[], queries: queries.map(() => [] as number[]) };
    for (let round = 0; round < rounds; round++) {
      for (const [at, [, filter]] of queries.entries())
        times.queries[at]?.push(await timed(() => query(index, { ...noFilter, ...filter })));
      times.parse.push(await timed(() => parseAll(lines)));
    }
    return queries.map(([name], at) =>
      figure(
        `log: ${name}, of ${records.toLocaleString("en-US")} records, JSON.parse of them all`,
        { ours: median(times.queries[at] ?? []), baseline: median(times.parse), unit: "ms" },
        { atMost: 0.05 },
      ),
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function query(index: LogIndex, filter: LogFilter): Promise<void> {
  const view = index.view(filter, now);
  const rows = (await index.records(view, 0, shown)).map((record) => record && logRow(record));
  if (rows.length === 0 || rows.includes(undefined)) throw new Error("Nothing was found.");
}

function parseAll(lines: readonly string[]): Promise<void> {
  let people = 0;
  for (const line of lines) if ((JSON.parse(line) as { sourceIdentity?: unknown }).sourceIdentity) people += 1;
  if (people !== records) throw new Error("Not every line is a record.");
  return Promise.resolve();
}

/** A log as cycles leave it, oldest first: skips, every fiftieth record a failure. */
async function writeLog(file: string): Promise<readonly string[]> {
  const handle = await open(file, "w");
  const lines: string[] = [];
  for (let from = 0; from < records; from += perCycle) {
    const cycle = Array.from({ length: perCycle }, (_, at) => line(from + at));
    lines.push(...cycle);
    await handle.write(`${cycle.join("\n")}\n`);
  }
  await handle.close();
  return lines;
}

function line(at: number): string {
  const person = at % people;
  const record = skipRecord(
    {
      sourceId: `5f0c7e1a-93d2-4b7e-8a41-${String(person).padStart(12, "0")}`,
      resourceType: "User",
      name: `Person ${person}`,
      reason: at % 7 === 0 ? "NotEffectivelyEntitled" : "MappingFailed",
      detail: "Not in scope: nobody has assigned this person, or a group of theirs, to the application.",
    },
    {
      jobId: "bench",
      cycleId: `cycle-${Math.floor(at / perCycle)}`,
      initiatedBy: "schedule",
      now: () => new Date(now.getTime() - (records - at) * 2_000),
    },
  );
  const failed = at % 50 === 0;
  return JSON.stringify(failed ? { ...record, provisioningStatusInfo: { status: "failure" } } : record);
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

import { appendFile, mkdtemp, open, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { LogIndex } from "../../../src/extension/log/logIndex.ts";
import { noFilter, type LogFilter } from "../../../src/extension/log/messages.ts";
import { exportEnd, exportHead, exportRecord, logDetail, logRow } from "../../../src/extension/log/records.ts";
import type { LogRecord } from "../../../src/provisioning/logRecord.ts";
import { readLinesBackwards } from "../../../src/provisioning/logTail.ts";

const start = Date.parse("2026-11-24T08:00:00.000Z");

function record(at: number, more: Partial<LogRecord> = {}): LogRecord {
  return {
    id: `r${at}`,
    activityDateTime: new Date(start + at * 1000).toISOString(),
    jobId: "job",
    cycleId: `c${Math.floor(at / 10)}`,
    provisioningAction: "update",
    durationInMilliseconds: 12,
    sourceIdentity: { id: `s${at % 7}`, displayName: `Person ${at % 7}`, identityType: "User" },
    targetIdentity: { id: `t${at % 7}`, displayName: `Person ${at % 7}`, identityType: "User" },
    provisioningStatusInfo: { status: "success" },
    provisioningSteps: [
      {
        name: "EntryExportUpdate",
        provisioningStepType: "export",
        status: "success",
        description: "Sent in 1 request.",
      },
    ],
    modifiedProperties: [],
    ...more,
  };
}

const failure: Partial<LogRecord> = {
  provisioningStatusInfo: {
    status: "failure",
    errorInformation: { errorCode: "Conflict", reason: "Taken by another.", recommendedAction: "Change the value." },
  },
};

describe("the log table", () => {
  let folder: string;
  let file: string;
  let index: LogIndex;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "log-index-"));
    file = join(folder, "log.jsonl");
    index = new LogIndex(file);
  });
  afterEach(() => rm(folder, { recursive: true }));

  const lines = (records: readonly LogRecord[]) => records.map((each) => `${JSON.stringify(each)}\n`).join("");
  const update = async () => {
    for await (const _ of index.update());
  };
  const now = new Date(start + 100_000);
  const ids = async (filter: Partial<LogFilter> = {}) => {
    const view = index.view({ ...noFilter, ...filter }, now);
    return (await index.records(view, 0, view.matched)).map((each) => each?.id);
  };

  it("is empty as long as no cycle has run", async () => {
    await update();
    expect(index.total).toBe(0);
    expect(index.view(noFilter, now)).toMatchObject({ matched: 0, cycles: [] });
  });

  it("shows the newest record first, grouped by cycle", async () => {
    await writeFile(file, lines(Array.from({ length: 25 }, (_, at) => record(at, at === 21 ? failure : {}))));
    await update();
    expect((await ids()).slice(0, 3)).toEqual(["r24", "r23", "r22"]);
    const { cycles } = index.view(noFilter, now);
    expect(cycles.map(({ id, from, records, failures }) => [id, from, records, failures])).toEqual([
      ["c2", 0, 5, 1],
      ["c1", 5, 10, 0],
      ["c0", 15, 10, 0],
    ]);
  });

  it("is narrowed by person, status, action, reason and time", async () => {
    await writeFile(
      file,
      lines([
        record(0),
        record(1, failure),
        record(2, { provisioningAction: "create" }),
        record(3, { provisioningStatusInfo: { status: "skipped", skipReason: "NotEffectivelyEntitled" } }),
      ]),
    );
    await update();
    expect(await ids({ text: "PERSON 1" })).toEqual(["r1"]);
    expect(await ids({ text: "t2" })).toEqual(["r2"]);
    expect(await ids({ text: "effectively" })).toEqual(["r3"]);
    expect(await ids({ status: "failure" })).toEqual(["r1"]);
    expect(await ids({ action: "create" })).toEqual(["r2"]);
    expect(await ids({ reason: "Conflict" })).toEqual(["r1"]);
    expect(await ids({ reason: "NoSuchReason" })).toEqual([]);
    const later = new Date(start + 3_600_000 + 1_500);
    expect(index.view({ ...noFilter, span: "hour" }, later).matched).toBe(2);
    expect(index.reasons.map(({ name }) => name).sort()).toEqual(["Conflict", "NotEffectivelyEntitled"]);
  });

  it("takes in what is written while it is shown, and a log that is begun anew", async () => {
    await writeFile(file, lines([record(0), record(1)]));
    await update();
    await appendFile(file, lines([record(2)]));
    await update();
    expect(await ids()).toEqual(["r2", "r1", "r0"]);
    await truncate(file, 0);
    await appendFile(file, lines([record(9)]));
    await update();
    expect(await ids()).toEqual(["r9"]);
  });

  it("passes over a torn line and takes it in when it is whole", async () => {
    const [whole, torn] = [lines([record(0)]), lines([record(1)])];
    await writeFile(file, whole + torn.slice(0, 40));
    await update();
    expect(await ids()).toEqual(["r0"]);
    await appendFile(file, torn.slice(40));
    await update();
    expect(await ids()).toEqual(["r1", "r0"]);
  });

  it("counts lines that are no records and shows the others", async () => {
    await writeFile(file, `${lines([record(0)])}no json\n{"a":1}\n${lines([record(1)])}`);
    await update();
    expect([await ids(), index.damaged]).toEqual([["r1", "r0"], 2]);
  });

  it("reads lines that are longer than a part of the file", async () => {
    const long = record(1, { note: "ü".repeat(3_000_000) });
    await writeFile(file, lines([record(0), long, record(2)]));
    await update();
    expect(await ids()).toEqual(["r2", "r1", "r0"]);
  });

  it("gives every line of a file backwards, whatever its bytes", async () => {
    const all = Array.from({ length: 5_000 }, (_, at) => `${at} ${"é".repeat(at % 700)}`);
    await writeFile(file, `${all.join("\n")}\n`);
    const found: string[] = [];
    const handle = await open(file);
    const content = await readFile(file);
    for await (const part of readLinesBackwards(file))
      for (const { text, offset, length } of part) {
        expect(content.subarray(offset, offset + length).toString()).toBe(text);
        found.push(text);
      }
    await handle.close();
    expect(found.reverse()).toEqual(all);
  });

  it("shows names and values of a hostile directory as plain text within bounds", () => {
    const name = `<img src=x onerror=alert(1)>\u202e${"x".repeat(10_000)}`;
    const hostile = record(0, {
      sourceIdentity: { id: name, displayName: name, identityType: "User" },
      modifiedProperties: [{ displayName: name, newValue: name }],
    });
    expect(logRow(hostile).name.length).toBeLessThan(300);
    const detail = logDetail(hostile, 0);
    expect(detail.name).toContain("\ufffd");
    expect(detail.modified[0]?.after?.length).toBeLessThan(2_100);
  });

  it("leads a failure with its cause and its fix", () => {
    expect(logDetail(record(0, failure), 3)).toMatchObject({
      index: 3,
      error: { code: "Conflict", cause: "Taken by another.", fix: "Change the value." },
    });
  });

  it("is exported as JSON that can be read back, and as CSV in which no cell is a formula", () => {
    const records = [
      record(0),
      record(1, { sourceIdentity: { id: "1", displayName: '=HYPERLINK("x")', identityType: "User" } }),
    ];
    const write = (format: "csv" | "json") =>
      exportHead(format) + records.map((each, at) => exportRecord(format, each, at === 0)).join("") + exportEnd(format);
    expect(JSON.parse(write("json"))).toEqual(records);
    expect(write("csv").split("\r\n")[2]).toContain(`"'=HYPERLINK(""x"")"`);
  });
});

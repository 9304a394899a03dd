import { appendFile, mkdtemp, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { appendLog, readLog } from "../../../src/provisioning/logFile.ts";
import type { LogDamage, LogQuery } from "../../../src/provisioning/logFile.ts";
import type { LogRecord } from "../../../src/provisioning/logRecord.ts";

const record = (n: number, own: Partial<LogRecord> = {}): LogRecord => ({
  id: String(n),
  activityDateTime: `2026-11-24T12:00:0${n}.000Z`,
  jobId: "databricks",
  cycleId: "1",
  provisioningAction: "create",
  durationInMilliseconds: 12,
  sourceIdentity: { id: `s${n}`, displayName: `person${n}@contoso.com`, identityType: "User" },
  provisioningStatusInfo: { status: "success" },
  provisioningSteps: [],
  modifiedProperties: [],
  ...own,
});

describe("the provisioning log", () => {
  let file: string;
  beforeEach(async () => {
    file = join(await mkdtemp(join(tmpdir(), "scim-log-")), "log.jsonl");
  });
  const ids = async (query?: LogQuery, damage?: LogDamage) => {
    const found: string[] = [];
    for await (const { id } of readLog(file, query, damage)) found.push(id);
    return found;
  };

  it("is empty before the first cycle", async () => {
    expect(await ids()).toEqual([]);
  });

  it("keeps records in the order in which they were written, across pushes", async () => {
    await appendLog(file, [record(1), record(2)]);
    await appendLog(file, [record(3)]);
    expect(await ids()).toEqual(["1", "2", "3"]);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  it("is filtered by time, status, action and who", async () => {
    await appendLog(file, [
      record(1),
      record(2, { provisioningStatusInfo: { status: "failure" }, provisioningAction: "update" }),
      record(3, { targetIdentity: { id: "900", displayName: "Ada Okafor", identityType: "User" } }),
    ]);
    expect(await ids({ since: new Date("2026-11-24T12:00:02Z") })).toEqual(["2", "3"]);
    expect(await ids({ status: "failure" })).toEqual(["2"]);
    expect(await ids({ action: "create" })).toEqual(["1", "3"]);
    expect(await ids({ who: "ADA" })).toEqual(["3"]);
    expect(await ids({ who: "person2@" })).toEqual(["2"]);
    expect(await ids({ who: "nobody" })).toEqual([]);
  });

  it("passes over a torn line and names it, losing nothing else", async () => {
    await appendLog(file, [record(1)]);
    await appendFile(file, '{"id":"2","activityDa\n');
    await appendLog(file, [record(3)]);
    const damage: LogDamage = { lines: [] };
    expect(await ids({}, damage)).toEqual(["1", "3"]);
    expect(damage.lines).toEqual([2]);
  });
});

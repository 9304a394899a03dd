import { appendFile, mkdtemp, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";
import { Journal, headFile, journalFile } from "../../../src/changes/journal.ts";
import { readLastPush, verifyJournal } from "../../../src/changes/journalRead.ts";
import type { JournalEntry } from "../../../src/changes/journalRecord.ts";
import { readRecords } from "../../support/readRecords.ts";

async function jobFolder(): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), "scim-journal-"));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  return join(root, ".provisioning", "job");
}

function sending(before: number): JournalEntry {
  return { kind: "sending", push: "p", before };
}

/** A journal of so many records, closed. */
async function journalOf(count: number): Promise<{ folder: string; path: string }> {
  const folder = await jobFolder();
  const journal = await Journal.open(folder);
  for (let at = 1; at <= count; at++) journal.append(sending(at));
  await journal.close();
  return { folder, path: join(folder, journalFile) };
}

async function lines(path: string): Promise<string[]> {
  return (await readFile(path, "utf8")).trimEnd().split("\n");
}

describe("a journal", () => {
  it("gives back what was appended, in order, with its place in the chain", async () => {
    const { folder } = await journalOf(3);
    const records = await readRecords(folder);
    expect(records).toMatchObject([
      { seq: 1, kind: "sending", before: 1, prev: "0".repeat(64) },
      { seq: 2, before: 2 },
      { seq: 3, before: 3 },
    ]);
    expect(await verifyJournal(folder)).toEqual({ intact: true, records: 3, problems: [], mended: [] });
  });

  it("goes on where it ended when it is opened again", async () => {
    const { folder } = await journalOf(2);
    const journal = await Journal.open(folder);
    expect(journal.append(sending(3))).toBe(3);
    await journal.close();
    expect(await verifyJournal(folder)).toMatchObject({ intact: true, records: 3 });
  });

  it("makes durable what was appended before a commit", async () => {
    const folder = await jobFolder();
    const journal = await Journal.open(folder);
    await Promise.all(
      Array.from({ length: 50 }, async (_, at) => {
        const seq = journal.append(sending(at));
        await journal.commit();
        const written = await lines(join(folder, journalFile));
        expect(written.length).toBeGreaterThanOrEqual(seq);
      }),
    );
    await journal.close();
  });

  it("is readable by its owner alone, and kept out of version control", async () => {
    const { folder, path } = await journalOf(1);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    expect(await readFile(join(folder, "..", ".gitignore"), "utf8")).toBe("*\n");
  });

  it("has no records where there is no journal", async () => {
    const folder = await jobFolder();
    expect(await readRecords(folder)).toEqual([]);
    expect(await verifyJournal(folder)).toMatchObject({ intact: true, records: 0 });
  });

  it("refuses to write after it was closed", async () => {
    const journal = await Journal.open(await jobFolder());
    await journal.close();
    expect(() => journal.append(sending(1))).toThrow(expect.objectContaining({ code: "closed" }));
  });

  it("says why it cannot be opened", async () => {
    const root = await jobFolder();
    const { path } = await journalOf(1);
    await expect(Journal.open(join(path, "below-a-file"))).rejects.toMatchObject({
      code: "io",
      message: expect.stringContaining(path),
    });
    expect(root).toBeDefined();
  });

  it("reads lines of any length back from the end", async () => {
    const folder = await jobFolder();
    const first = await Journal.open(folder);
    first.append({ kind: "pushStart", push: "p", counts: {}, note: "x".repeat(300_000) });
    await first.close();
    const second = await Journal.open(folder);
    expect(second.repair).toBeUndefined();
    expect(second.append(sending(1))).toBe(2);
    await second.close();
    expect(await verifyJournal(folder)).toMatchObject({ intact: true });
  });
});

describe("the last push of a journal", () => {
  const start = (push: string): JournalEntry => ({ kind: "pushStart", push, counts: { update: 1 }, note: "né 🙂" });

  async function lastPushOf(folder: string) {
    const records = [];
    for await (const record of readLastPush(folder)) records.push(record);
    return records;
  }

  /** Three pushes, over two openings. */
  async function threePushes(): Promise<{ folder: string; path: string }> {
    const folder = await jobFolder();
    for (const pushes of [["a", "b"], ["c"]]) {
      const journal = await Journal.open(folder);
      for (const push of pushes) {
        journal.append(start(push));
        journal.append(sending(1));
        if (push !== "a") await journal.commit();
        journal.append(sending(2));
      }
      await journal.close();
    }
    return { folder, path: join(folder, journalFile) };
  }

  it("is read without what came before", async () => {
    const { folder } = await threePushes();
    expect(await lastPushOf(folder)).toEqual((await readRecords(folder)).slice(-3));
    expect(await lastPushOf(folder)).toMatchObject([{ kind: "pushStart", push: "c" }, { before: 1 }, { before: 2 }]);
  });

  it("is found with those before it while its begin was not noted yet", async () => {
    const { folder, path } = await threePushes();
    const head = await readFile(join(folder, headFile));
    const journal = await Journal.open(folder);
    journal.append(start("d"));
    await journal.close();
    await writeFile(join(folder, headFile), head);
    expect((await lastPushOf(folder)).map(({ kind }) => kind)).toEqual([
      "pushStart",
      "sending",
      "sending",
      "pushStart",
    ]);
    await writeFile(path, (await lines(path)).slice(0, 4).join("\n") + "\n");
    expect(await lastPushOf(folder)).toEqual(await readRecords(folder));
  });

  it.each([
    ["absent", ""],
    ["of an earlier version", `${JSON.stringify({ seq: 9, hash: "0".repeat(64) }).padEnd(110)}\n`],
    ["wrong", `${JSON.stringify({ seq: 9, hash: "0".repeat(64), push: 17 }).padEnd(150)}\n`],
    ["far beyond the end", `${JSON.stringify({ seq: 9, hash: "0".repeat(64), push: 1e9 }).padEnd(150)}\n`],
  ])("is read with everything before it when the note of its begin is %s", async (_, head) => {
    const { folder } = await threePushes();
    await writeFile(join(folder, headFile), head);
    expect(await lastPushOf(folder)).toEqual(await readRecords(folder));
    expect((await lastPushOf(folder)).length).toBe(9);
  });

  it("names the line of the whole journal that is damaged", async () => {
    const { folder, path } = await threePushes();
    const text = await lines(path);
    await writeFile(path, text.with(8, "x").join("\n") + "\n");
    await expect(lastPushOf(folder)).rejects.toThrow(/^Line 9 of the journal .* is no record/);
  });
});

describe("a torn last line", () => {
  it("is found by verifying, and left out by reading", async () => {
    const { folder, path } = await journalOf(2);
    await appendFile(path, '{"seq":3,"at":"20');
    expect(await readRecords(folder)).toHaveLength(2);
    expect(await verifyJournal(folder)).toMatchObject({ intact: false, problems: [{ kind: "torn", line: 3 }] });
  });

  it("is taken off when the journal is opened, and noted", async () => {
    const { folder, path } = await journalOf(2);
    await appendFile(path, '{"seq":3,"at":"20');
    const journal = await Journal.open(folder);
    expect(journal.repair).toMatchObject({ problem: "torn", bytes: 17, missing: 0 });
    await journal.close();
    const verdict = await verifyJournal(folder);
    expect(verdict).toMatchObject({ intact: true, records: 3, mended: [{ kind: "torn", line: 3 }] });
  });

  it("wherever it tears, loses no record before it", async () => {
    const { path: model } = await journalOf(4);
    const text = await readFile(model);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: text.length }), async (length) => {
        const folder = await jobFolder();
        await (await Journal.open(folder)).close();
        await writeFile(join(folder, journalFile), text.subarray(0, length));
        await (await Journal.open(folder)).close();
        const whole = text.subarray(0, length).toString().split("\n").length - 1;
        const records = await readRecords(folder);
        expect(records.filter(({ kind }) => kind === "sending")).toHaveLength(whole);
        expect((await verifyJournal(folder)).intact).toBe(true);
      }),
      { numRuns: 40 },
    );
  });
});

describe("verifying", () => {
  it("finds every change of a single byte", async () => {
    const { path: model } = await journalOf(4);
    const [text, head] = await Promise.all([readFile(model), readFile(join(model, "..", headFile))]);
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: text.length - 1 }),
        fc.integer({ min: 1, max: 255 }),
        async (at, flip) => {
          const folder = await jobFolder();
          await (await Journal.open(folder)).close();
          const changed = Buffer.from(text);
          changed[at] = (changed[at] ?? 0) ^ flip;
          await writeFile(join(folder, journalFile), changed);
          await writeFile(join(folder, headFile), head);
          expect((await verifyJournal(folder)).intact).toBe(false);
        },
      ),
      { numRuns: 150 },
    );
  });

  it.each([
    ["a record taken out", (all: string[]) => all.toSpliced(1, 1), "changed"],
    ["a record put twice", (all: string[]) => all.toSpliced(1, 0, all[1]!), "changed"],
    ["two records swapped", (all: string[]) => [all[0]!, all[2]!, all[1]!, all[3]!], "changed"],
    ["the last record cut off", (all: string[]) => all.slice(0, 3), "cut"],
    ["everything cut off", () => [], "cut"],
  ])("finds %s", async (_what, edit, kind) => {
    const { folder, path } = await journalOf(4);
    const edited = edit(await lines(path));
    await writeFile(path, edited.map((line) => `${line}\n`).join(""));
    const verdict = await verifyJournal(folder);
    expect(verdict.intact).toBe(false);
    expect(verdict.problems.map((problem) => problem.kind)).toContain(kind);
  });

  it("still finds cut records after the journal was opened and went on", async () => {
    const { folder, path } = await journalOf(4);
    const kept = (await lines(path)).slice(0, 2).join("\n").length + 1;
    await truncate(path, kept);
    const journal = await Journal.open(folder);
    expect(journal.repair).toMatchObject({ problem: "cut", missing: 2 });
    journal.append(sending(9));
    await journal.close();
    expect(await verifyJournal(folder)).toMatchObject({ intact: false, problems: [{ kind: "cut", line: 3 }] });
  });
});

describe("reading", () => {
  it("stops at a line that is no record, and names it", async () => {
    const { folder, path } = await journalOf(2);
    await appendFile(path, '{"seq":3}\n');
    await expect(readRecords(folder)).rejects.toMatchObject({
      code: "damaged",
      message: expect.stringContaining("Line 3"),
    });
  });
});

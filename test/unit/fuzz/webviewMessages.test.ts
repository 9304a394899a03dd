import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import { JobPanel } from "../../../src/extension/jobEditor/jobPanel.ts";
import { toHostSchema as toJobEditor } from "../../../src/extension/jobEditor/messages.ts";
import { LogIndex } from "../../../src/extension/log/logIndex.ts";
import { toHostSchema as toLog } from "../../../src/extension/log/messages.ts";
import { applyJobEdit, JobEditError } from "../../../src/job/edit.ts";
import { readJob } from "../../../src/job/load.ts";
import { jobText } from "../../support/jobFixture.ts";
import { attempt, keepPrototypes, runs, seed, timeout } from "../../support/fuzzing.ts";
import { Mutator } from "../../support/mutator.ts";
import { SchemaSample } from "../../support/schemaSample.ts";

keepPrototypes();

const extension = join(import.meta.dirname, "..", "..", "..", "src", "extension");
const words = ["users", "groups", "mappings", "target", "source", "ada@contoso.com", "[mail]", "Switch(", "", "4"];

/** What a page could send that is hostile: a good message with a part of another kind in it, or no message at all. */
class Messages {
  readonly #good: SchemaSample;
  readonly #mutator: Mutator;

  constructor(schema: z.ZodType) {
    this.#mutator = new Mutator(seed, words, words);
    this.#good = new SchemaSample(schema, this.#mutator.random, words);
  }

  next(): unknown {
    const { random } = this.#mutator;
    const kind = random.next();
    if (kind < 0.1) return this.#mutator.json(5);
    const message = this.#good.next();
    if (kind < 0.4) return message;
    if (kind < 0.6) return parsed(new Mutator(random.integer(1, 1e9), [JSON.stringify(message)], words).next());
    return this.#spoil(message);
  }

  #spoil(value: unknown): unknown {
    const { random } = this.#mutator;
    const keys = typeof value === "object" && value !== null ? Object.keys(value) : [];
    if (keys.length === 0 || random.next() < 0.2) return this.#mutator.json(4);
    const key = random.pick(keys);
    const part = this.#spoil(Reflect.get(value as object, key));
    return Array.isArray(value) ? value.with(Number(key), part) : { ...(value as object), [key]: part };
  }
}

/** As a page would: JSON.parse alone makes own keys called `__proto__`. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Every schema of every page, in both directions, and what pages keep. */
const found = await Promise.all(
  (await readdir(extension, { recursive: true }))
    .filter((path) => basename(path) === "messages.ts")
    .map(async (path) => [dirname(path), (await import(join(extension, path))) as Record<string, unknown>] as const),
);
const schemas = found.flatMap(([page, module]) =>
  Object.entries(module).flatMap(([name, schema]) =>
    name.endsWith("Schema") && schema instanceof z.ZodType ? [{ name: `${page} ${name}`, schema }] : [],
  ),
);

describe("webview messages", () => {
  const each = Math.ceil(runs / schemas.length);

  it("has schemas of every page to try", () => {
    expect(schemas.map(({ name }) => name)).toEqual(
      expect.arrayContaining(
        ["explain", "jobEditor", "log"].flatMap((page) => [`${page} toHostSchema`, `${page} toWebviewSchema`]),
      ),
    );
  });

  it.each(schemas)(`$name: ${each} messages are taken or left out`, { timeout }, ({ schema }) => {
    const messages = new Messages(schema);
    let good = 0;
    for (let run = 0; run < each; run++) {
      const message = messages.next();
      const { success, data, error } = schema.safeParse(message);
      if (success) {
        good += 1;
        expectPlain(data);
      } else if (error.issues.length === 0) throw new Error("Refused without a reason");
    }
    expect(good).toBeGreaterThan(each / 100);
  });

  it.each(schemas)("$name: a message nested without end is left out", ({ schema }) => {
    let deep: unknown = "x";
    for (let level = 0; level < 100_000; level++) deep = level % 2 === 0 ? [deep] : { children: [deep], value: deep };
    const edit = { kind: "edit", id: 1, version: 1, edits: [{ kind: "set", path: ["users"], value: deep }] };
    for (const message of [deep, edit]) expect(schema.safeParse(message).success).toBe(false);
  });
});

/** A value of a parser has no prototype but those of plain objects and arrays. */
function expectPlain(value: unknown): void {
  if (typeof value !== "object" || value === null) return;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== Array.prototype) throw new Error("Another prototype");
  if (Object.hasOwn(value, "__proto__")) throw new Error("An own __proto__");
  for (const part of Object.values(value)) expectPlain(part);
}

describe("what pages ask for", () => {
  it(`the job editor survives ${runs} messages; edits make a text or say why not`, { timeout }, () => {
    const start = jobText("https://scim.example.com/scim/v2");
    let text = start;
    let edited = 0;
    let receive: (message: unknown) => void = () => undefined;
    const webview = {
      onDidReceiveMessage: (listener: typeof receive) => {
        receive = listener;
        return { dispose: () => undefined };
      },
      postMessage: () => Promise.resolve(true),
    };
    const panel = new JobPanel({ webview, visible: true } as never, (message) => {
      if (message.kind !== "edit") return;
      for (const edit of message.edits) {
        const next = attempt(JSON.stringify(edit), [JobEditError], () => applyJobEdit(text, edit));
        if (next === undefined) continue;
        edited += 1;
        text = next.length > 4_000 ? start : next;
      }
      attempt(text, [], () => readJob(text));
    });
    const messages = new Messages(toJobEditor);
    for (let run = 0; run < runs; run++) receive(messages.next());
    panel.dispose();
    expect(edited).toBeGreaterThan(runs / 1000);
  });

  describe("the log", () => {
    let folder: string;
    let index: LogIndex;
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), "log-fuzz-"));
      const file = join(folder, "log.jsonl");
      const records = new Mutator(seed, ['{"id":"r","activityDateTime":"2026-11-24T08:00:00.000Z","cycleId":"c"}'], []);
      await writeFile(file, Array.from({ length: 300 }, () => records.next().replaceAll("\n", " ")).join("\n"));
      index = new LogIndex(file);
      for await (const _ of index.update());
    });
    afterAll(() => rm(folder, { recursive: true }));

    it(`survives ${runs} questions`, { timeout }, () => {
      const messages = new Messages(toLog);
      let queries = 0;
      for (let run = 0; run < runs; run++) {
        const { data } = toLog.safeParse(messages.next());
        if (data?.kind !== "query") continue;
        queries += 1;
        const { matched, cycles } = index.view(data.filter, new Date("2026-11-24T09:00:00.000Z"));
        if (matched < 0 || cycles.reduce((sum, { records }) => sum + records, 0) !== matched)
          throw new Error(`${matched} records do not add up for ${JSON.stringify(data.filter)}`);
      }
      expect(queries).toBeGreaterThan(runs / 100);
    });
  });
});

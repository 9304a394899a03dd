import { describe, expect, it } from "vitest";
import { CsvScanner } from "../../../src/directory/csvScanner.ts";
import { parseJob, readJob } from "../../../src/job/load.ts";
import { JobFileError } from "../../../src/job/problem.ts";
import { importSchema } from "../../../src/mapping/entra/importSchema.ts";
import { SynchronizationSchemaError } from "../../../src/mapping/entra/synchronizationSchema.ts";
import { parsePlan, PlanFileError } from "../../../src/provisioning/planFile.ts";
import { FaultSpecError, parseFaultSpec } from "../../../src/sandbox/faults/spec.ts";
import { synchronizationSchema } from "../mapping/entraSchemas.ts";
import { jobText } from "../../support/jobFixture.ts";
import { attempt, keepPrototypes, longestMessage, runs, seed, timeout } from "../../support/fuzzing.ts";
import { Mutator } from "../../support/mutator.ts";

keepPrototypes();

describe("CSV", () => {
  it(`survives ${runs} inputs, and reads the same in any pieces`, { timeout }, () => {
    const corpus = [
      'id,displayName\n1,Ada\n2,"O\'Neil, x"\n',
      'a,b\r\n"x""y",2\r\n\r\n3,"multi\nline"\r\n',
      "id\n1\n2",
    ];
    const mutator = new Mutator(seed, corpus, [",", '"', '""', "\n", "\r", "\r\n", "a", "=cmd()"]);
    const scan = (pieces: readonly string[]) => {
      const found: unknown[] = [];
      const scanner = new CsvScanner({
        record: (fields, line) => found.push([line, [...fields]]),
        error: (message, line) => {
          if (message.length > longestMessage) throw new Error("A long message");
          found.push([line, message]);
        },
      });
      for (const piece of pieces) scanner.push(piece);
      scanner.end();
      return found;
    };
    for (let run = 0; run < runs; run++) {
      const text = mutator.next();
      // Pieces end in a line feed, as the reader of files gives them.
      const pieces = text.split(/(?<=\n)/).filter((piece) => piece !== "");
      expect(attempt(text, [], () => scan(pieces))).toEqual(attempt(text, [], () => scan([text])));
    }
  });
});

describe("job files and plans", () => {
  // Short ones, each with a part of what a job may say: a mutation then mostly strikes something that matters.
  const [connection, directory] = [
    '"connection":{"baseUrl":"https://a.example.com/scim"}',
    '"directory":{"type":"json","file":"d"}',
  ];
  const row = '{"target":"userName","source":{"attribute":"mail"},"matching":1}';
  const jobs = [
    `{"name":"a",${connection},${directory},"users":{"mappings":[${row}]}}`,
    `{"name":"a",${connection},"directory":{"type":"csv","users":"u.csv","assignments":"a.csv"},"users":{"mappings":[${row}]},
      "scope":{"mode":"assigned","users":[{"clauses":[{"attribute":"department","operator":"EQUALS","value":"Data"}]}]}}`,
    `{"name":"a",${connection},${directory},"users":{"mappings":[${row},{"target":"title","source":{"expression":"Trim([jobTitle])"}}]},
      // A comment.
      "settings":{"intervalMinutes":40,"deletionGuard":{"count":5,"percent":2},"notify":{"email":"a@example.com"}}}`,
    jobText("https://adb-1.2.azuredatabricks.net/api/2.0/preview/scim"),
  ];
  const words = [
    '"users"',
    '"mappings"',
    '"source"',
    '"expression"',
    '"target"',
    '"baseUrl"',
    "https://user:pass@x",
    "// note\n",
    '"token": "dapi0123"',
    '"scope"',
    "{}",
    "[]",
    '"deletionGuard"',
    "-1",
    '"deprecated"',
  ];

  it(`survive ${runs} inputs; every problem has a place within the text`, { timeout }, () => {
    const mutator = new Mutator(seed, jobs, words);
    for (let run = 0; run < runs; run++) {
      const text = mutator.next();
      const { problems } = attempt(text, [], () => readJob(text)) ?? { problems: [] };
      for (const { offset, length, line, column, message } of problems) {
        if (
          offset < 0 ||
          length < 0 ||
          offset + length > text.length + 1 ||
          line < 1 ||
          column < 1 ||
          message.length > longestMessage
        ) {
          throw new Error(
            `${message.slice(0, 200)} stands at ${offset}+${length} of ${text.length}: ${JSON.stringify(text.slice(0, 500))}`,
          );
        }
      }
      // It reads the same text once more, so that a part of them is enough.
      if (run % 10 > 0) continue;
      attempt(text, [JobFileError], () => parseJob(text, "x.provisioning.json"), 200 * longestMessage);
    }
  });

  it(`survive ${runs} plan files and fault specifications`, { timeout }, () => {
    const change = {
      id: "a",
      action: "update",
      resourceType: "User",
      name: "x",
      targetId: "1",
      before: { id: "1" },
      after: { id: "1" },
      requests: [{ method: "PATCH", path: "/Users/1", body: {} }],
      reason: "r",
    };
    const plan = JSON.stringify({
      job: "j",
      cycle: "initial",
      createdAt: "2026-11-24T08:00:00.000Z",
      summary: { create: 0, update: 1, deactivate: 0, delete: 0, skip: 0 },
      changes: [change],
      skips: [],
    });
    const mutator = new Mutator(
      seed,
      [plan],
      ['"/Users/../admin"', '"/Users/1?x=y"', '"http://evil"', '"DELETE"', "/../", "{x}"],
    );
    const specs = new Mutator(
      seed,
      ["429=2:5%,PATCH/reset-after:#1+4,seed=7", "stale=60000:0.3"],
      ["LIST/", ":#1", "%", "=", "seed="],
    );
    for (let run = 0; run < Math.ceil(runs / 2); run++) {
      const text = mutator.next();
      const parsed = attempt(text, [PlanFileError], () => parsePlan(text, "plan.json"));
      for (const { requests } of parsed?.changes ?? []) {
        for (const { path } of requests) expect(path).toMatch(/^\/(Users|Groups|ServicePrincipals)(\/[^/?#]+)?$/);
      }
      const spec = specs.next();
      attempt(spec, [FaultSpecError], () => parseFaultSpec(spec));
    }
  });
});

describe("synchronization schemas", () => {
  it(`synchronization schemas, ${runs} of them, are imported or refused`, { timeout }, () => {
    const good = JSON.stringify(synchronizationSchema);
    const mutator = new Mutator(
      seed,
      [good],
      [
        '"attributeMappings"',
        '"source":null',
        '"expression"',
        '"Append(\\"a\\")"',
        '"flowTypes":"Add"',
        '"scope":{}',
        "[]",
        "{}",
      ],
    );
    const small = (text: string) => text.slice(0, 20_000);
    for (let run = 0; run < Math.ceil(runs / 4); run++) {
      const text = small(mutator.next());
      attempt(text, [SynchronizationSchemaError], () => importSchema(text), 20 * longestMessage);
    }
    expect(importSchema(good).users?.mappings.length).toBeGreaterThan(0);
  });
});

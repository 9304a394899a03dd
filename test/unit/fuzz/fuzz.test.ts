import { afterEach, describe, expect, it } from "vitest";
import { CsvScanner } from "../../../src/directory/csvScanner.ts";
import { failedAnswer, graphError } from "../../../src/graph/errors.ts";
import { HttpError } from "../../../src/http/errors.ts";
import { HttpResponse } from "../../../src/http/exchange.ts";
import { parseJob, readJob } from "../../../src/job/load.ts";
import { JobFileError } from "../../../src/job/problem.ts";
import { compileExpression, validateExpression } from "../../../src/mapping/expression/compile.ts";
import { ExpressionError } from "../../../src/mapping/expression/expressionError.ts";
import { importSchema } from "../../../src/mapping/entra/importSchema.ts";
import { SynchronizationSchemaError } from "../../../src/mapping/entra/synchronizationSchema.ts";
import { parsePlan, PlanFileError } from "../../../src/provisioning/planFile.ts";
import { FaultSpecError, parseFaultSpec } from "../../../src/sandbox/faults/spec.ts";
import { parseAnswer, readAnswer } from "../../../src/scim/answer.ts";
import { ScimError } from "../../../src/scim/errors.ts";
import { compileFilter } from "../../../src/scim/filter/compile.ts";
import { parseFilter, parsePath } from "../../../src/scim/filter/parse.ts";
import { printFilter } from "../../../src/scim/filter/print.ts";
import { FilterSyntaxError } from "../../../src/scim/filter/syntaxError.ts";
import { listResponseSchema } from "../../../src/scim/listResponse.ts";
import { applyPatch } from "../../../src/scim/patch/apply.ts";
import type { ScimDocument } from "../../../src/scim/resource.ts";
import { urns } from "../../../src/scim/resource.ts";
import { userSchema } from "../../../src/scim/schemas/builtin.ts";
import { synchronizationSchema } from "../mapping/entraSchemas.ts";
import { jobText } from "../../support/jobFixture.ts";
import { Mutator } from "../../support/mutator.ts";

/** Inputs for each language; `FUZZ_RUNS=1000000` for a long look (`npm run soak`). */
const runs = Number(process.env["FUZZ_RUNS"] ?? 6000);
const seed = Number(process.env["FUZZ_SEED"] ?? 1);
const timeout = 60_000 + runs;

/** The most that a message may say, whatever the input. */
const longestMessage = 2_100;

type Constructor = abstract new (...args: never[]) => Error;

/** Runs a parser over one input: it gives a value, or throws an error of its own whose message is bounded. */
function attempt<T>(
  input: string,
  errors: readonly Constructor[],
  parse: () => T,
  most = longestMessage,
): T | undefined {
  try {
    return parse();
  } catch (error) {
    if (error instanceof Error && errors.some((each) => error instanceof each)) {
      if (error.message.length === 0 || error.message.length > most) {
        throw new Error(`A message of ${error.message.length} characters for ${JSON.stringify(input.slice(0, 200))}`, {
          cause: error,
        });
      }
      return undefined;
    }
    throw new Error(`${String(error)} for ${JSON.stringify(input.slice(0, 500))}`, { cause: error });
  }
}

const prototypes = [Object.prototype, Array.prototype, String.prototype, Function.prototype];
const before = prototypes.map((prototype) => Reflect.ownKeys(prototype).length);
afterEach(() => {
  expect(prototypes.map((prototype) => Reflect.ownKeys(prototype).length)).toEqual(before);
});

const user: ScimDocument = {
  schemas: [urns.user, urns.enterpriseUser],
  id: "1",
  userName: "ada@contoso.com",
  name: { givenName: "Ada", familyName: "Lovelace" },
  emails: [
    { value: "ada@contoso.com", type: "work", primary: true },
    { value: "a@example.com", type: "home" },
  ],
  active: true,
  [urns.enterpriseUser]: { department: "Data", manager: { value: "2" } },
  meta: { created: "2026-01-01T00:00:00Z" },
};

const filters = [
  'userName eq "ada@contoso.com"',
  'emails[type eq "work" and value co "@contoso.com"]',
  'not (active eq false) and (name.familyName sw "L" or meta.created gt "2020-01-01T00:00:00Z")',
  `${urns.enterpriseUser}:department eq "Data" and title pr`,
  'externalId eq null or emails.type ne "other" and userName ew "m"',
];
const filterWords = [
  "and",
  "or",
  "not",
  "eq",
  "ne",
  "co",
  "sw",
  "ew",
  "gt",
  "ge",
  "lt",
  "le",
  "pr",
  "userName",
  "emails",
  "[",
  "]",
  "active",
  urns.user,
  "name.",
  '"x"',
];

describe("filters", () => {
  it(`survive ${runs} inputs; what parses prints to the same filter, and runs`, { timeout }, () => {
    const mutator = new Mutator(seed, filters, filterWords);
    let good = 0;
    for (let run = 0; run < runs; run++) {
      const text = mutator.next();
      const filter = attempt(text, [FilterSyntaxError], () => parseFilter(text));
      if (filter === undefined) continue;
      good += 1;
      expect(parseFilter(printFilter(filter))).toEqual(filter);
      attempt(text, [ScimError], () => compileFilter(filter, userSchema)(user));
    }
    expect(good).toBeGreaterThan(runs / 100);
  });
});

const paths = [
  "userName",
  "name.familyName",
  'emails[type eq "work"].value',
  "emails[primary eq true]",
  `${urns.enterpriseUser}:manager.value`,
  urns.enterpriseUser,
  "members",
  'addresses[type eq "work"].locality',
];

describe("PATCH", () => {
  it(`survives ${runs} operations, and never touches the document it is given`, { timeout }, () => {
    const mutator = new Mutator(seed, paths, [...filterWords, ...paths]);
    const given = deepFreeze(structuredClone(user));
    let good = 0;
    for (let run = 0; run < runs; run++) {
      const { random } = mutator;
      const operations = Array.from({ length: random.integer(1, 3) }, () => ({
        op: random.pick(["add", "replace", "remove", "Add", "REPLACE", "move", ""]),
        ...(random.next() < 0.8 && { path: random.next() < 0.5 ? random.pick(paths) : mutator.next() }),
        ...(random.next() < 0.8 && { value: mutator.json() }),
      }));
      const text = JSON.stringify(operations);
      const [first] = operations;
      attempt(text, [FilterSyntaxError], () => parsePath(first?.path ?? ""));
      for (const unknownAttributes of ["refuse", "keep"] as const) {
        const patched = attempt(text, [ScimError], () =>
          applyPatch(given, operations, userSchema, { unknownAttributes }),
        );
        if (patched === undefined) continue;
        good += 1;
        expect(Object.getPrototypeOf(patched)).toBe(Object.prototype);
        expect(Object.hasOwn(patched, "__proto__")).toBe(false);
      }
    }
    expect(good).toBeGreaterThan(runs / 100);
    expect(given).toEqual(user);
  });
});

const expressions = [
  'Switch([IsSoftDeleted], , "False", "True", "True", "False")',
  'Join("@", NormalizeDiacritics(StripSpaces(Join(".", [givenName], [surname]))), "contoso.com")',
  'IIF(IsNullOrEmpty([mail]), [userPrincipalName], ToLower([mail], "en-us"))',
  'Replace([mail], , "(?<Suffix>@(.)*)", "Suffix", "@x.com", , )',
  "Mid([displayName], 1, 5)",
  'FormatDateTime([employeeHireDate], , "yyyyMMddHHmmss.fZ", "yyyy-MM-dd")',
  'SelectUniqueValue(Join(".", Left([givenName], 1), [surname]), "x")',
  'DateAdd("d", 5, CDate([employeeHireDate]))',
  'Item(Split([mail], "@"), 2)',
];
const expressionWords = [
  "[mail]",
  "[x",
  "IIF(",
  "Switch(",
  "Join(",
  "Mid(",
  "Left(",
  "Replace(",
  "Split(",
  "Not(",
  "Append(",
  "Guid()",
  "Word(",
  "InStr(",
  ", ,",
  '"(a+)+$"',
  '"\\\\d{1,9999}"',
  "RegexReplace(",
  "PCase(",
  "RemoveDuplicates(",
  "2147483648",
];
const person = {
  mail: "ada@contoso.com",
  userPrincipalName: "ada@contoso.com",
  givenName: "Åda",
  surname: "O'Neil",
  displayName: "x".repeat(500),
  employeeHireDate: "2026-01-31T00:00:00Z",
  proxyAddresses: ["SMTP:a@x.com", "smtp:b@x.com"],
};

describe("expressions", () => {
  it(`survive ${runs} inputs, compiled and evaluated`, { timeout }, () => {
    const mutator = new Mutator(seed, expressions, expressionWords);
    let good = 0;
    for (let run = 0; run < runs; run++) {
      const text = mutator.next();
      for (const error of validateExpression(text))
        if (error.message.length > longestMessage) throw new Error(`A long message for ${text}`);
      const compiled = attempt(text, [ExpressionError], () => compileExpression(text));
      if (compiled === undefined) continue;
      good += 1;
      attempt(text, [ExpressionError], () => compiled.evaluate(person));
      attempt(text, [ExpressionError], () => compiled.evaluate({}));
      attempt(text, [], () => compiled.trace(person));
    }
    expect(good).toBeGreaterThan(runs / 100);
  });
});

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
  const job = jobText("https://adb-1.2.azuredatabricks.net/api/2.0/preview/scim");
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
    const pretty = JSON.stringify(JSON.parse(job), undefined, 2);
    const mutator = new Mutator(seed, [job, pretty], words);
    const count = Math.ceil(runs / 4);
    for (let run = 0; run < count; run++) {
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

describe("answers of a service", () => {
  it(
    `survive ${runs} bodies: a list, an error of ours, or an error of the service, never anything else`,
    { timeout },
    () => {
      const list = JSON.stringify({
        schemas: [urns.listResponse],
        totalResults: 1,
        startIndex: 1,
        itemsPerPage: 1,
        Resources: [user],
      });
      const errors = [
        '{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"400","scimType":"noTarget","detail":"x"}',
        '{"error_code":"X","message":"y"}',
        "<!DOCTYPE html><title>Sign in</title>",
        "INTERNAL_ERROR: x",
        "null",
        '"text"',
      ];
      const mutator = new Mutator(
        seed,
        [list, list, ...errors],
        [
          '"Resources"',
          '"totalResults":-1',
          '"id":1',
          '"__proto__":{"polluted":1}',
          '"nextCursor":""',
          "[[[[[[",
          "<html>",
          "{{",
        ],
      );
      const origin = { method: "GET", url: "https://x.example.com/Users" };
      for (let run = 0; run < runs; run++) {
        const text = mutator.next();
        const status = mutator.random.pick([200, 200, 201, 204, 304, 400, 401, 403, 404, 409, 412, 429, 500, 503, 599]);
        const type = mutator.random.pick([
          "application/scim+json",
          "application/json; charset=utf-8",
          "text/html",
          "text/plain",
          "",
        ]);
        const response = new HttpResponse(status, { "content-type": type }, text, text.length);
        attempt(text, [ScimError, HttpError], () => {
          const body = readAnswer(response, origin);
          const parsed = parseAnswer(listResponseSchema, body, origin);
          for (const resource of parsed.Resources ?? []) {
            if (typeof resource.id !== "string" || Object.hasOwn(resource, "__proto__"))
              throw new Error("A resource that is none");
          }
        });
      }
    },
  );
});

describe("Microsoft", () => {
  it(`answers of Graph, ${runs} of them, become errors of ours with bounded messages`, { timeout }, () => {
    const corpus = [
      '{"error":{"code":"Request_ResourceNotFound","message":"Resource does not exist.","innerError":{"request-id":"a","client-request-id":"b"}}}',
      '{"error":{"code":"Authorization_RequestDenied","message":"Insufficient privileges."}}',
      '{"error":"invalid_grant","error_description":"AADSTS70000"}',
      "<html>Service unavailable</html>",
    ];
    const mutator = new Mutator(seed, corpus, [
      '"code"',
      '"message"',
      '"innerError":null',
      "syncStateNotFound",
      '{"error":',
    ]);
    for (let run = 0; run < runs; run++) {
      const text = mutator.next();
      const status = mutator.random.pick([400, 401, 403, 404, 409, 410, 429, 500, 503]);
      const request = { method: "GET", path: `/v1.0/users?$filter=${mutator.next()}`, purpose: "readUsers" as const };
      const answer = failedAnswer(new HttpResponse(status, {}, text, text.length));
      const { message } = attempt(text, [], () => graphError(answer, request)) ?? { message: "" };
      if (message.length === 0 || message.length > longestMessage)
        throw new Error(`A message of ${message.length} characters for ${text.slice(0, 200)}`);
    }
  });

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

function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null) for (const part of Object.values(value)) deepFreeze(part);
  return Object.freeze(value);
}

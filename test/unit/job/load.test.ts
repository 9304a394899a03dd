import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import type { JobInput } from "../../../src/job/job.ts";
import { editJob } from "../../../src/job/edit.ts";
import { loadJob, parseJob, readJob } from "../../../src/job/load.ts";
import { JobFileError } from "../../../src/job/problem.ts";

const minimal: JobInput = {
  name: "Databricks production",
  connection: { baseUrl: "https://adb-1.2.azuredatabricks.net/api/2.0/preview/scim", dialect: "databricks" },
  directory: { type: "csv", users: "users.csv", assignments: "assignments.csv" },
  users: { mappings: [{ target: "userName", source: { attribute: "userPrincipalName" }, matching: 1 }] },
};

/** The problems of a job as `line:column path: message`. */
function problems(text: string): string[] {
  return readJob(text).problems.map((p) => `${p.line}:${p.column} ${p.path}: ${p.message}`);
}

function problemsOf(job: unknown): string[] {
  return problems(JSON.stringify(job, undefined, 2)).map((line) => line.replace(/^\S+ /, ""));
}

describe("a job file that is right", () => {
  it("has every default filled in", () => {
    expect(parseJob(JSON.stringify(minimal), "a.provisioning.json")).toEqual({
      ...minimal,
      connection: { ...minimal.connection, readOnly: false },
      scope: { mode: "assigned", defaultAccess: "exclude", users: [], groups: [] },
      users: {
        enabled: true,
        actions: ["create", "update", "delete"],
        mappings: [{ target: "userName", source: { attribute: "userPrincipalName" }, matching: 1, apply: "always" }],
      },
      groups: { enabled: false, actions: ["create", "update", "delete"], mappings: [] },
      settings: {
        intervalMinutes: 40,
        leavingScope: "deactivate",
        deletionGuard: { enabled: true, count: 5, percent: 2 },
      },
    });
  });

  it("may hold comments", () => {
    const text = JSON.stringify(minimal, undefined, 2).replace("{", "{ // reviewed by the identity team");
    expect(parseJob(text, "a").name).toBe("Databricks production");
  });

  it("takes the operand of a comparison as number or text", () => {
    const users = [{ clauses: [{ attribute: "level", operator: "Greater_Than" as const, value: 5 }] }];
    const job = parseJob(JSON.stringify({ ...minimal, scope: { users } }), "a");
    expect(job.scope.users[0]?.clauses[0]?.value).toBe("5");
  });
});

describe("a job file that is wrong", () => {
  it("tells every problem at once, in the order of the text, with line, column and JSON path", () => {
    const text = [
      "{",
      '  "name": "",',
      '  "connection": { "baseUrl": "adb-1.2.azuredatabricks.net", "dialect": "databriks" },',
      '  "directory": { "type": "csv", "users": "users.csv", "asignments": "a.csv" },',
      '  "scope": { "mode": "all", "defaultAcces": "include" },',
      '  "users": {',
      '    "mappings": [',
      '      { "target": "userName", "source": { "atribute": "mail" }, "matching": 1 },',
      '      { "target": "active" }',
      "    ]",
      "  },",
      '  "settings": { "intervalMinutes": "40" }',
      "}",
    ].join("\n");
    expect(problems(text)).toEqual([
      "2:11 name: The name is empty.",
      '3:30 connection.baseUrl: "adb-1.2.azuredatabricks.net" is not a URL that starts with https:// or http://.',
      '3:72 connection.dialect: "databriks" is not known here. Did you mean "databricks"? It is one of "databricks", "generic".',
      '4:55 directory.asignments: "asignments" is not known here. Did you mean "assignments"?',
      '5:29 scope.defaultAcces: "defaultAcces" is not known here. Did you mean "defaultAccess"?',
      '8:31 users.mappings[0].source: "atribute" is not known here. Did you mean "attribute"? A source is exactly one of { "attribute": … }, { "constant": … } or { "expression": … }, each with a text.',
      '9:7 users.mappings[1].source: "source" is missing. A source is exactly one of { "attribute": … }, { "constant": … } or { "expression": … }, each with a text.',
      "12:36 settings.intervalMinutes: This is a text; it must be a number.",
    ]);
  });

  it("names the file in the error, one problem a line", () => {
    const error = catchError(() => parseJob("{}", "team.provisioning.json"));
    expect(error).toBeInstanceOf(JobFileError);
    expect(error.code).toBe("invalidJobFile");
    expect(error.message.split("\n")).toEqual([
      'team.provisioning.json:1:1 name: "name" is missing. Add it: a text in quotes.',
      'team.provisioning.json:1:1 connection: "connection" is missing. Add it: an object in { }.',
      'team.provisioning.json:1:1 directory: "directory" is missing. Add it: an object in { }.',
    ]);
  });

  it("is not JSON: says where and what is expected", () => {
    expect(problems('{\n  "name": "a",\n}')).toContain(
      '3:1 : A name in double quotes is expected here; a comma before "}" must be removed.',
    );
    expect(problems('{ "name": "a" ')).toContain('1:15 : A closing "}" is missing.');
    expect(problems("")[0]).toMatch(/^1:1 : A value is expected here/);
  });

  it("has syntax errors and others: tells both", () => {
    const found = problems(JSON.stringify({ nme: 1, ...minimal }).replace('"connection":', '"connection"'));
    expect(found.some((text) => text.includes("A colon is expected"))).toBe(true);
    expect(found.some((text) => text.includes('"nme" is not known here'))).toBe(true);
  });

  it("has a name twice, which would silently lose one", () => {
    expect(problems('{ "name": "a",\n "name": "b" }')).toContain('1:3 name: "name" is written twice. Remove one.');
  });

  it("has an unknown kind of directory", () => {
    expect(problemsOf({ ...minimal, directory: { type: "cvs" } })).toEqual([
      'directory.type: "cvs" is not known here. It is one of "csv", "json", "scim", "graph".',
    ]);
    expect(problemsOf({ ...minimal, directory: {} })).toEqual([
      'directory.type: "type" is missing. It is one of "csv", "json", "scim", "graph".',
    ]);
  });

  it("suggests only keys that fit the kind of directory", () => {
    expect(problemsOf({ ...minimal, directory: { type: "json", file: "d.json", users: "users.csv" } })).toEqual([
      'directory.users: "users" is not known here. Known are "type", "file".',
    ]);
  });

  it("cannot be read", async () => {
    const folder = await mkdtemp(path.join(tmpdir(), "job-"));
    try {
      const missing = path.join(folder, "gone.provisioning.json");
      await expect(loadJob(missing)).rejects.toThrow(`${missing}:1:1: There is no such file.`);
      await expect(loadJob(folder)).rejects.toThrow("This is a folder, not a job file.");
      const latin1 = path.join(folder, "latin1.provisioning.json");
      await writeFile(latin1, Buffer.from('{ "name": "Zoë" }', "latin1"));
      await expect(loadJob(latin1)).rejects.toThrow("The file is not UTF-8 text. Save it as UTF-8.");
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe("secrets in a job file", () => {
  it.each(["token", "accessToken", "password", "clientSecret", "apiKey", "api_key", "Authorization"])(
    "refuses the key %s and never repeats its value",
    (key) => {
      const job = { ...minimal, connection: { ...minimal.connection, [key]: "hunter2-is-no-secret" } };
      const text = problemsOf(job).join("\n");
      expect(text).toContain(`connection.${key}: "${key}" looks like a secret.`);
      expect(text).toContain("SCIM_TOKEN");
      expect(text).not.toContain("hunter2");
      expect(problemsOf(job)).toHaveLength(1);
    },
  );

  it.each([
    ["a Databricks personal access token", `dapi${"0123456789abcdef".repeat(2)}`],
    ["an Authorization header", "Bearer abcdefghijk"],
    ["a JSON Web Token", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln"],
  ])("refuses a text that looks like %s, wherever it stands", (what, secret) => {
    const [problem, ...others] = problemsOf({ ...minimal, name: secret });
    expect(problem).toContain(`name: This looks like ${what}.`);
    expect(problem).not.toContain(secret);
    expect(others).toEqual([]);
  });

  it("refuses a password within the base URL", () => {
    const connection = { baseUrl: "https://admin:hunter2@scim.example.com/scim" };
    expect(problemsOf({ ...minimal, connection }).join()).toMatch(/looks like a password within a URL/);
  });
});

describe("rules that span several values", () => {
  it("asks for a matching attribute", () => {
    const users = { mappings: [{ target: "userName", source: { attribute: "mail" } }] };
    expect(problemsOf({ ...minimal, users })).toEqual([
      'users.mappings: No row is matched by. Set "matching": 1 on the one that tells who is who, such as userName.',
    ]);
  });

  it("wants each target and each precedence once", () => {
    const mapping = { target: "userName", source: { attribute: "mail" }, matching: 1 };
    expect(problemsOf({ ...minimal, users: { mappings: [mapping, { ...mapping, target: "USERNAME" }] } })).toEqual([
      "users.mappings[1].target: userName is mapped twice. Remove one of the rows.",
      "users.mappings[1].matching: Precedence 1 is taken by userName. Give each matching attribute its own.",
    ]);
  });

  it("points into an expression, at the part that is at fault", () => {
    const text = [
      '{ "name": "a", "connection": { "baseUrl": "https://scim.example.com" },',
      '  "directory": { "type": "csv", "users": "u.csv" }, "scope": { "mode": "all" },',
      '  "users": { "mappings": [',
      '    { "target": "userName", "source": { "attribute": "mail" }, "matching": 1 },',
      '    { "target": "displayName", "source": { "expression": "Join(\\" \\", Tolower2([a]))" } },',
      '    { "target": "title", "source": { "expression": "Left([a])" } }',
      "  ] } }",
    ].join("\n");
    expect(readJob(text).problems.map(({ line, column, path }) => `${line}:${column} ${path}`)).toEqual([
      `5:${text.split("\n")[4]!.indexOf("Tolower2") + 1} users.mappings[1].source.expression`,
      `6:${text.split("\n")[5]!.indexOf("Left") + 1} users.mappings[2].source.expression`,
    ]);
  });

  it("recognises the dialect of a base URL that names none, and refuses a token in the clear", () => {
    const connection = { baseUrl: "https://adb-1.2.azuredatabricks.net/api/2.0/preview/scim" };
    expect(parseJob(JSON.stringify({ ...minimal, connection }), "a").connection.dialect).toBe("databricks");
    const other = { baseUrl: "https://scim.example.com/v2" };
    expect(parseJob(JSON.stringify({ ...minimal, connection: other }), "a").connection.dialect).toBe("generic");
    const [problem] = problemsOf({ ...minimal, connection: { baseUrl: "http://scim.example.com/v2" } });
    expect(problem).toMatch(/^connection\.baseUrl: .*https/);
  });

  it("wants everybody in scope where nobody can be assigned", () => {
    const directory = { type: "scim", baseUrl: "https://scim.example.com/v2" };
    expect(problemsOf({ ...minimal, directory })).toEqual([
      'scope: Nobody would be in scope: a SCIM service has no assignments. Set scope.mode to "all".',
    ]);
  });

  it("wants something to provision", () => {
    expect(problemsOf({ ...minimal, users: { enabled: false } })).toEqual([
      "users: Neither users nor groups are provisioned. Set users.enabled to true and add mappings.",
    ]);
  });

  it("wants assignments when only assigned people are in scope", () => {
    expect(problemsOf({ ...minimal, directory: { type: "csv", users: "users.csv" } })).toEqual([
      'directory: Nobody would be in scope: scope.mode is "assigned" and the directory has no "assignments" file. Add the file, or set scope.mode to "all".',
    ]);
  });

  it("checks the operand of each clause", () => {
    const clauses = [
      { attribute: "department", operator: "EQUALS" },
      { attribute: "country", operator: "IS NULL", value: "x" },
      { attribute: "level", operator: "Greater_Than", value: "-1" },
      { attribute: "manager", operator: "EQUALS", value: "b" },
      { attribute: "city", operator: "EQALS", value: "b" },
    ];
    const found = problemsOf({ ...minimal, scope: { users: [{ clauses: clauses.slice(0, 4) }] } });
    expect(found).toEqual([
      'scope.users[0].clauses[0]: EQUALS needs a "value".',
      "scope.users[0].clauses[1].value: IS NULL takes no value. Remove it.",
      'scope.users[0].clauses[2].value: Greater_Than compares whole numbers from 0; "-1" is none.',
      'scope.users[0].clauses[3].attribute: "manager" cannot be used in a scoping filter: it is a reference or has several values.',
    ]);
    expect(problemsOf({ ...minimal, scope: { users: [{ clauses: clauses.slice(4) }] } }).join()).toContain(
      'Did you mean "EQUALS"?',
    );
  });
});

function catchError(run: () => unknown): JobFileError {
  try {
    run();
  } catch (error) {
    if (error instanceof JobFileError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

it.each(["[", '{"a":', '{"users":['])("refuses %s without end as nested too deep, and does not edit it", (open) => {
  const text = open.repeat(50_000);
  expect(readJob(text).problems.map(({ message }) => message)).toEqual(["Brackets are nested too deep here."]);
  expect(() => editJob(text, { kind: "set", path: ["name"], value: "x" })).toThrow("nested too deep");
});

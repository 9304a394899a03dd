import { onTestFinished, describe, expect, it } from "vitest";
import { checkConformance, conformanceRules, type ConformanceReport } from "../../../src/conformance/conformance.ts";
import { conformanceJunit, formatConformance } from "../../../src/conformance/conformanceReport.ts";
import type { Profile, SandboxOptions } from "../../../src/sandbox/options.ts";
import { startSandbox, type Sandbox } from "../../../src/sandbox/sandbox.ts";
import { runCli } from "../../support/runCli.ts";
import { listAnswer, scriptedServer } from "../../support/scriptedServer.ts";

async function sandboxWith(options: SandboxOptions): Promise<Sandbox> {
  const sandbox = await startSandbox({ users: 5, groups: 2, ...options });
  onTestFinished(() => sandbox.close());
  return sandbox;
}

function check({ baseUrl, token }: Sandbox, write = true): Promise<ConformanceReport> {
  return checkConformance({ baseUrl, token, write });
}

const departures = ({ results }: ConformanceReport) =>
  results.filter(({ verdict }) => verdict === "departed").map(({ id }) => id);

/** Where Databricks is documented to depart: its API reference, its tutorials, and what its own clients do about it. */
const databricks = [
  // No discovery endpoints, no search by POST.
  "discovery.serviceProviderConfig",
  "discovery.resourceTypes",
  "discovery.schemas",
  "list.attributeNameCase",
  "search.post",
  // No meta but on groups.
  "resource.meta",
  // eq, ne, co and sw with and/or; everything else is InvalidFilter, in this spelling.
  "filter.syntaxError",
  // 409 with a text, without scimType.
  "create.uniqueness",
  // User names in lower case; displayName and emails are filled in; no extension is known.
  "create.asSent",
  "create.noAdditions",
  "create.enterprise",
  "filter.ew",
  "filter.pr",
  "filter.gt",
  "filter.not",
  "filter.valuePath",
  // Changes of emails and userName are accepted and ignored.
  "patch.addValue",
  "patch.filteredPath",
  "patch.removeFiltered",
  "patch.userName",
  "patch.noTarget",
  "patch.primary",
  "entra.addEmail",
];

describe("conformance", () => {
  it("is whole on a service that keeps to the RFCs", async () => {
    const report = await check(await sandboxWith({ profile: "rfc" }));
    expect(departures(report)).toEqual([]);
    expect(report).toMatchObject({ conformant: true, counts: { passed: conformanceRules.length }, leftBehind: [] });
    expect(
      report.capabilities.filter(({ declared, observed }) => observed !== undefined && declared !== observed),
    ).toEqual([]);
  });

  it.each<[Profile, readonly string[]]>([
    ["databricks-workspace", databricks],
    // The account's list of groups leaves members out.
    ["databricks-account", [...databricks, "list.groupMembers"]],
  ])("names exactly the documented departures of %s", async (profile, expected) => {
    const report = await check(await sandboxWith({ profile }));
    expect(departures(report).toSorted()).toEqual(expected.toSorted());
    expect(report.results.filter(({ verdict }) => verdict === "notTried").map(({ id }) => id)).toEqual([
      "discovery.filterRefused",
    ]);
    for (const { verdict, fix, evidence } of report.results) {
      if (verdict === "departed")
        expect({ fix: fix ?? "", evidence: evidence.length }).toEqual({
          fix: expect.stringMatching(/\w/),
          evidence: expect.any(Number),
        });
    }
    expect(report.profile).toMatchObject({
      patch: true,
      discovery: false,
      filterOperators: ["eq", "ne", "co", "sw"],
      listHasMembers: profile === "databricks-workspace",
      removeMember: ["filter", "value"],
      filteredPaths: false,
      textBooleans: true,
      keepsUserNameCase: false,
      userNameWritable: false,
      hardDelete: true,
    });
  });

  it("leaves everything as it was, after writing as well", async () => {
    for (const profile of ["rfc", "databricks-workspace"] as const) {
      const sandbox = await sandboxWith({ profile });
      const before = sandbox.store.snapshot();
      await check(sandbox);
      expect(sandbox.store.snapshot()).toEqual(before);
    }
  });

  it("writes nothing unless it was asked to", async () => {
    const sandbox = await sandboxWith({ profile: "rfc" });
    const report = await check(sandbox, false);
    expect(report).toMatchObject({ wrote: false, conformant: true });
    expect(sandbox.requests.all.filter(({ method, path }) => method !== "GET" && !path.endsWith("/.search"))).toEqual(
      [],
    );
    expect(report.results.filter(({ kind, verdict }) => kind === "write" && verdict !== "notTried")).toEqual([]);
  });

  it("removes what it created when the service fails in the middle, and names what it could not remove", async () => {
    const sandbox = await sandboxWith({ profile: "rfc" });
    sandbox.setFaults("PATCH/500:100%");
    const report = await check(sandbox);
    expect(sandbox.store.count("User")).toBe(5);
    expect(departures(report)).toContain("patch.replacePath");
    sandbox.setFaults("DELETE/403:100%");
    const stuck = await check(sandbox);
    expect(stuck.leftBehind.length).toBeGreaterThan(10);
    expect(formatConformance(stuck)).toContain("remove them by hand");
  });

  it("removes what it created when it is called off, and says so when it could not", async () => {
    const sandbox = await sandboxWith({ profile: "rfc" });
    const { baseUrl, token } = sandbox;
    const untilWritten = (faults: string) => {
      const controller = new AbortController();
      return checkConformance({
        baseUrl,
        token,
        write: true,
        signal: controller.signal,
        onResult: ({ id }) => {
          if (id !== "patch.replacePath") return;
          sandbox.setFaults(faults);
          controller.abort();
        },
      });
    };
    await expect(untilWritten("")).rejects.toMatchObject({ code: "aborted" });
    expect([sandbox.store.count("User"), sandbox.store.count("Group")]).toEqual([5, 2]);
    await expect(untilWritten("DELETE/403:100%")).rejects.toThrow(/could not be removed: \/Users\/.*Remove it by hand/);
  });

  it("tells a refused token once, instead of in every rule", async () => {
    const { baseUrl } = await sandboxWith({ profile: "rfc" });
    await expect(checkConformance({ baseUrl, token: "wrong-token", write: true })).rejects.toMatchObject({
      code: "unauthorized",
    });
  });

  it("finds a service that ignores filters, the most dangerous departure of all", async () => {
    const everybody = [
      { id: "1", userName: "a@example.com" },
      { id: "2", userName: "b@example.com" },
    ];
    const server = await scriptedServer(({ headers }) =>
      headers.authorization ? listAnswer(everybody) : { status: 401 },
    );
    onTestFinished(() => server.close());
    const report = await checkConformance({ baseUrl: server.origin, token: "secret-token", write: false });
    expect(departures(report)).toEqual(
      expect.arrayContaining(["filter.nobody", "filter.syntaxError", "entra.testConnection", "list.countZero"]),
    );
  });
});

describe("the report of conformance", () => {
  it("shows rule, both readings, bytes and fix; JUnit is well-formed and counts the same", async () => {
    const sandbox = await sandboxWith({ profile: "databricks-workspace" });
    const report = await check(sandbox);
    const text = formatConformance(report);
    expect(text).toMatch(
      /DEPARTS {2}create\.asSent .*\n {2}rule .*\n {2}observed .*\n {2}fix .*\n {2}sent .*GET \/Users/,
    );
    expect(text).toContain("Capability       declared  observed");
    const xml = conformanceJunit(report);
    expect(xml.match(/<testcase /g)).toHaveLength(conformanceRules.length);
    expect(xml.match(/<failure /g)).toHaveLength(report.counts.departed);
    expect(xml).not.toContain(sandbox.token);
    expect(isWellFormed(xml)).toBe(true);
  });

  it("escapes whatever a service answers", async () => {
    const server = await scriptedServer(() => ({ status: 200, text: `<b>]]>&"'\u0001\ud800 </failure>` }));
    onTestFinished(() => server.close());
    const xml = conformanceJunit(
      await checkConformance({ baseUrl: server.origin, token: "secret-token", write: false }),
    );
    expect(isWellFormed(xml)).toBe(true);
    expect(xml).toContain("&lt;/failure&gt;");
  });

  it("comes from the command line in three formats, with consent to write", async () => {
    const { baseUrl, token } = await sandboxWith({ profile: "rfc" });
    const env = { SCIM_TOKEN: token };
    const run = (...more: string[]) => runCli(["check", baseUrl, ...more], { env });
    expect(await run("--conformance")).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("Only reading was tried."),
    });
    expect(await run("--conformance", "--write")).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("Pass --yes"),
    });
    const json = await run("--conformance", "--write", "--yes", "--format", "json");
    expect(JSON.parse(json.stdout)).toMatchObject({ conformant: true, wrote: true, profile: { patch: true } });
    expect((await run("--conformance", "--format", "junit")).stdout).toMatch(/^<\?xml/);
    expect(await run("--write")).toMatchObject({ code: 1, stderr: expect.stringContaining("--conformance") });
  });
});

/** Whether every element that opens closes, and every sign of markup is one. */
function isWellFormed(xml: string): boolean {
  const open: string[] = [];
  const rest = xml.replace(
    /<\?xml[^>]*\?>|<(\/?)([\w.]+)((?:\s[\w.]+="[^"<]*")*)\s*(\/?)>/g,
    (_all, close, name, _attributes, empty) => {
      if (name === undefined || empty === "/") return "";
      if (close !== "/") open.push(name as string);
      else if (open.pop() !== name) open.push("mismatch");
      return "";
    },
  );
  return open.length === 0 && !/[<\u0000-\u0008]/.test(rest) && !/&(?!(amp|lt|gt|quot);)/.test(xml);
}

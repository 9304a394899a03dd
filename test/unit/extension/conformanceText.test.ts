import { describe, expect, it } from "vitest";
import { conformanceMarkdown } from "../../../src/extension/connections/conformanceText.ts";
import { Observations } from "../../../src/extension/connections/observations.ts";
import type { ConformanceReport } from "../../../src/conformance/conformance.ts";
import type { RuleResult } from "../../../src/conformance/rule.ts";
import type { Observation } from "../../../src/scim/observed.ts";
import { baseUrl } from "./support.ts";

const rule = (id: string, verdict: RuleResult["verdict"], more: Partial<RuleResult> = {}): RuleResult => ({
  id,
  origin: "RFC",
  source: "RFC 7644 section 3.3",
  expected: `${id} holds.`,
  kind: "read",
  verdict,
  observed: "It does otherwise.",
  evidence: [],
  durationMs: 1,
  ...more,
});

const report = (more: Partial<ConformanceReport> = {}): ConformanceReport => ({
  baseUrl,
  observedAt: "2026-11-24T11:00:00.000Z",
  vendor: "Example",
  wrote: false,
  conformant: false,
  counts: { passed: 1, departed: 1, notOffered: 1, notTried: 2 },
  results: [
    rule("list.pages", "passed"),
    rule("create.asSent", "departed", {
      fix: "Compare without letter case.",
      evidence: [{ sent: "GET /Users/1\n\n{}", received: '200 json\n\n```\n<img src=x>"' }],
    }),
    rule("list.sort", "notOffered", { observed: "It says that it does not sort." }),
    rule("patch.atomic", "notTried", { kind: "write", observed: "It writes, and writing was not asked for." }),
    rule("me", "notTried", { observed: "There is no user yet." }),
  ],
  capabilities: [
    { name: "patch", declared: true, observed: false },
    { name: "bulk", declared: undefined, observed: undefined },
  ],
  profile: {},
  leftBehind: [],
  ...more,
});

describe("a conformance report", () => {
  const text = conformanceMarkdown("Example", report(), ["Lists are asked for in pages of 20."]);

  it("shows of a departure the rule, both readings, the bytes and the fix", () => {
    expect(text).toMatch(
      /### create\\\.asSent[^]*The rule's reading:\*\* create\\\.asSent holds[^]*The service's reading:\*\* It does otherwise[^]*Compare without letter case[^]*Sent\n\n {4}GET \/Users\/1[^]*Got\n\n {4}200 json/,
    );
  });

  it("sets declared beside observed, and marks where they differ", () => {
    expect(text).toContain("| patch | yes | no | **differs** |");
    expect(text).toContain("| bulk | nothing said | not tried |  |");
  });

  it("says how the connection is used from now on", () => {
    expect(text).toContain("Lists are asked for in pages of 20");
    expect(conformanceMarkdown("Example", report(), [])).toContain("As before");
  });

  it("does not list one by one what was not tried for want of consent", () => {
    expect(text).toContain("Only reading was tried");
    expect(text).toContain("## Not tried (1)");
    expect(text).not.toContain("patch\\.atomic");
  });

  it("names what could not be removed", () => {
    expect(conformanceMarkdown("Example", report({ wrote: true, leftBehind: ["/Users/7"] }), [])).toMatch(
      /Remove them by hand[^]*\/Users\/7/,
    );
  });

  it("lets nothing that a service sends become markup", () => {
    const lines = text.split("\n").filter((line) => !line.startsWith("    "));
    expect(lines.join("\n")).not.toMatch(/<img|```/);
    const hostile = report({ results: [rule("me", "departed", { observed: "a | b ![](http://evil) <b>" })] });
    expect(conformanceMarkdown("x", hostile, [])).not.toMatch(/[^\\](!\[|<b>)/);
  });
});

describe("what services were seen to do", () => {
  const observation = (url: string, more: Partial<Observation> = {}): Observation => ({
    baseUrl: url,
    observedAt: "2026-11-24T00:00:00.000Z",
    profile: { patch: false },
    ...more,
  });
  const now = new Date("2026-11-25T00:00:00.000Z");
  const store = (kept?: unknown, passing = "https://passing") => {
    let written: unknown = kept;
    const observations = new Observations(
      { read: () => written, write: async (value) => void (written = structuredClone(value)) },
      (url) => url === passing,
    );
    return { observations, written: () => written };
  };

  it("is kept by address over a restart, and never told of another address", async () => {
    const first = store();
    await first.observations.put(observation("https://a"), now);
    const second = store(first.written());
    expect(second.observations.get("https://a", now)?.profile).toEqual({ patch: false });
    expect(second.observations.get("https://a.evil", now)).toBeUndefined();
  });

  it("is not relied on for ever", () => {
    const { observations } = store([observation("https://a")]);
    expect(observations.get("https://a", new Date("2027-03-01T00:00:00.000Z"))).toBeUndefined();
  });

  it("is forgotten on demand, and tells that something else is known", async () => {
    const { observations, written } = store([observation("https://a")]);
    const told: string[] = [];
    observations.onDidChange((url) => told.push(url));
    await observations.forget("https://a");
    await observations.forget("https://a");
    expect([observations.get("https://a", now), written(), told]).toEqual([undefined, [], ["https://a"]]);
  });

  it("of a service that ends with the window is known, and not kept", async () => {
    const { observations, written } = store();
    await observations.put(observation("https://passing"), now);
    expect(observations.get("https://passing", now)).toBeDefined();
    expect(written()).toEqual([]);
  });

  it.each([["nonsense"], [[{ baseUrl: 1 }, null]], [{ a: 1 }]])("begins empty where what was kept is %j", (kept) => {
    expect(store(kept).observations.get("https://a", now)).toBeUndefined();
  });
});

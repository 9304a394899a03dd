import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Clients } from "../../../../src/extension/connections/clients.ts";
import { Observations } from "../../../../src/extension/connections/observations.ts";
import { TokenStore } from "../../../../src/extension/connections/tokens.ts";
import { UntrustedError } from "../../../../src/extension/connections/trouble.ts";
import { toWebviewSchema } from "../../../../src/extension/explain/messages.ts";
import { cardPage, explanationPage } from "../../../../src/extension/explain/pages.ts";
import { received, sendable } from "../../../../src/extension/jobs/engine/engineError.ts";
import type { LogCycle } from "../../../../src/extension/log/messages.ts";
import { CancelledError, noticeOf } from "../../../../src/extension/platform/errors.ts";
import { HttpError } from "../../../../src/http/errors.ts";
import type { Explanation } from "../../../../src/provisioning/explain.ts";
import type { LogRecord } from "../../../../src/provisioning/logRecord.ts";
import type { PersonCard } from "../../../../src/provisioning/personCard.ts";
import { foldKey, RowLayout } from "../../../../src/webview/log/rowLayout.ts";
import { connection, hostileNames } from "../support.ts";
import { change } from "./support.ts";

/** A record of the log that says one text wherever it says anything. */
const record = (name: string): LogRecord => ({
  ...{ id: "1", activityDateTime: new Date(0).toISOString(), jobId: "j", cycleId: "c" },
  ...{ provisioningAction: "other", durationInMilliseconds: 0 },
  sourceIdentity: { id: name, displayName: name, identityType: "User" },
  provisioningStatusInfo: { status: "skipped", skipReason: name },
  provisioningSteps: [{ name, provisioningStepType: "scoping", status: "skipped", description: name }],
  modifiedProperties: [],
});

const reading = { connection, at: new Date(), tookMs: 123.4, writable: true };

describe("the page on one person", () => {
  const explanation = (name: string): Explanation => ({
    job: name,
    object: { type: "User", sourceId: name, name },
    answer: `${name} would be created. In scope.`,
    steps: [
      {
        id: "import",
        title: "Import from the directory",
        status: "success",
        summary: name,
        details: [{ name, value: name, passed: false, before: { value: name, passed: true } }],
        durationMs: 3,
      },
    ],
    last: record(name),
    change: change("a", "create", { requests: [{ method: "POST", path: "/Users", body: { displayName: name } }] }),
  });
  const card = (name: string): PersonCard => ({
    job: name,
    name,
    object: { type: "User", sourceId: name },
    answer: name,
    attributes: [{ path: "displayName", source: name, mapped: name, target: name, state: "willChange" }],
    groups: [{ name, inDirectory: true, inTarget: false, provisioned: true }],
    operations: [record(name)],
  });

  it.each(hostileNames)("shows %j as text within bounds, in messages that the page accepts", (name) => {
    for (const message of [
      { kind: "explanation", page: explanationPage(explanation(name), name, reading) },
      { kind: "card", page: cardPage(card(name), reading) },
    ]) {
      expect(toWebviewSchema.safeParse(message).error).toBeUndefined();
      const text = JSON.stringify(message);
      expect(text).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/);
      expect(text.length).toBeLessThan(60_000);
    }
  });

  it("shows the exact request with its indentation", () => {
    const [request] = explanationPage(explanation("Ada"), "Ada", reading).head.requests;
    expect(request).toEqual({ method: "POST", path: "/Users", body: '{\n  "displayName": "Ada"\n}' });
  });

  it("offers to push only what there is to push, where that is allowed", () => {
    expect(explanationPage(explanation("Ada"), "Ada", reading).head.push).toBe("Push This One");
    expect(explanationPage(explanation("Ada"), "Ada", { ...reading, writable: false }).head.push).toBeNull();
    const { change: _change, ...nothing } = explanation("Ada");
    expect(explanationPage(nothing, "Ada", reading).head).toMatchObject({ push: null, pend: false });
    expect(explanationPage(explanation("Ada"), "Ada", { ...reading, writable: false }).head.pend).toBe(true);
  });

  it("says what the last cycle did, and when the next begins", () => {
    const at = new Date(2026, 10, 24, 11, 44);
    const last = {
      ...record("NotEffectivelyEntitled"),
      activityDateTime: new Date(2026, 10, 24, 11, 22).toISOString(),
    };
    const nextAt = new Date(2026, 10, 24, 12, 2).toISOString();
    const page = explanationPage({ ...explanation("Ada"), last }, "Ada", { ...reading, at, nextAt });
    expect(page.then).toBe("Cycle at 11:22");
    expect(page.head.cycles).toBe(
      "At 11:22 it was skipped as NotEffectivelyEntitled: NotEffectivelyEntitled The next cycle begins at 12:02.",
    );
    expect(page.steps[0]?.details[0]?.before).toEqual({ value: "Ada", passed: true });
  });
});

describe("an untrusted workspace", () => {
  it("gives no token to a job, and reads no secret for it", () => {
    let reads = 0;
    const secrets = {
      get: async () => {
        reads += 1;
        return undefined;
      },
      store: async () => undefined,
      delete: async () => undefined,
    };
    const clients = new Clients({
      tokens: new TokenStore(secrets),
      log: () => () => undefined,
      observations: new Observations({ read: () => undefined, write: async () => undefined }, () => true),
      trusted: () => false,
    });
    expect(() => clients.token(connection)).toThrow(UntrustedError);
    expect(reads).toBe(0);
  });
});

describe("an error of the engine's process", () => {
  it("arrives with its code, its address and its fix, so that the same action mends it", () => {
    const refused = new HttpError("unauthorized", "The token was refused.", {
      fix: "Replace it.",
      url: "https://a.example/scim",
      status: 401,
    });
    const error = received(structuredClone(sendable(refused)));
    expect(error).toBeInstanceOf(HttpError);
    expect(noticeOf(error)?.action?.command).toBe("scim.connection.replaceToken");
    expect(error.message).toBe(refused.message);
  });

  it("that only says it was called off is silent", () => {
    expect(received(sendable(new DOMException("stop", "AbortError")))).toBeInstanceOf(CancelledError);
    expect(received(sendable(new HttpError("aborted", "Stopped.", { fix: "" })))).toBeInstanceOf(CancelledError);
  });

  it("carries no stack and no cause", () => {
    const error = new Error("x", { cause: "secret" });
    expect(Object.keys(sendable(error))).toEqual(["name", "message"]);
  });
});

describe("the lines of the log table", () => {
  const cycle = (from: number, records: number): LogCycle => ({
    id: `c${from}`,
    from,
    records,
    failures: 0,
    held: 0,
    at: new Date(from).toISOString(),
    spanMs: 0,
  });

  it("hold a head for each cycle and every record once, whatever is folded", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: 1, max: 50 }), fc.boolean()), { maxLength: 30 }), (parts) => {
        let from = 0;
        const cycles = parts.map(([records]) => {
          const made = cycle(from, records);
          from += records;
          return made;
        });
        const folded = new Set(cycles.filter((_, at) => parts[at]?.[1]).map(foldKey));
        const layout = new RowLayout(cycles, folded);
        const expected = cycles.flatMap((each) => [
          { kind: "cycle", cycle: each },
          ...(folded.has(foldKey(each))
            ? []
            : Array.from({ length: each.records }, (_, at) => ({ kind: "record", index: each.from + at }))),
        ]);
        expect(Array.from({ length: layout.lines }, (_, line) => layout.at(line))).toEqual(expected);
        expect(layout.at(layout.lines)).toBeUndefined();
        expect(layout.at(-1)).toBeUndefined();
      }),
    );
  });
});

import { describe, expect, it } from "vitest";
import { HttpError } from "../../../src/http/errors.ts";
import type { Outcome, PushReport } from "../../../src/changes/pushResult.ts";
import { pushQuestion } from "../../../src/extension/changes/confirm.ts";
import { edit, editDelete } from "../../../src/extension/changes/edits.ts";
import { aftermathOf, outcomeText, progressText } from "../../../src/extension/changes/pushOutcome.ts";
import { noticeOf, CancelledError, UserError } from "../../../src/extension/platform/errors.ts";
import { requestLine } from "../../../src/extension/platform/log.ts";
import { MissingTokenError, UntrustedError } from "../../../src/extension/connections/trouble.ts";
import { removalsOf, withMembers, withoutMembers } from "../../../src/extension/resources/members.ts";
import { ada, baseUrl, connection, draft, editable, pendingChanges, team } from "./support.ts";

function changes() {
  const pending = pendingChanges();
  edit(pending, draft(), { userName: "linh@contoso.com" });
  edit(pending, editable(ada), { ...ada, active: false });
  return pending;
}

describe("the question before a push", () => {
  it("is not asked for what can be undone outside of production", () => {
    expect(pushQuestion(connection, changes().all(baseUrl))).toBeUndefined();
  });

  it("is asked before deletions: which connection, how many, the worst", () => {
    const pending = changes();
    editDelete(pending, editable({ ...team, members: [{ value: "1" }, { value: "2" }] }, "Group"));
    expect(pushQuestion(connection, pending.all(baseUrl))).toEqual({
      message: "Push 3 changes to Databricks production?",
      detail: "1 create, 1 deactivate, 1 delete\nWorst: deletes the group data with 2 members",
      act: "Delete 1 and Push 3",
      typeName: false,
    });
  });

  it("says of one deletion what it deletes, and names the act on the button", () => {
    const pending = pendingChanges();
    editDelete(pending, editable(ada));
    expect(pushQuestion(connection, pending.all(baseUrl))).toEqual({
      message: "Push 1 change to Databricks production?",
      detail: "This deletes ada@contoso.com for good.",
      act: "Delete 1",
      typeName: false,
    });
  });

  it("is asked before every push to production", () => {
    const question = pushQuestion({ ...connection, production: true }, changes().all(baseUrl));
    expect(question).toMatchObject({
      act: "Push 2 Changes",
      detail: expect.stringMatching(/takes the access of[\s\S]*production/),
    });
  });

  it("asks for the name when production loses more than a few", () => {
    const pending = pendingChanges();
    for (let id = 0; id < 6; id++) editDelete(pending, editable({ id: String(id), userName: `u${id}@contoso.com` }));
    expect(pushQuestion({ ...connection, production: true }, pending.all(baseUrl))?.typeName).toBe(true);
  });
});

const counts = (some: Partial<Record<Outcome, number>>) => ({
  pushed: 0,
  redundant: 0,
  conflict: 0,
  failed: 0,
  blocked: 0,
  notSent: 0,
  unknown: 0,
  ...some,
});

function report(
  outcomes: readonly Outcome[],
  extra: Partial<PushReport> = {},
): { pending: ReturnType<typeof changes>; report: PushReport } {
  const pending = changes();
  const results = pending.all(baseUrl).map(({ change }, at) => {
    const outcome = outcomes[at] ?? "pushed";
    return {
      changeId: change.id,
      change,
      outcome,
      requests: 1,
      durationMs: 1,
      ...(outcome === "failed" ? { error: { code: "x", message: "403: not allowed" } } : {}),
      ...(outcome === "pushed" ? { differences: [{ path: "userName", before: "A@x", after: "a@x" }] } : {}),
    };
  });
  const tally: Partial<Record<Outcome, number>> = {};
  for (const outcome of outcomes) tally[outcome] = (tally[outcome] ?? 0) + 1;
  return { pending, report: { push: "p", results, counts: counts(tally), durationMs: 1, ...extra } };
}

describe("after a push", () => {
  it("what is done goes, and what differs from what was sent is told", () => {
    const { pending, report: done } = report(["pushed", "redundant"]);
    const { done: keys, left, differences } = aftermathOf(pending.all(baseUrl), done);
    expect(keys).toHaveLength(2);
    expect(left).toEqual([]);
    expect(differences).toEqual(["linh@contoso.com: userName is a@x, sent was A@x."]);
    expect(outcomeText(done)).toBe("Pushed 2 changes.");
  });

  it("what failed or moved stays, with the reason", () => {
    const { pending, report: mixed } = report(["failed", "conflict"]);
    const { left } = aftermathOf(pending.all(baseUrl), mixed);
    expect(left.map(({ problem }) => problem?.kind)).toEqual(["failed", "conflict"]);
    expect(left[0]?.problem?.message).toBe("403: not allowed");
    expect(outcomeText(mixed)).toBe("Pushed 0 of 2 changes. 1 failed. 1 was changed by someone else and was not sent.");
  });

  it("a service that vanished: what went, what did not", () => {
    const { pending, report: stopped } = report(["pushed", "notSent"], {
      stopped: { code: "refused", message: "The service cannot be reached." },
    });
    const { done, left } = aftermathOf(pending.all(baseUrl), stopped);
    expect([done.length, left.length]).toEqual([1, 1]);
    expect(left[0]?.problem).toBeUndefined();
    expect(outcomeText(stopped)).toBe(
      "Pushed 1 of 2 changes. The service cannot be reached. 1 was not sent and stays pending.",
    );
  });

  it("progress says how far, how many failed and how long", () => {
    expect(progressText({ done: 37, total: 1200, failed: 2, rate: 5, etaSeconds: 233 })).toBe(
      "37 of 1,200, 2 failed, about 4 min left",
    );
    expect(progressText({ done: 1, total: 2, failed: 0, rate: 0 })).toBe("1 of 2");
  });
});

describe("an error", () => {
  const http = (code: HttpError["code"]) => new HttpError(code, "It failed.", { fix: "Mend it." });

  it("that is a cancellation says nothing", () => {
    expect(noticeOf(new CancelledError())).toBeUndefined();
    expect(noticeOf(http("aborted"))).toBeUndefined();
    expect(noticeOf(new DOMException("x", "AbortError"))).toBeUndefined();
  });

  it("of a token leads to a new one", () => {
    for (const error of [http("unauthorized"), http("invalidToken"), new MissingTokenError("A")])
      expect(noticeOf(error)?.action?.command).toBe("scim.connection.replaceToken");
  });

  it("of Restricted Mode leads to trust, one of the person to nothing, others to the log", () => {
    expect(noticeOf(new UntrustedError())?.action?.command).toBe("workbench.trust.manage");
    expect(noticeOf(new UserError("Select something."))).toMatchObject({
      severity: "warning",
      message: "Select something.",
    });
    expect(noticeOf(http("throttled"))).toMatchObject({ defect: false, action: { command: "scim.log.show" } });
    expect(noticeOf(new TypeError("x is undefined"))).toMatchObject({ defect: true });
  });
});

describe("the log", () => {
  it("has one line for each request, without headers and bodies", () => {
    const line = requestLine("A", {
      startedAt: "",
      method: "GET",
      path: '/Users?filter=userName eq "…"',
      status: 200,
      durationMs: 12.4,
      attempts: 2,
      bytes: 10,
      requestId: "r1",
    });
    expect(line).toBe('A: GET /Users?filter=userName eq "…" 200 in 12 ms, 10 bytes, 2 attempts, request r1');
  });
});

describe("members", () => {
  it("are added once and removed by id, without touching others", () => {
    const added = withMembers(team, [
      { id: "42", name: "Ada", resourceType: "User" },
      { id: "9", name: "Oncall", resourceType: "Group" },
      { id: "9", name: "Oncall", resourceType: "Group" },
    ]);
    expect(added["members"]).toEqual([
      ...(team["members"] as unknown[]),
      { value: "9", display: "Oncall", type: "Group" },
    ]);
    expect(withoutMembers(added, new Set(["42"]))["members"]).toHaveLength(1);
    expect(withMembers(team, [])).toBe(team);
    expect(withoutMembers(team, new Set(["1"]))).toBe(team);
  });

  it("leave the group they are shown under, or the groups that are shown under them", () => {
    const row = {
      kind: "resource",
      id: "",
      baseUrl,
      connection: "A",
      readOnly: false,
      key: "",
      name: "",
      inactive: false,
    } as const;
    const removals = removalsOf([
      { ...row, resourceType: "User", resourceId: "42", via: { resourceType: "Group", id: "7" } },
      { ...row, resourceType: "User", resourceId: "43", via: { resourceType: "Group", id: "7" } },
      { ...row, resourceType: "Group", resourceId: "8", via: { resourceType: "User", id: "42" } },
      { ...row, resourceType: "User", resourceId: "44" },
    ]);
    expect([...removals].map(([group, members]) => [group, [...members]])).toEqual([
      ["7", ["42", "43"]],
      ["8", ["42"]],
    ]);
  });
});

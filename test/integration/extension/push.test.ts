import { onTestFinished, describe, expect, it } from "vitest";
import { pushChanges } from "../../../src/changes/push.ts";
import type { ChangeContext } from "../../../src/changes/build.ts";
import type { Dialect } from "../../../src/scim/dialects/dialect.ts";
import { ScimClient } from "../../../src/scim/client.ts";
import type { ScimResource } from "../../../src/scim/resource.ts";
import { builtinSchema } from "../../../src/scim/schemas/builtin.ts";
import type { SandboxOptions } from "../../../src/sandbox/options.ts";
import { startSandbox } from "../../../src/sandbox/sandbox.ts";
import { conflictOf, edit, settle } from "../../../src/extension/changes/edits.ts";
import { PendingChanges } from "../../../src/extension/changes/pendingChanges.ts";
import { aftermathOf, endedByToken, outcomeText } from "../../../src/extension/changes/pushOutcome.ts";

/** A service, and windows that edit and push as the extension does. */
async function service(options: SandboxOptions = {}, dialect: Dialect["id"] = "databricks") {
  const sandbox = await startSandbox({ users: 20, groups: 2, ...options });
  const client = new ScimClient({ baseUrl: sandbox.baseUrl, dialect, token: sandbox.token });
  onTestFinished(async () => {
    await client.close();
    await sandbox.close();
  });
  const { baseUrl } = sandbox;
  const context: ChangeContext = { resourceType: "User", schema: builtinSchema("User"), dialect: client.dialect };
  const openWindow = () => {
    const pending = new PendingChanges({ read: () => undefined, write: async () => undefined });
    return {
      pending,
      rename: (stored: ScimResource, displayName: string) =>
        edit(pending, { baseUrl, key: `User/${stored.id}`, context, stored }, { ...stored, displayName }),
      create: (userName: string) => edit(pending, { baseUrl, key: `User/new:${userName}`, context }, { userName }),
      push: async () => {
        const changes = pending.all(baseUrl).filter(({ problem }) => problem === undefined);
        const report = await pushChanges({
          client,
          dialect: client.dialect,
          changes: changes.map(({ change }) => change),
          verify: true,
        });
        const aftermath = aftermathOf(changes, report);
        pending.discard(baseUrl, aftermath.done);
        pending.put(baseUrl, aftermath.left);
        return { report, aftermath };
      },
    };
  };
  const people = (await client.list("User", { count: 20 })).resources;
  return { sandbox, baseUrl, context, people, openWindow };
}

describe("pending changes on their way", () => {
  it("of two windows that edit the same person: the second is held, shown and settled", async () => {
    const { sandbox, baseUrl, context, people, openWindow } = await service();
    const [person] = people;
    const [first, second] = [openWindow(), openWindow()];
    first.rename(person!, "From the first");
    second.rename(person!, "From the second");
    expect((await first.push()).aftermath.done).toHaveLength(1);
    const { report } = await second.push();
    expect(outcomeText(report)).toBe("The change was not pushed. 1 was changed by someone else and was not sent.");
    const [held] = second.pending.all(baseUrl);
    expect(conflictOf(held!, context)?.attributes).toMatchObject([
      { path: "displayName", ours: "From the second", theirs: "From the first" },
    ]);
    settle(second.pending, baseUrl, held!, new Map([["displayName", "ours"]]), context);
    await second.push();
    expect(sandbox.store.get(person!.id)).toMatchObject({ displayName: "From the second" });
  });

  it("get through a service that throttles", async () => {
    const { sandbox, people, openWindow } = await service({ faults: "PATCH/429=1:#1+2" });
    const window = openWindow();
    for (const person of people.slice(0, 4)) window.rename(person, `New ${person.id}`);
    expect((await window.push()).aftermath.left).toEqual([]);
    for (const person of people.slice(0, 4))
      expect(sandbox.store.get(person.id)).toMatchObject({ displayName: `New ${person.id}` });
  });

  it("stay when the token ends in between, and nothing is sent", async () => {
    const { sandbox, baseUrl, people, openWindow } = await service();
    const window = openWindow();
    for (const person of people.slice(0, 3)) window.rename(person, "New");
    sandbox.revoke(sandbox.token);
    const { report } = await window.push();
    expect(endedByToken(report)).toBe(true);
    expect(outcomeText(report)).toBe(
      "Pushed 0 of 3 changes. The service refused the token. 3 were not sent and stay pending.",
    );
    expect(window.pending.all(baseUrl)).toHaveLength(3);
  });

  it("tell where the service stored something else than was sent", async () => {
    const { openWindow } = await service({}, "generic");
    const window = openWindow();
    window.create("Linh.Tran@partner.example");
    const { aftermath } = await window.push();
    expect(aftermath.differences).toEqual([
      "Linh.Tran@partner.example: userName is linh.tran@partner.example, sent was Linh.Tran@partner.example.",
    ]);
  });
});

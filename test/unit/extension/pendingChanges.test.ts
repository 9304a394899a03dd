import { describe, expect, it } from "vitest";
import { conflictOf, currentDocument, edit, editDelete, settle } from "../../../src/extension/changes/edits.ts";
import type { PendingChange } from "../../../src/extension/changes/pendingChange.ts";
import { groupOf, inOrder } from "../../../src/extension/changes/pendingChange.ts";
import { PendingChanges } from "../../../src/extension/changes/pendingChanges.ts";
import { ada, baseUrl, contextOf, draft, editable, memory, pendingChanges, team } from "./support.ts";

const key = "User/42";
const renamed = { ...ada, displayName: "Ada Lovelace" };

describe("an edit", () => {
  it("makes one pending change with the smallest request, and sends nothing", () => {
    const pending = pendingChanges();
    expect(edit(pending, editable(ada), renamed)).toEqual({ result: "pending", notes: [] });
    const held = pending.get(baseUrl, key);
    expect(held?.change).toMatchObject({ action: "update", name: "ada@contoso.com", targetId: "42" });
    expect(held?.change.requests).toEqual([
      {
        method: "PATCH",
        path: "/Users/42",
        body: expect.objectContaining({ Operations: [{ op: "replace", path: "displayName", value: "Ada Lovelace" }] }),
      },
    ]);
  });

  it("edits the pending document further, against what the service had", () => {
    const pending = pendingChanges();
    edit(pending, editable(ada), renamed);
    const current = currentDocument(pending, editable(ada));
    edit(pending, editable(ada), { ...current, active: false });
    const held = pending.get(baseUrl, key);
    expect(held?.change).toMatchObject({ action: "deactivate", before: ada });
    expect(held?.change.after).toMatchObject({ displayName: "Ada Lovelace", active: false });
    expect(pending.total).toBe(1);
  });

  it("that is taken back leaves nothing pending", () => {
    const pending = pendingChanges();
    edit(pending, editable(ada), renamed);
    expect(edit(pending, editable(ada), ada)).toEqual({ result: "none", notes: [] });
    expect(pending.total).toBe(0);
  });

  it("that the service ignores is no change, and says why", () => {
    const pending = pendingChanges();
    const { result, notes } = edit(pending, editable(ada), { ...ada, userName: "eve@contoso.com" });
    expect(result).toBe("none");
    expect(notes).toEqual([expect.stringMatching(/ignores changes of userName/)]);
  });

  it("of the id is refused", () => {
    expect(() => edit(pendingChanges(), editable(ada), { ...ada, id: "43" })).toThrow(
      /id of a resource cannot be changed/,
    );
  });

  it("of a draft makes a create; its deletion forgets it", () => {
    const pending = pendingChanges();
    edit(pending, draft(), { userName: "Linh@contoso.com" });
    expect(pending.get(baseUrl, "User/new:d1")?.change).toMatchObject({
      action: "create",
      after: { userName: "linh@contoso.com" },
    });
    editDelete(pending, draft());
    expect(pending.total).toBe(0);
  });

  it("keeps a change excluded that was", () => {
    const pending = pendingChanges();
    edit(pending, editable(ada), renamed);
    pending.setExcluded(baseUrl, [key], true);
    edit(pending, editable(ada), { ...renamed, active: false });
    expect(pending.get(baseUrl, key)?.excluded).toBe(true);
  });

  it("never deletes a group of the service itself", () => {
    expect(() => editDelete(pendingChanges(), editable({ ...team, displayName: "admins" }, "Group"))).toThrow(/admins/);
  });
});

describe("pending changes", () => {
  it("of a connection that is gone are neither counted nor lost, and are back with it", async () => {
    const storage = memory();
    edit(new PendingChanges(storage), editable(ada), renamed);
    let isKnown = false;
    const pending = new PendingChanges(storage, { isKnown: () => isKnown, isPassing: () => false });
    expect([pending.total, pending.connections()]).toEqual([0, []]);
    edit(pending, { ...editable(ada), baseUrl: "https://other.example.com/v2" }, renamed);
    isKnown = true;
    expect([pending.total, pending.connections()]).toEqual([2, [baseUrl, "https://other.example.com/v2"]]);
    await pending.flush();
    expect(new PendingChanges(memory(storage.kept())).total).toBe(2);
  });

  it("for a service that ends with the window end with it", async () => {
    const storage = memory();
    const sandbox = "http://127.0.0.1:40001/scim/v2";
    const pending = new PendingChanges(storage, { isKnown: () => true, isPassing: (url) => url === sandbox });
    edit(pending, editable(ada), renamed);
    edit(pending, { ...editable(ada), baseUrl: sandbox }, renamed);
    expect(pending.total).toBe(2);
    await pending.flush();
    expect(new PendingChanges(memory(storage.kept())).connections()).toEqual([baseUrl]);
  });

  it("survive a reload", async () => {
    const storage = memory();
    const pending = new PendingChanges(storage);
    edit(pending, editable(ada), renamed);
    edit(pending, draft(), { userName: "linh@contoso.com" });
    pending.setExcluded(baseUrl, [key], true);
    await pending.flush();
    const again = new PendingChanges(memory(storage.kept()));
    expect(again.all(baseUrl)).toEqual(JSON.parse(JSON.stringify(pending.all(baseUrl))));
    expect(again.unreadable).toBe(0);
  });

  it("that cannot be read are counted, and do not take others with them", async () => {
    const storage = memory();
    const pending = new PendingChanges(storage);
    edit(pending, editable(ada), renamed);
    await pending.flush();
    const kept = storage.kept() as Record<string, unknown[]>;
    kept[baseUrl]?.push({ key: "User/1" });
    const again = new PendingChanges(memory(kept));
    expect(again.unreadable).toBe(1);
    expect(again.total).toBe(1);
    expect(new PendingChanges(memory("rubbish")).unreadable).toBe(1);
  });

  it("tell whose they are", () => {
    const pending = pendingChanges();
    const heard: unknown[] = [];
    pending.onDidChange((event) => heard.push(event));
    edit(pending, editable(ada), renamed);
    pending.discard(baseUrl, [key, "User/99"]);
    pending.discard(baseUrl, [key]);
    expect(heard).toEqual([
      { baseUrl, keys: [key] },
      { baseUrl, keys: [key] },
    ]);
  });

  it("stand in groups, in the order of the Source Control view", () => {
    const pending = pendingChanges();
    editDelete(pending, editable({ id: "43", userName: "z@contoso.com" }));
    edit(pending, editable({ id: "44", userName: "b@contoso.com" }), {
      id: "44",
      userName: "b@contoso.com",
      displayName: "B",
    });
    edit(pending, editable(ada), renamed);
    edit(pending, draft(), { userName: "linh@contoso.com" });
    expect(inOrder(pending.all(baseUrl)).map((held) => [groupOf(held), held.change.name])).toEqual([
      ["create", "linh@contoso.com"],
      ["update", "ada@contoso.com"],
      ["update", "b@contoso.com"],
      ["delete", "z@contoso.com"],
    ]);
  });

  it("of ten thousand people are put in one go", () => {
    const pending = pendingChanges();
    let heard = 0;
    pending.onDidChange(() => heard++);
    edit(pending, editable(ada), renamed);
    const sample = pending.get(baseUrl, key) as PendingChange;
    pending.put(
      baseUrl,
      Array.from({ length: 10_000 }, (_, at) => ({ ...sample, key: `User/${at + 100}` })),
    );
    expect(pending.all(baseUrl)).toHaveLength(10_001);
    expect(heard).toBe(2);
  });
});

describe("a conflict", () => {
  const theirs = { ...ada, displayName: "A. Okafor", title: "Lead" };

  function conflicted() {
    const pending = pendingChanges();
    edit(pending, editable(ada), { ...renamed, active: false });
    const held = pending.get(baseUrl, key) as PendingChange;
    const problem = { kind: "conflict", message: "Moved.", theirs } as const;
    pending.put(baseUrl, [{ ...held, problem }]);
    return { pending, held: pending.get(baseUrl, key) as PendingChange };
  }

  it("names the attributes that both changed", () => {
    const { held } = conflicted();
    expect(conflictOf(held, contextOf("User"))?.attributes).toEqual([
      { path: "displayName", base: "Ada Okafor", ours: "Ada Lovelace", theirs: "A. Okafor" },
    ]);
  });

  it("settled for the service keeps what nobody else touched", () => {
    const { pending, held } = conflicted();
    settle(pending, baseUrl, held, new Map(), contextOf("User"));
    const settled = pending.get(baseUrl, key);
    expect(settled?.problem).toBeUndefined();
    expect(settled?.change.before).toEqual(theirs);
    expect(settled?.change.after).toMatchObject({ displayName: "A. Okafor", active: false, title: "Lead" });
  });

  it("settled for me sends mine on top of theirs", () => {
    const { pending, held } = conflicted();
    settle(pending, baseUrl, held, new Map([["displayName", "ours"]]), contextOf("User"));
    expect(pending.get(baseUrl, key)?.change.after).toMatchObject({
      displayName: "Ada Lovelace",
      title: "Lead",
      active: false,
    });
  });

  it("with a resource that is gone ends the change", () => {
    const { pending, held } = conflicted();
    const { theirs: _, ...problem } = held.problem!;
    settle(pending, baseUrl, { ...held, problem }, new Map(), contextOf("User"));
    expect(pending.total).toBe(0);
  });
});

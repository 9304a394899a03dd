import * as assert from "node:assert/strict";
import { setup, suite, suiteSetup, teardown, test } from "mocha";
import * as vscode from "vscode";
import type { Sandbox } from "../../../src/sandbox/sandbox.ts";
import {
  connectedSandbox,
  discardAll,
  newUser,
  open,
  replaceAndSave,
  textOf,
  until,
  uriOf,
  writes,
} from "./support.ts";

const push = (sandbox: Sandbox) => vscode.commands.executeCommand("scim.change.push", sandbox.baseUrl);

suite("Review and push", () => {
  let sandbox: Sandbox;

  suiteSetup(async () => {
    sandbox = await connectedSandbox();
  });

  setup(() => sandbox.requests.clear());

  teardown(() => vscode.commands.executeCommand("workbench.action.closeAllEditors"));

  test("an edited document is pushed with the smallest request, and shows what was stored", async () => {
    const { id } = newUser(sandbox, "pushed@contoso.com");
    const uri = uriOf("User", "pushed@contoso.com", id);
    const editor = await open(uri);
    await replaceAndSave(editor, '"displayName": "pushed"', '"displayName": "Pushed Person"');
    await push(sandbox);
    assert.deepEqual(writes(sandbox), [`PATCH /Users/${id}`]);
    assert.equal(sandbox.store.get(id)?.["displayName"], "Pushed Person");
    await until(
      () => editor.document.getText(),
      (text) => text.includes('"displayName": "Pushed Person"') && !editor.document.isDirty,
    );
  });

  test("changes of many people go in one push, none before", async () => {
    const users = ["one", "two", "three", "four", "five"].map((name) => newUser(sandbox, `${name}@contoso.com`));
    for (const { id } of users) {
      const editor = await open(uriOf("User", id, id));
      await replaceAndSave(editor, '"active": true', '"active": false');
    }
    assert.deepEqual(writes(sandbox), []);
    await push(sandbox);
    for (const { id } of users) assert.equal(sandbox.store.get(id)?.["active"], false);
    assert.equal(writes(sandbox).length, users.length);
  });

  test("a resource that moved since it was read is not overwritten", async () => {
    const { id } = newUser(sandbox, "moved@contoso.com");
    const uri = uriOf("User", "moved@contoso.com", id);
    await replaceAndSave(await open(uri), '"displayName": "moved"', '"displayName": "Mine"');
    sandbox.store.patch(id, [{ op: "replace", path: "displayName", value: "Theirs" }]);
    await push(sandbox);
    assert.deepEqual(writes(sandbox), []);
    assert.equal(sandbox.store.get(id)?.["displayName"], "Theirs");
    assert.match(await textOf(uri), /"Mine"/);
    await discardAll([[sandbox, "User", id]]);
    await until(
      () => textOf(uri),
      (text) => text.includes("Theirs") || text.includes("moved"),
    );
  });

  test("what two people change in different attributes goes together", async () => {
    const { id } = newUser(sandbox, "together@contoso.com", { name: { givenName: "T", familyName: "G" } });
    const uri = uriOf("User", "together@contoso.com", id);
    await replaceAndSave(await open(uri), '"displayName": "together"', '"displayName": "Mine"');
    sandbox.store.patch(id, [{ op: "replace", path: "name.givenName", value: "Theirs" }]);
    await push(sandbox);
    const stored = sandbox.store.get(id);
    assert.equal(stored?.["displayName"], "Mine");
    assert.deepEqual((stored["name"] as Record<string, unknown>)["givenName"], "Theirs");
  });

  test("an excluded change stays behind until it is included", async () => {
    const { id } = newUser(sandbox, "excluded@contoso.com");
    const uri = uriOf("User", "excluded@contoso.com", id);
    await replaceAndSave(await open(uri), '"displayName": "excluded"', '"displayName": "Later"');
    await vscode.commands.executeCommand("scim.change.exclude", sandbox.baseUrl, `User/${id}`);
    await push(sandbox);
    assert.deepEqual(writes(sandbox), []);
    await vscode.commands.executeCommand("scim.change.include", sandbox.baseUrl, `User/${id}`);
    await push(sandbox);
    assert.equal(sandbox.store.get(id)?.["displayName"], "Later");
  });

  test("the exact requests are shown, without the token", async () => {
    const { id } = newUser(sandbox, "requests@contoso.com");
    await replaceAndSave(
      await open(uriOf("User", "requests@contoso.com", id)),
      '"displayName": "requests"',
      '"displayName": "R"',
    );
    await vscode.commands.executeCommand("scim.change.showRequests", sandbox.baseUrl, `User/${id}`);
    const text = vscode.window.activeTextEditor?.document.getText() ?? "";
    assert.match(text, new RegExp(`PATCH /Users/${id}`));
    assert.match(text, /"path": "displayName"/);
    assert.match(text, /\$SCIM_TOKEN/);
    assert.ok(!text.includes(sandbox.token));
    await discardAll([[sandbox, "User", id]]);
  });

  test("one change opens as a diff, all as a multi-diff", async () => {
    const { id } = newUser(sandbox, "diffed@contoso.com");
    await replaceAndSave(
      await open(uriOf("User", "diffed@contoso.com", id)),
      '"displayName": "diffed"',
      '"displayName": "D"',
    );
    await vscode.commands.executeCommand("scim.change.open", sandbox.baseUrl, `User/${id}`);
    const tab = await until(
      () => vscode.window.tabGroups.activeTabGroup.activeTab,
      (active) => active?.input instanceof vscode.TabInputTextDiff,
    );
    assert.match(tab?.label ?? "", /diffed@contoso\.com\.json \(Stored ↔ Pending\)/);
    await vscode.commands.executeCommand("scim.change.review", sandbox.baseUrl);
    await until(
      () => vscode.window.tabGroups.activeTabGroup.activeTab?.label ?? "",
      (label) => label.includes("Sandbox: Pending Changes"),
    );
    await discardAll([[sandbox, "User", id]]);
  });

  test("hostile names are only names", async () => {
    const { id } = newUser(sandbox, "hostile@contoso.com", { displayName: "<b>x</b>\u202e[y](command:z) ../../etc" });
    const uri = uriOf("User", "../..\\evil\u202e.exe?x#y", id);
    assert.equal(uri.path.split("/").length, 4);
    assert.match(await textOf(uri), /command:z/);
  });
});

import * as assert from "node:assert/strict";
import { setup, suite, suiteSetup, teardown, test } from "mocha";
import * as vscode from "vscode";
import { commandTable } from "../../../src/extension/platform/commandTable.ts";
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

suite("Documents of users and groups", () => {
  let sandbox: Sandbox;

  suiteSetup(async () => {
    sandbox = await connectedSandbox();
  });

  setup(() => sandbox.requests.clear());

  teardown(async () => {
    await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
  });

  test("every command of the manifest is registered", async () => {
    const registered = new Set(await vscode.commands.getCommands(true));
    assert.deepEqual(
      Object.keys(commandTable).filter((command) => !registered.has(command)),
      [],
    );
  });

  test("a user opens as JSON, named by the person, without what only the server keeps", async () => {
    const { id } = newUser(sandbox, "ada@contoso.com");
    const { document } = await open(uriOf("User", "ada@contoso.com", id));
    assert.equal(document.languageId, "json");
    const read = JSON.parse(document.getText()) as Record<string, unknown>;
    assert.equal(read["userName"], "ada@contoso.com");
    assert.equal(read["id"], id);
    assert.ok(!("meta" in read));
  });

  test("saving makes a pending change and sends nothing", async () => {
    const { id } = newUser(sandbox, "grace@contoso.com");
    const uri = uriOf("User", "grace@contoso.com", id);
    const editor = await open(uri);
    sandbox.requests.clear();
    assert.ok(await replaceAndSave(editor, '"displayName": "grace"', '"displayName": "Grace Mbeki"'));
    assert.deepEqual(writes(sandbox), []);
    assert.match(await textOf(uri), /Grace Mbeki/);
    assert.equal(sandbox.store.get(id)?.["displayName"], "grace");
    await discardAll([[sandbox, "User", id]]);
    assert.match(await textOf(uri), /"displayName": "grace"/);
  });

  test("the gutter compares with what the service has stored", async () => {
    const { id } = newUser(sandbox, "gutter@contoso.com");
    const uri = uriOf("User", "gutter@contoso.com", id);
    await replaceAndSave(await open(uri), '"displayName": "gutter"', '"displayName": "Other"');
    const base = await vscode.workspace.openTextDocument(uri.with({ scheme: "scim-base" }));
    assert.match(base.getText(), /"displayName": "gutter"/);
    await discardAll([[sandbox, "User", id]]);
  });

  test("invalid JSON is not saved and not lost", async () => {
    const { id } = newUser(sandbox, "broken@contoso.com");
    const uri = uriOf("User", "broken@contoso.com", id);
    const editor = await open(uri);
    assert.equal(await replaceAndSave(editor, '"displayName": "broken",', '"displayName": "bro'), false);
    assert.ok(editor.document.isDirty);
    assert.match(editor.document.getText(), /"displayName": "bro/);
    assert.match(await textOf(uri), /"displayName": "broken"/);
  });

  test("a changed id and a value of the wrong type are diagnosed, and are not saved", async () => {
    const { id } = newUser(sandbox, "diagnosed@contoso.com");
    const uri = uriOf("User", "diagnosed@contoso.com", id);
    const editor = await open(uri);
    assert.equal(await replaceAndSave(editor, `"id": "${id}"`, '"id": "1"'), false);
    const codes = await until(
      () => vscode.languages.getDiagnostics(uri).map(({ code }) => code),
      (found) => found.includes("id-changed"),
    );
    assert.ok(codes.includes("id-changed"));
    assert.deepEqual(writes(sandbox), []);
  });

  test("what Databricks ignores is said where it stands", async () => {
    const { id } = newUser(sandbox, "ignored@contoso.com");
    const uri = uriOf("User", "ignored@contoso.com", id);
    const editor = await open(uri);
    await editor.edit((edit) => {
      const text = editor.document.getText();
      const at = editor.document.positionAt(text.indexOf('"ignored@contoso.com"') + 1);
      edit.insert(at, "x");
    });
    const [diagnostic] = await until(
      () => vscode.languages.getDiagnostics(uri),
      (found) => found.length > 0,
    );
    assert.equal(diagnostic?.code, "immutable-attribute");
    assert.match(diagnostic.message, /ignores changes of userName/);
    assert.equal(diagnostic.source, "SCIM");
  });

  test("completion and hover come from the schema", async () => {
    const { id } = newUser(sandbox, "completed@contoso.com");
    const uri = uriOf("User", "completed@contoso.com", id);
    const editor = await open(uri);
    const text = editor.document.getText();
    const inside = editor.document.positionAt(text.indexOf('"displayName"') + 3);
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>("vscode.executeHoverProvider", uri, inside);
    const said = hovers.flatMap(({ contents }) => (contents as vscode.MarkdownString[]).map(({ value }) => value));
    assert.match(said.join("\n"), /displayName[\s\S]*Databricks fills displayName/);
    await editor.edit((edit) => edit.insert(editor.document.positionAt(text.indexOf('"userName"')), '"", '));
    const at = editor.document.positionAt(editor.document.getText().indexOf('"", ') + 1);
    const list = await vscode.commands.executeCommand<vscode.CompletionList>(
      "vscode.executeCompletionItemProvider",
      uri,
      at,
    );
    assert.ok(list.items.some(({ label }) => label === "title"));
  });

  test("a resource that is not there is said to be so", async () => {
    await assert.rejects(Promise.resolve(textOf(uriOf("User", "nobody", "1"))), /no User with id 1/);
  });

  test("a connection that is not there is said to be so", async () => {
    const uri = vscode.Uri.parse("scim:/Elsewhere/Users/x.json?id=1");
    await assert.rejects(Promise.resolve(textOf(uri)), /no connection Elsewhere/);
  });
});

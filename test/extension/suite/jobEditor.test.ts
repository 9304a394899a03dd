import * as assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as vscode from "vscode";

const job = `{
  // reviewed
  "name": "Extension test",
  "connection": { "baseUrl": "https://scim.example.com/v2", "dialect": "generic" },
  "directory": { "type": "json", "file": "directory.json" },
  "scope": { "mode": "all" },
  "users": {
    "mappings": [
      { "target": "userName", "source": { "attribute": "userPrincipalName" }, "matching": 1 }
    ]
  }
}
`;

suite("the job editor", () => {
  let uri: vscode.Uri;

  suiteSetup(async () => {
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? "";
    uri = vscode.Uri.file(join(folder, "editor.provisioning.json"));
    await writeFile(join(folder, "directory.json"), JSON.stringify({ users: [], groups: [], assignments: [] }));
    await writeFile(uri.fsPath, job);
  });

  suiteTeardown(() => vscode.commands.executeCommand("workbench.action.closeAllEditors"));

  test("opens the file as a custom editor and does not make it dirty", async () => {
    await vscode.commands.executeCommand("scim.job.openEditor", uri, "scope");
    const input = await until(() => {
      const active = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
      return active instanceof vscode.TabInputCustom ? active : undefined;
    });
    assert.equal(input.viewType, "scim.jobEditor");
    assert.equal(input.uri.toString(), uri.toString());
    const document = await vscode.workspace.openTextDocument(uri);
    assert.equal(document.isDirty, false);
    assert.equal(document.getText(), job);
  });

  test("marks an expression that does not compile at its place, and takes the mark away", async () => {
    const document = await vscode.workspace.openTextDocument(uri);
    const at = document.getText().indexOf('{ "attribute"');
    const length = '{ "attribute": "userPrincipalName" }'.length;
    const edit = new vscode.WorkspaceEdit();
    const range = new vscode.Range(document.positionAt(at), document.positionAt(at + length));
    edit.replace(uri, range, '{ "expression": "ToLower(Coalesc([mail]))" }');
    await vscode.workspace.applyEdit(edit);
    const [problem] = await until(() => ours(uri, 1));
    assert.ok(problem);
    assert.match(problem.message, /Coalesc/);
    assert.equal(document.offsetAt(problem.range.start), document.getText().indexOf("Coalesc"));
    await document.save();
    await vscode.commands.executeCommand("undo");
    if (document.getText() !== job) {
      const all = new vscode.WorkspaceEdit();
      all.replace(uri, new vscode.Range(0, 0, document.lineCount, 0), job);
      await vscode.workspace.applyEdit(all);
    }
    await until(() => ours(uri, 0));
    await document.save();
  });
});

function ours(uri: vscode.Uri, count: number): vscode.Diagnostic[] | undefined {
  const found = vscode.languages.getDiagnostics(uri).filter(({ source }) => source === "scim");
  return found.length === count ? found : undefined;
}

async function until<T>(look: () => T | undefined): Promise<T> {
  for (let tries = 0; tries < 100; tries++) {
    const found = look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("It did not come to be within five seconds.");
}

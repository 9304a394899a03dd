import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { readFileSync } from "node:fs";
import { parseSeed } from "../../src/sandbox/seed.ts";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import { expect, test } from "./fixtures.ts";

const seed = parseSeed(readFileSync(join(import.meta.dirname, "../../samples/sandbox.json"), "utf8"));

test.use({ workspaceFiles: "samples", sandboxOptions: { seed } });

/** Everybody in the target by name, with what a push can change of them; its group "users" is always everybody. */
function contents({ store }: Sandbox): Record<string, unknown> {
  const { users, groups } = store.snapshot();
  const own = [...groups.values()].filter(({ displayName }) => displayName !== "users");
  const nameOf = new Map([...users.values()].map(({ id, userName }) => [id, userName]));
  return Object.fromEntries(
    [...users.values(), ...own].map(({ id: _id, meta: _meta, groups: _groups, members, ...rest }) => [
      String(rest["userName"] ?? rest["displayName"]),
      {
        ...rest,
        members: ((members ?? []) as { value: string }[]).map(({ value }) => nameOf.get(value) ?? value).sort(),
      },
    ]),
  );
}

test("a push by mistake is found in the history, reviewed backwards, and taken back but for what others changed since", async ({
  vscode,
  workspace,
  sandbox,
}) => {
  const { workbench } = vscode;
  const { sourceControl } = workbench;
  const history = workbench.tree("History");
  const before = contents(sandbox);
  await workbench.openContainer("SCIM");
  await workbench.tree("Jobs").contextMenu(/^Databricks sample/, "Preview Provisioning");
  await expect(sourceControl.row(/^Create/)).toBeVisible();
  await sourceControl.enterNote("All at once");
  await workbench.commandPalette.run("SCIM: Push");
  await expect(workbench.statusBarItem(/Pushed \d+ changes/)).toBeVisible();
  const linh = sandbox.store.find("User", "linh.tran@partner.contoso.com");
  sandbox.store.patch(String(linh?.["id"]), [{ op: "replace", path: "active", value: false }]);

  // What was done, push by push and person by person.
  await workbench.commandPalette.run("SCIM: Focus on History View");
  await expect(history.row(/^All at once, \d+ create.*Databricks sample/)).toBeVisible();
  await history.expand(/^All at once/);
  await expect(history.row(/aino\.korhonen@contoso\.com, Created/)).toBeVisible();
  await vscode.screenshot("history-dark");
  await history.click(/aino\.korhonen@contoso\.com/);
  await expect(workbench.editor.tab(/aino\.korhonen@contoso\.com \(Created/)).toBeVisible();
  await history.inlineAction(/aino\.korhonen@contoso\.com/, "Show History");
  await expect(history.rows).toHaveCount(1);
  await expect(history.row(/^Created/)).toBeVisible();
  await vscode.screenshot("history-person-dark");
  await workbench.commandPalette.run("SCIM: Undo Push");
  await workbench.quickInput.pick(/^All at once/);

  // The inverse, reviewed where every plan is.
  await expect(sourceControl.row(/^Delete|^Held/)).toBeVisible();
  const page = workbench.activeWebview().frame;
  await expect(page.getByRole("heading", { name: /^Kept as it is \(1\)/ })).toBeVisible();
  await expect(page.locator("body")).toContainText("linh.tran@partner.contoso.com was changed by others");
  await vscode.screenshot("undo-review-dark");
  await sourceControl.row(/aino/i).click();
  await expect(workbench.editor.tab(/aino\.korhonen@contoso\.com\.json \(Will Be Deleted\)/)).toBeVisible();
  const held = sourceControl.row(/^Held by the Deletion Guard/);
  await held.hover();
  await held.getByRole("button", { name: "Accept Removals" }).click();
  await workbench.answerDialog(/^Accept \d+ Removals$/);
  await workbench.commandPalette.run("SCIM: Push");
  await workbench.answerDialog(/^Delete \d+/);
  await expect(workbench.statusBarItem(/Pushed \d+ changes/)).toBeVisible();
  const { "linh.tran@partner.contoso.com": kept, ...rest } = contents(sandbox);
  expect(kept).toMatchObject({ active: false });
  expect(rest).toEqual(before);

  // The undo is a push like any other; a journal that something else has changed says so.
  await workbench.openContainer("SCIM");
  await workbench.commandPalette.run("SCIM: Focus on History View");
  await history.root.waitFor();
  await workbench.commandPalette.run("SCIM: Show All Pushes");
  await expect(history.row(/^Undo of the push of/)).toBeVisible();
  const journal = join(workspace, ".provisioning", "databricks", "journal.jsonl");
  await writeFile(journal, (await readFile(journal, "utf8")).replace("All at once", "None at all"));
  await workbench.commandPalette.run("SCIM: Refresh History");
  await history.click(/^Journal is not intact, Databricks sample/);
  const damage = workbench.activeWebview().frame;
  await expect(damage.getByRole("heading", { name: "How to mend it" })).toBeVisible();
  await vscode.screenshot("history-damaged-dark");
});

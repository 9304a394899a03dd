import type { VsCode } from "./vscode.ts";
import { Tree } from "./pageObjects/tree.ts";
import { SourceControl } from "./pageObjects/sourceControl.ts";
import { expect, test, themes } from "./fixtures.ts";
import { hostileNames } from "../unit/extension/support.ts";

async function openView(vscode: VsCode): Promise<Tree> {
  await vscode.workbench.openContainer("SCIM");
  return new Tree(vscode.page, /^Connections/);
}

/** The view with the users of the sandbox opened. */
async function openUsers(vscode: VsCode): Promise<Tree> {
  const tree = await openView(vscode);
  await tree.expand(/^Sandbox/);
  await tree.expand(/^Users/);
  return tree;
}

for (const [label, theme] of themes) {
  test.describe(`in the theme ${theme}`, () => {
    test.use({ theme });

    test.describe("without a connection", () => {
      test.use({ connected: false });

      test("the view says what to do, and the sandbox starts from there", async ({ vscode }) => {
        const tree = await openView(vscode);
        const start = vscode.page.locator(".welcome-view-content").getByText("start the sandbox");
        await expect(start).toBeVisible();
        await vscode.screenshot(`connections-empty-${label}`);
        await start.click();
        await expect(tree.row(/^Users/)).toBeVisible({ timeout: 30_000 });
        await expect(tree.row(/^Users.*1,000/)).toBeVisible();
      });
    });

    test.describe("with people of all kinds", () => {
      test.use({
        sandboxOptions: {
          users: 6,
          groups: 2,
          seed: {
            users: [
              { userName: "ada.okafor@contoso.com", displayName: "Ada Okafor", active: true },
              { userName: "priya@contoso.com", displayName: "Priya Natarajan", active: false },
              ...hostileNames
                .filter((name) => name.trim().length > 1 && !name.includes("\ud800"))
                .map((displayName, at) => ({
                  userName: `hostile${at}@contoso.com`,
                  displayName: displayName.slice(0, 3000),
                })),
            ],
            groups: [
              { displayName: "finance-reporting-nordics-and-baltics-read-only", members: ["ada.okafor@contoso.com"] },
            ],
          },
        },
      });

      test("a change is edited, reviewed and pushed, found in the history, and undone", async ({ vscode, sandbox }) => {
        test.slow();
        const { page, workbench } = vscode;
        const tree = await openUsers(vscode);
        await expect(tree.row(/Priya Natarajan, inactive/)).toBeVisible();
        await vscode.screenshot(`users-${label}`);
        await tree.click(/^Ada Okafor/);
        await expect(workbench.editor.tab(/ada\.okafor@contoso\.com\.json/)).toBeVisible();
        const text = await workbench.editor.text();
        await workbench.editor.setText(text.replace('"displayName": "Ada Okafor"', '"displayName": "Ada Lovelace"'));
        await workbench.editor.save();
        await expect(tree.row(/Ada Okafor.*Will be updated/)).toBeVisible();
        await tree.contextMenu(/^Priya/, "Activate User");
        const id = String(sandbox.store.find("User", "ada.okafor@contoso.com")?.["id"]);
        expect(sandbox.store.get(id)).toMatchObject({ displayName: "Ada Okafor" });
        await vscode.screenshot(`pending-${label}`);
        const scm = new SourceControl(page);
        await scm.open();
        await expect(scm.row(/^Ada Lovelace/)).toBeVisible();
        await scm.enterNote("Married, ticket IAM-2217");
        await scm.row(/^Ada Lovelace/).click();
        await expect(workbench.editor.diff).toBeVisible();
        await vscode.screenshot(`diff-${label}`);
        await workbench.commandPalette.run("SCIM: Review All Changes");
        await expect(workbench.editor.multiDiffEntries.first()).toBeVisible();
        await vscode.screenshot(`review-${label}`);
        await workbench.commandPalette.run("SCIM: Push");
        await expect(page.locator(".statusbar")).toContainText("Pushed 2 changes");
        expect(sandbox.store.get(id)).toMatchObject({ displayName: "Ada Lovelace" });
        await expect(scm.row(/Ada Lovelace/)).toBeHidden();
        await workbench.commandPalette.run("SCIM: Focus on History View");
        const history = workbench.tree("History");
        await history.expand(/^Married, ticket IAM-2217, 2 update.*Sandbox/);
        await expect(history.row(/ada\.okafor@contoso\.com, Updated, displayName/)).toBeVisible();
        await vscode.screenshot(`history-${label}`);
        await history.inlineAction(/^Married, ticket IAM-2217/, "Undo Push");
        await expect(scm.row(/^Ada Okafor/)).toBeVisible();
        await expect(workbench.editor.tab(/Undo of the push of/)).toBeVisible();
        await vscode.screenshot(`undo-${label}`);
        await workbench.commandPalette.run("SCIM: Push");
        await expect(scm.row(/^Ada Okafor/)).toBeHidden();
        await expect.poll(() => sandbox.store.get(id)).toMatchObject({ displayName: "Ada Okafor" });
        expect(sandbox.store.find("User", "priya@contoso.com")).toMatchObject({ active: false });
      });
    });
  });
}

test.describe("with 10,000 people", () => {
  test.use({ sandboxOptions: { users: 10_000, groups: 200, limits: { principals: 1_000_000 } } });

  for (const [label, theme] of themes)
    test.describe(theme, () => {
      test.use({ theme });
      test("the first page comes at once, and the rest on demand", async ({ vscode, sandbox }) => {
        const tree = await openUsers(vscode);
        await expect(tree.row(/^Users.*10,000/)).toBeVisible();
        await tree.rows.nth(5).click();
        await vscode.page.keyboard.press("End");
        await expect(tree.row(/^Load more….*9,900 left/)).toBeVisible();
        await vscode.screenshot(`ten-thousand-${label}`);
        const lists = () =>
          sandbox.requests.all.filter(({ path, query }) => path === "/Users" && query.includes("count=100")).length;
        expect(lists()).toBe(1);
        await tree.click(/^Load more…/);
        await expect.poll(lists).toBe(2);
      });
    });
});

test("deleting asks once more at the push: where, how many, the worst", async ({ vscode, sandbox }) => {
  const tree = await openUsers(vscode);
  const [[id, user] = []] = [...sandbox.store.snapshot().users].filter(([, each]) =>
    String(each["userName"]).includes("."),
  );
  await tree.contextMenu(new RegExp(String(user?.["displayName"])), "Delete");
  await expect(tree.row(/^Sandbox.*1 pending/)).toBeVisible();
  expect(sandbox.store.get(String(id))).toBeDefined();
  await vscode.workbench.commandPalette.run("SCIM: Push");
  const dialog = vscode.page.locator(".monaco-dialog-box");
  await expect(dialog).toContainText("Push 1 change to Sandbox?");
  await expect(dialog).toContainText(`This deletes ${String(user?.["userName"])} for good`);
  await vscode.screenshot("confirm-delete-dark");
  await dialog.getByRole("button", { name: "Delete 1" }).click();
  await expect.poll(() => sandbox.store.get(String(id))).toBeUndefined();
});

test("pending changes survive a reload of the window", async ({ vscode }) => {
  let tree = await openUsers(vscode);
  const people = tree.root.getByRole("treeitem", { name: /@contoso\.com/ });
  await people.nth(0).click();
  await people.nth(1).click({ modifiers: ["Shift"] });
  await tree.contextMenu(/@contoso\.com/, "Delete");
  await expect(tree.row(/^Sandbox.*2 pending/)).toBeVisible();
  await vscode.reload();
  tree = await openView(vscode);
  await expect(tree.row(/^Sandbox.*2 pending/)).toBeVisible();
});

test("a token that ends between listing and pushing: nothing is lost, and the way on is offered", async ({
  vscode,
  sandbox,
}) => {
  const tree = await openUsers(vscode);
  await tree.contextMenu(/@contoso\.com/, "Delete");
  await expect(tree.row(/^Sandbox.*1 pending/)).toBeVisible();
  sandbox.revoke(sandbox.token);
  await vscode.workbench.commandPalette.run("SCIM: Push");
  await vscode.page
    .locator(".monaco-dialog-box")
    .getByRole("button", { name: /^Delete 1/ })
    .click();
  await expect(
    vscode.workbench.notifications.toast(/The change was not pushed\. The service refused the token\./),
  ).toBeVisible();
  await vscode.screenshot("token-ended-dark");
  await expect(tree.row(/^Sandbox.*1 pending/)).toBeVisible();
});

test("a service that vanishes during a push: what did not go stays, one key goes on", async ({ vscode, sandbox }) => {
  const tree = await openUsers(vscode);
  await tree.contextMenu(/@contoso\.com/, "Delete");
  await expect(tree.row(/^Sandbox.*1 pending/)).toBeVisible();
  await sandbox.close();
  await vscode.workbench.commandPalette.run("SCIM: Push");
  await vscode.page
    .locator(".monaco-dialog-box")
    .getByRole("button", { name: /^Delete 1/ })
    .click();
  const toast = vscode.workbench.notifications.toast(/The change was not pushed/);
  await expect(toast).toBeVisible({ timeout: 60_000 });
  await expect(toast.getByRole("button", { name: "Push Again" })).toBeVisible();
  await vscode.screenshot("service-gone-dark");
});

test("a person is found by a part of the name, and a SCIM filter says where it is wrong", async ({
  vscode,
  sandbox,
}) => {
  const { workbench } = vscode;
  const tree = await openUsers(vscode);
  sandbox.store.create("User", { userName: "zoe.larsson@contoso.com", displayName: "Zoë Larsson" });
  await workbench.commandPalette.run("SCIM: Search Users and Groups…");
  await workbench.quickInput.enter("LARSSON");
  await expect(tree.row(/^Zoë Larsson/)).toBeVisible();
  await vscode.screenshot("search-dark");
  await workbench.commandPalette.run("SCIM: Filter by SCIM Expression…");
  await workbench.quickInput.pick(/^Users/);
  await workbench.quickInput.input.fill('userName eq "zoe');
  await expect(workbench.quickInput.widget).toContainText(/not valid at character/);
  await vscode.screenshot("filter-dark");
  await workbench.quickInput.input.fill('userName sw "zoe"');
  await workbench.quickInput.input.press("Enter");
  await expect(tree.row(/^Zoë Larsson/)).toBeVisible();
});

test("a conflict is shown three-way, and settled attribute by attribute", async ({ vscode, sandbox }) => {
  const { workbench } = vscode;
  const created = sandbox.store.create("User", { userName: "moved@contoso.com", displayName: "Moved" });
  const id = String(created["id"]);
  const tree = await openUsers(vscode);
  await tree.click(/^Moved/);
  await expect(workbench.editor.tab(/moved@contoso\.com\.json/)).toBeVisible();
  const text = await workbench.editor.text();
  await workbench.editor.setText(text.replace('"displayName": "Moved"', '"displayName": "Mine"'));
  await workbench.editor.save();
  await expect(tree.row(/^Sandbox.*1 pending/)).toBeVisible();
  sandbox.store.patch(id, [{ op: "replace", path: "displayName", value: "Theirs" }]);
  await workbench.commandPalette.run("SCIM: Push");
  await expect(workbench.notifications.toast(/not pushed. 1 was changed by someone else/)).toBeVisible();
  expect(sandbox.store.get(id)).toMatchObject({ displayName: "Theirs" });
  const scm = new SourceControl(vscode.page);
  await scm.open();
  await scm.contextMenu(/moved@contoso\.com/, /Resolve Conflict/);
  const attribute = workbench.quickInput.widget.getByRole("checkbox", { name: /^displayName/ }).first();
  await expect(attribute).toBeVisible();
  await expect(workbench.editor.multiDiffEntries.nth(1)).toBeVisible();
  await vscode.screenshot("conflict-dark");
  await attribute.click();
  await vscode.page.keyboard.press("Enter");
  await workbench.commandPalette.run("SCIM: Push");
  await expect.poll(() => sandbox.store.get(id)?.["displayName"]).toBe("Mine");
});

test("many people are added to a group that the service finds", async ({ vscode, sandbox }) => {
  const { workbench, page } = vscode;
  const tree = await openUsers(vscode);
  const people = tree.root.getByRole("treeitem", { name: /@contoso\.com/ });
  await people.nth(0).click();
  await people.nth(2).click({ modifiers: ["Shift"] });
  const group = sandbox.store.create("Group", { displayName: "oncall-nordics" });
  await tree.contextMenu(/@contoso\.com/, "Add to Group…");
  await workbench.quickInput.input.fill("oncall");
  const found = workbench.quickInput.widget.getByRole("checkbox", { name: /oncall-nordics/ }).first();
  await expect(found).toBeVisible();
  await vscode.screenshot("add-to-group-dark");
  await found.click();
  await page.keyboard.press("Enter");
  await expect(tree.row(/^Sandbox.*1 pending/)).toBeVisible();
  expect(sandbox.store.get(String(group["id"]))).not.toHaveProperty("members");
  await workbench.commandPalette.run("SCIM: Push");
  await expect
    .poll(() => (sandbox.store.get(String(group["id"]))?.["members"] as unknown[] | undefined)?.length)
    .toBe(3);
});

test.describe("connecting", () => {
  test.use({ connected: false });

  test("asks for URL and token, tests them, and says which step failed", async ({ vscode, sandbox }) => {
    const { workbench } = vscode;
    const { quickInput } = workbench;
    const tree = await openView(vscode);
    await expect(vscode.page.locator(".welcome-view-content").getByText("start the sandbox")).toBeVisible();
    await workbench.commandPalette.run("SCIM: Connect…");
    await quickInput.input.fill(`${sandbox.baseUrl}/Users?count=1`);
    await expect(quickInput.message).toContainText("Databricks workspace");
    await vscode.screenshot("connect-url-dark");
    await quickInput.input.press("Enter");
    await quickInput.pick(/^Secret token/);
    await expect(quickInput.input).toHaveAttribute("type", "password");
    await quickInput.enter("dapi-wrong");
    await expect(quickInput.widget).toContainText(/The test failed at/, { timeout: 30_000 });
    await vscode.screenshot("connect-failed-dark");
    await quickInput.pick(/Change the token/);
    await quickInput.pick(/^Secret token/);
    await quickInput.enter(sandbox.token);
    await expect(quickInput.widget).toContainText("Name of the connection", { timeout: 30_000 });
    await quickInput.enter("Databricks staging");
    await expect(tree.row(/^Databricks staging/)).toBeVisible();
    await tree.expand(/^Databricks staging/);
    await expect(tree.row(/^Users/)).toBeVisible();
    await vscode.restart();
    const again = await openView(vscode);
    await again.expand(/^Databricks staging/);
    await again.expand(/^Users/);
    await expect(again.rows.nth(3)).toBeVisible();
    await vscode.workbench.commandPalette.run("SCIM: Test Connection");
    await expect(vscode.workbench.editor.tab(/Test of Databricks staging/)).toBeVisible({ timeout: 30_000 });
    await expect(vscode.workbench.activeWebview().frame.getByText("Authentication").first()).toBeVisible();
    await vscode.screenshot("report-dark");
  });
});

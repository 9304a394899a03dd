import { expect, test } from "./fixtures.ts";

test.describe("in Restricted Mode", () => {
  test.use({ restricted: true, workspaceFiles: "samples", settings: { "workbench.editor.useModal": "off" } });

  test("nothing is asked of the service until the workspace is trusted, and the views say why", async ({
    vscode,
    sandbox,
  }) => {
    const { workbench, page } = vscode;
    await workbench.openContainer("SCIM");
    const welcome = page.locator(".welcome-view-content");
    await expect(welcome.filter({ hasText: "Restricted Mode: nothing is sent" }).first()).toBeVisible();
    const jobs = workbench.tree(/^Jobs/);
    await expect(jobs.rows.first()).toBeVisible();
    await vscode.screenshot("restricted-dark");
    await jobs.rows.first().locator(".monaco-tl-twistie").click();
    await expect(workbench.tree(/^Connections/).row(/^Sandbox/)).toBeHidden();
    await workbench.commandPalette.search("SCIM: Connect…");
    await expect(workbench.quickInput.option(/SCIM: Focus on Connections/).first()).toBeVisible();
    await expect(workbench.quickInput.option(/SCIM: Connect…/)).toHaveCount(0);
    await page.keyboard.press("Escape");
    expect(sandbox.requests.count).toBe(0);

    await welcome.getByRole("button", { name: "Manage Workspace Trust" }).first().click();
    await page.getByRole("button", { name: "Trust", exact: true }).click();
    await expect(workbench.statusBarItem("Restricted Mode")).toBeHidden();
    const tree = workbench.tree(/^Connections/);
    await tree.expand(/^Sandbox/);
    await tree.expand(/^Users/);
    await expect(tree.row(/@/)).toBeVisible();
    expect(sandbox.requests.count).toBeGreaterThan(0);
  });
});

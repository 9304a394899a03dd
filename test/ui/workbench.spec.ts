import { expect, test } from "./fixtures.ts";

test("the packaged extension is installed, and shows its container in the activity bar", async ({ vscode }) => {
  await expect(vscode.workbench.container("SCIM")).toBeVisible();
  await vscode.workbench.openContainer("SCIM");
  await vscode.screenshot("activity-bar-dark");
});

test.describe("in a light theme", () => {
  test.use({ theme: "Light Modern" });

  test("the workbench is light", async ({ vscode }) => {
    await expect(vscode.page.locator(".monaco-workbench.vs")).toBeVisible();
    await vscode.screenshot("activity-bar-light");
  });
});

import AxeBuilder from "@axe-core/playwright";
import { readFileSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseSeed } from "../../src/sandbox/seed.ts";
import { expect, test } from "./fixtures.ts";
import type { VsCode } from "./vscode.ts";

const seed = parseSeed(readFileSync(join(import.meta.dirname, "../../samples/sandbox.json"), "utf8"));

test.use({ workspaceFiles: "samples", sandboxOptions: { seed } });

/** What axe finds wrong with the page of a webview. */
async function violations(vscode: VsCode, element: string): Promise<string[]> {
  const page = new AxeBuilder({ page: vscode.page }).include(["iframe.webview.ready", "#active-frame", element]);
  return (await page.analyze()).violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ""}`);
}

const jobs = (vscode: VsCode) => vscode.workbench.tree("Jobs");

async function preview(vscode: VsCode): Promise<void> {
  await vscode.workbench.openContainer("SCIM");
  await jobs(vscode).contextMenu(/^Databricks sample/, "Preview Provisioning");
  await vscode.workbench.sourceControl.view.first().waitFor();
  await expect(vscode.workbench.sourceControl.row(/^Create/)).toBeVisible();
}

test("jobs of the workspace stand in a view, with their parts under them", async ({ vscode }) => {
  await vscode.workbench.openContainer("SCIM");
  await expect(jobs(vscode).row(/^Databricks sample, off/)).toBeVisible();
  await jobs(vscode).expand(/^Databricks sample/);
  for (const part of ["Users mapping", "Groups mapping", "Scope", "Plan", "Log"])
    await expect(jobs(vscode).row(new RegExp(`^${part}`))).toBeVisible();
  await expect(vscode.workbench.statusBarItem("SCIM: provisioning off")).toBeVisible();
  await vscode.screenshot("jobs-view-dark");
});

test("a plan is reviewed in Source Control and pushed, one change left out", async ({ vscode, sandbox }) => {
  await preview(vscode);
  const { sourceControl } = vscode.workbench;
  await vscode.screenshot("jobs-plan-dark");
  const left = sourceControl.row(/yuki/i);
  await left.hover();
  await left.getByRole("button", { name: "Exclude from Push" }).click();
  await expect(sourceControl.row(/^Excluded/)).toBeVisible();
  await vscode.workbench.commandPalette.run("SCIM: Push");
  await expect(vscode.workbench.statusBarItem(/Pushed \d+ changes/)).toBeVisible();
  expect(sandbox.store.find("User", "yuki.tanaka@contoso.com")).toBeUndefined();
  expect(sandbox.store.find("User", "linh.tran@partner.contoso.com")).toBeDefined();
  await expect(sourceControl.row(/yuki/i)).toBeVisible();
});

test("the log shows a push with its records, and why a person was skipped", async ({ vscode }) => {
  await preview(vscode);
  await vscode.workbench.commandPalette.run("SCIM: Push");
  await expect(vscode.workbench.statusBarItem(/Pushed \d+ changes/)).toBeVisible();
  await vscode.workbench.commandPalette.run("SCIM: Show Provisioning Log");
  await vscode.workbench.quickInput.pick("Databricks sample");
  const log = vscode.workbench.activeWebview().frame;
  await expect(log.getByRole("grid", { name: "Provisioning log" })).toBeVisible();
  await log.getByLabel("Search").fill("ada.okafor");
  await expect(log.locator(".count")).toHaveText(/^1 of \d+ records$/);
  await log.getByRole("row", { name: /ada\.okafor/i }).click();
  await expect(log.getByRole("complementary", { name: "Record" })).toContainText("Default Access");
  await vscode.screenshot("log-record-dark");
  await log.getByRole("button", { name: "Clear filters" }).click();
  await vscode.screenshot("log-dark");
  await log.getByRole("button", { name: "Explain" }).click();
  const page = vscode.workbench.activeWebview().frame;
  await expect(page.getByRole("heading", { name: /Ada/ })).toBeVisible();
  await expect(page.getByRole("columnheader", { name: /^Cycle at/ })).toBeVisible();
  await expect(page.locator(".answer")).toContainText(/At \d\d:\d\d it was skipped for the same reason\./);
  await vscode.screenshot("explain-skipped-dark");
});

test("a person of the directory is explained before anything is sent, then pushed alone", async ({
  vscode,
  sandbox,
}) => {
  await vscode.workbench.openContainer("SCIM");
  await jobs(vscode).contextMenu(/^Databricks sample/, "Why Is This Person");
  await vscode.workbench.quickInput.input.fill("linh");
  await vscode.workbench.quickInput.pick(/linh\.tran/i);
  const page = vscode.workbench.activeWebview().frame;
  await expect(page.locator(".answer")).toContainText("would be created");
  await vscode.screenshot("explain-dark");
  await expect(page.getByRole("listitem").filter({ hasText: "1. Test connection" })).toContainText(/\d+ ms/);
  await page.getByRole("button", { name: "Add to Pending Changes" }).click();
  await expect(vscode.workbench.sourceControl.row(/linh/i)).toBeVisible();
  expect(sandbox.store.find("User", "linh.tran@partner.contoso.com")).toBeUndefined();
  await page.getByRole("button", { name: "Push This One" }).click();
  await vscode.workbench.answerDialog("Push This One");
  await expect(page.locator(".answer")).toContainText("agrees with the directory");
  expect(sandbox.store.find("User", "linh.tran@partner.contoso.com")).toBeDefined();
  await page.getByRole("tab", { name: "Person card" }).click();
  await expect(page.getByRole("heading", { name: /^Attributes/ })).toBeVisible();
  await vscode.screenshot("person-card-dark");
});

test("removals that the deletion guard holds stand apart with who, and go only when accepted", async ({
  vscode,
  workspace,
  sandbox,
}) => {
  await preview(vscode);
  const { workbench } = vscode;
  await workbench.commandPalette.run("SCIM: Push");
  await expect(workbench.statusBarItem(/Pushed \d+ changes/)).toBeVisible();
  // The next day: everybody has left the assigned groups.
  await writeFile(join(workspace, "directory", "assignments.csv"), "principalId,principalType,appRole\n");
  await workbench.commandPalette.run("SCIM: Preview Provisioning");
  await workbench.quickInput.pick("Databricks sample");
  await expect(workbench.sourceControl.row(/^Held by the Deletion Guard/)).toBeVisible();
  await vscode.screenshot("plan-held-dark");
  const held = workbench.sourceControl.row(/^Held by the Deletion Guard/);
  await held.hover();
  await held.getByRole("button", { name: "Accept Removals" }).click();
  await expect(workbench.dialog).toContainText("Accept what the deletion guard holds: 19 deactivate, 5 delete?");
  await vscode.screenshot("accept-removals-dark");
  await workbench.answerDialog(/^Accept \d+ Removals$/);
  await expect(workbench.sourceControl.row(/^Deactivate/)).toBeVisible();
  expect(sandbox.store.find("User", "linh.tran@partner.contoso.com")?.["active"]).toBe(true);
});

test("a job that is turned on runs at once and shows its next cycle; a broken file says so", async ({
  vscode,
  workspace,
  sandbox,
}) => {
  await vscode.workbench.openContainer("SCIM");
  await jobs(vscode).contextMenu(/^Databricks sample/, "Turn On Provisioning");
  await vscode.workbench.answerDialog("Turn On");
  await expect(jobs(vscode).row(/^Databricks sample, on, next/)).toBeVisible({ timeout: 30_000 });
  expect(sandbox.store.find("User", "linh.tran@partner.contoso.com")).toBeDefined();
  await expect(vscode.workbench.statusBarItem("SCIM: provisioning on")).toBeVisible();
  await writeFile(join(workspace, "conflict.provisioning.json"), "{ broken");
  await expect(jobs(vscode).row(/^conflict, \d+ problems? in the file/)).toBeVisible();
  await vscode.screenshot("jobs-on-and-broken-dark");
  await jobs(vscode).contextMenu(/^Databricks sample/, "Turn Off Provisioning");
  await expect(jobs(vscode).row(/^Databricks sample, off/)).toBeVisible();
});

for (const [theme, name] of [
  ["Light Modern", "light"],
  ["Default High Contrast", "hc"],
  ["Default High Contrast Light", "hc-light"],
] as const) {
  test.describe(`in ${theme}`, () => {
    test.use({ theme });
    test("log, explanation and card can be read", async ({ vscode }) => {
      await vscode.workbench.openContainer("SCIM");
      await jobs(vscode).contextMenu(/^Databricks sample/, "Why Is This Person");
      await vscode.workbench.quickInput.input.fill("linh");
      await vscode.workbench.quickInput.pick(/linh\.tran/i);
      const page = vscode.workbench.activeWebview().frame;
      await page.getByRole("button", { name: "Push This One" }).click();
      await vscode.workbench.answerDialog("Push This One");
      await expect(page.locator(".answer")).toContainText("agrees");
      await vscode.screenshot(`explain-${name}`);
      expect(await violations(vscode, "person-page")).toEqual([]);
      await page.getByRole("tab", { name: "Person card" }).click();
      await expect(page.getByRole("heading", { name: /^Attributes/ })).toBeVisible();
      await vscode.screenshot(`person-card-${name}`);
      expect(await violations(vscode, "person-page")).toEqual([]);
      await page.getByRole("button", { name: "Open log" }).click();
      const log = vscode.workbench.activeWebview().frame;
      // The rows are drawn anew when the search arrives.
      await expect(async () => {
        await log.getByRole("row", { name: /linh/i }).first().click({ timeout: 5000 });
        await expect(log.getByRole("complementary", { name: "Record" })).toBeVisible({ timeout: 2000 });
      }).toPass();
      await vscode.screenshot(`log-record-${name}`);
    });
  });
}

test("a new job is made from a connection, a directory and a scope, and opens in the editor", async ({
  vscode,
  workspace,
}) => {
  const { workbench } = vscode;
  await workbench.openContainer("SCIM");
  await jobs(vscode)
    .row(/^Databricks sample/)
    .waitFor();
  await workbench.commandPalette.run("SCIM: New Provisioning Job");
  await workbench.quickInput.pick("Sandbox");
  await workbench.quickInput.pick("CSV files");
  await workbench.quickInput.pick("directory/users.csv");
  await workbench.quickInput.pick("Assigned users and groups");
  await workbench.quickInput.input.fill("Nightly");
  await workbench.quickInput.input.press("Enter");
  await expect(workbench.editor.tab(/nightly\.provisioning\.json/)).toBeVisible();
  const job = JSON.parse(await readFile(join(workspace, "nightly.provisioning.json"), "utf8"));
  expect(job.directory).toEqual({
    type: "csv",
    users: "directory/users.csv",
    groups: "directory/groups.csv",
    members: "directory/members.csv",
    assignments: "directory/assignments.csv",
  });
  await expect(jobs(vscode).row(/^Nightly, off/)).toBeVisible();
});

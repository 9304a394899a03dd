import AxeBuilder from "@axe-core/playwright";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { FrameLocator } from "@playwright/test";
import { expect, test } from "./fixtures.ts";
import { openJob } from "./pageObjects/jobEditor.ts";
import { rawScim, userBody } from "../support/rawScim.ts";
import type { VsCode } from "./vscode.ts";

test.use({
  workspaceFiles: "samples",
  windowSize: { width: 1460, height: 940 },
  settings: { "files.autoSave": "off" },
});

const file = "databricks.provisioning.json";

/** Opens the sample job in the editor, without the side bar beside it. */
async function openAlone(vscode: VsCode): Promise<FrameLocator> {
  const frame = await openJob(vscode, file);
  await vscode.page.keyboard.press("Control+b");
  return frame;
}

/** What axe finds in the page of the editor. */
async function violations({ page }: VsCode): Promise<string[]> {
  const found = await new AxeBuilder({ page })
    .include(["iframe.webview.ready", "#active-frame", "job-editor"])
    .analyze();
  return found.violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 120)}`));
}

test("a mapping is edited by keyboard alone, its result follows and is compared with the target, the saved diff is one line, and a cycle brings it there", async ({
  vscode,
  workspace,
  sandbox,
}) => {
  const { page } = vscode;
  const grace = { displayName: "Grace Mbeki", active: true, name: { givenName: "Grace", familyName: "Mbeki" } };
  await rawScim(sandbox.baseUrl, sandbox.token)("POST", "/Users", {
    body: userBody("grace.mbeki@contoso.com", grace),
  });
  const path = join(workspace, file);
  const before = await readFile(path, "utf8");
  const frame = await openAlone(vscode);
  const grid = frame.getByRole("grid", { name: "User mappings" });
  const row = grid.getByRole("row").nth(2);
  await expect(grid.getByRole("row")).toHaveCount(7);
  await expect(row).toContainText("Grace Mbeki");
  await expect(frame.getByRole("button", { name: "Off. No cycle has run" })).toBeVisible();
  const result = grid.getByRole("columnheader", { name: /^Result/ });
  await expect(result).toContainText(/target of \d\d:\d\d/);
  await expect(row).not.toContainText("will change");

  await row.getByRole("gridcell").nth(1).click();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("F2");
  await frame.getByRole("combobox", { name: "Type" }).selectOption("expression");
  await expect(row).toContainText("[displayName]");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  const expression = frame.getByRole("textbox", { name: "Expression of displayName" });
  await expect(expression).toBeFocused();
  await expression.fill("ToUp");
  await page.keyboard.press("Control+Space");
  await expect(frame.getByRole("option", { name: /^ToUpper/ })).toBeVisible();
  await page.keyboard.press("Enter");
  await page.keyboard.type("[giv");
  await page.keyboard.press("Enter");
  await expect(expression).toHaveValue("ToUpper([givenName])");
  await page.keyboard.press("Control+Shift+Space");
  const hint = frame.locator("#expression-hint");
  await expect(hint.locator("dt").first()).toHaveText("source");
  await expect(hint).toContainText("Example: ");
  await vscode.screenshot("job-editor-arguments-dark");
  await page.keyboard.press("Escape");
  await expect(expression).toBeFocused();
  await expect(row).toContainText("GRACE");
  await expect(row).toContainText("will change");
  await expect(row.getByTitle("The target has Grace Mbeki.").first()).toBeVisible();
  await expect(frame.getByRole("region", { name: "Everyone in scope" })).toContainText(/Not in the target yet\s+18/);
  await expect(frame.getByRole("treeitem", { name: "ToUpper: GRACE" })).toBeVisible();
  await vscode.screenshot("job-editor-users-dark");

  await expression.fill("ToUper([givenName])");
  await expect(row).toContainText("No result until the error is fixed");
  await expect(row).toContainText("Did you mean ToUpper?");
  await expression.fill("ToUpper([givenName])");
  await expect(row).toContainText("GRACE");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Delete");
  await expect(grid.getByRole("row")).toHaveCount(6);
  await page.keyboard.press("Control+z");
  await expect(grid.getByRole("row")).toHaveCount(7);

  await page.keyboard.press("Control+s");
  const expected = before.replace(
    '{ "target": "displayName", "source": { "attribute": "displayName" } },',
    '{ "target": "displayName", "source": { "expression": "ToUpper([givenName])" } },',
  );
  await expect.poll(() => readFile(path, "utf8")).toBe(expected);

  await frame.getByRole("button", { name: "Turn on" }).click();
  await vscode.workbench.answerDialog("Turn On");
  await expect(frame.getByRole("button", { name: /^On\. Last cycle .*, next / })).toBeVisible();
  await expect(row).not.toContainText("will change");
  await expect(frame.getByRole("region", { name: "Everyone in scope" })).not.toContainText("Not in the target yet");
  await vscode.screenshot("job-editor-on-dark");
  await frame.getByRole("button", { name: "Turn off" }).click();
  await expect(frame.getByRole("button", { name: /^Off\. Last cycle / })).toBeVisible();
});

test("scope is edited with live counts, and says who leaves", async ({ vscode }) => {
  const frame = await openAlone(vscode);
  await frame.getByRole("tab", { name: "Scope" }).click();
  const passed = frame.locator(".funnel-step").last();
  await expect(passed).toContainText("19");
  await frame.getByRole("combobox", { name: /^Operator of/ }).selectOption("EQUALS");
  await frame.getByRole("textbox", { name: /^Value of/ }).fill("NO");
  await expect(frame.getByText("0 enter, 18 leave.")).toBeVisible();
  await frame.getByRole("button", { name: "Show who leaves" }).click();
  await frame.getByRole("button", { name: /Grace Mbeki/ }).click();
  await expect(frame.getByText("Country is known: country EQUALS 'NO'")).toBeVisible();
  await vscode.screenshot("job-editor-scope-dark");
  expect(await violations(vscode)).toEqual([]);
});

test("a file broken by another program keeps the last good table, offers the text, and is not written", async ({
  vscode,
  workspace,
}) => {
  const path = join(workspace, file);
  const frame = await openAlone(vscode);
  expect(await violations(vscode)).toEqual([]);
  const good = await readFile(path, "utf8");
  const broken = good.replace('"mappings": [', '"mappings": [,');
  await writeFile(path, broken);
  await expect(frame.getByRole("alert")).toContainText("cannot be read as a job");
  await expect(frame.getByRole("grid").getByRole("row")).toHaveCount(7);
  await frame.getByRole("grid").getByRole("gridcell").nth(1).click();
  await vscode.page.keyboard.press("Delete");
  await vscode.screenshot("job-editor-broken-dark");
  expect(await readFile(path, "utf8")).toBe(broken);
  await writeFile(path, good);
  await expect(frame.getByRole("alert")).toBeHidden();
  await expect(frame.getByRole("grid").getByRole("row")).toHaveCount(7);
});

import { appendFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { FrameLocator } from "@playwright/test";
import { expect, test } from "./fixtures.ts";
import { openJob } from "./pageObjects/jobEditor.ts";

test.use({
  workspaceFiles: "samples",
  windowSize: { width: 1460, height: 940 },
  settings: { "files.autoSave": "off" },
});

const file = "databricks.provisioning.json";

test("a job file that Git changes is followed; with unsaved edits it is not written over until a person decides", async ({
  vscode,
  workspace,
}) => {
  const { workbench, page } = vscode;
  const path = join(workspace, file);
  const frame = await openJob(vscode, file);
  const rows = frame.getByRole("grid").getByRole("row");
  await expect(rows).toHaveCount(7);
  const first = await readFile(path, "utf8");
  const pulled = first.replace(
    '{ "target": "displayName", "source": { "attribute": "displayName" } },',
    '{ "target": "displayName", "source": { "attribute": "mail" } },',
  );
  await writeFile(path, pulled);
  await expect(rows.nth(2)).toContainText("Grace.Mbeki@contoso.com");

  await rows.nth(4).getByRole("gridcell").nth(1).click();
  await page.keyboard.press("Delete");
  await expect(rows).toHaveCount(6);
  // Of another length: VS Code takes a file of the same length for unchanged.
  const theirs = pulled.replace('"intervalMinutes": 40', '"intervalMinutes": 120');
  await writeFile(path, theirs);
  await page.keyboard.press("Control+s");
  await expect(workbench.notifications.toast(/newer/)).toBeVisible();
  await expect(rows).toHaveCount(6);
  expect(await readFile(path, "utf8")).toBe(theirs);
});

test("names that pose as markup, links or other names, or go on and on, are only names in every screen", async ({
  vscode,
  workspace,
}) => {
  const { workbench, page } = vscode;
  const markup = '<img src=x onerror="alert(1)">';
  const link = "[run](command:scim.job.turnOn)";
  const reversed = "\u202eevil";
  const path = join(workspace, file);
  const text = await readFile(path, "utf8");
  await writeFile(path, text.replace("Databricks sample", `${reversed} ${link} $(trash)`));
  const people = [markup, link, reversed, "x".repeat(10_000)].map((name, index) => {
    const quoted = `"${name.replaceAll('"', '""')}"`;
    return `hostile-${index},h${index}@contoso.com,${quoted},Hostile,${quoted},h${index}@contoso.com,,Data,NO,true,\n`;
  });
  const poser = `"<b onclick=alert(1)>$(trash)</b>@contoso.com"`;
  people.push(`hostile-4,${poser},Poser,Hostile,Poser,p@contoso.com,,Data,NO,true,\n`);
  await appendFile(join(workspace, "directory", "users.csv"), people.join(""));
  const assignments = people.map((_, index) => `hostile-${index},User,User\n`);
  await appendFile(join(workspace, "directory", "assignments.csv"), assignments.join(""));
  const dialogs: string[] = [];
  page.on("dialog", (dialog) => {
    dialogs.push(dialog.message());
    void dialog.dismiss();
  });

  const frame = await openJob(vscode, file);
  await expect(frame.getByRole("heading", { level: 1 })).toHaveText(`\ufffdevil ${link} $(trash)`);
  const picker = frame.getByRole("combobox", { name: "Person" });
  await picker.click();
  await picker.fill("h0@contoso.com");
  await frame.getByRole("option", { name: markup }).click();
  await expect(frame.getByRole("grid").getByRole("row").nth(2)).toContainText(markup);
  await picker.click();
  await picker.fill("h2@contoso.com");
  await frame.getByRole("option", { name: /evil/ }).first().click();
  await expect(frame.getByRole("grid").getByRole("row").nth(2)).toContainText("\ufffdevil");
  await picker.click();
  await picker.fill("h3@contoso.com");
  await frame.getByRole("option", { name: /xxxx/ }).first().click();
  await expect(frame.getByRole("grid").getByRole("row").nth(2)).toContainText("xxxx");
  await vscode.screenshot("job-editor-hostile-dark");
  await expect(frame.locator("img")).toHaveCount(0);
  await expect(frame.locator('a[href^="command:"]')).toHaveCount(0);

  await workbench.openContainer("SCIM");
  const job = workbench.tree("Jobs").row(/evil/);
  await expect(job).toContainText("\ufffdevil");
  await expect(job).toContainText("$(trash)");
  await expect(job.locator(".codicon-trash")).toHaveCount(0);
  await workbench.commandPalette.run("SCIM: Preview Provisioning");
  const { sourceControl } = workbench;
  await expect(sourceControl.row(/^Create/)).toBeVisible();
  await expect(sourceControl.row(/<b onclick/)).toContainText("$(trash)");
  await expect(sourceControl.view.locator("[onclick], .codicon-trash")).toHaveCount(0);
  await workbench.commandPalette.run("SCIM: Push");
  await expect(workbench.statusBarItem(/Pushed \d+ changes/)).toContainText("$ (trash)");
  await workbench.commandPalette.run("View: Close All Editors");
  await workbench.commandPalette.run("SCIM: Show Provisioning Log");
  await workbench.quickInput.pick(/evil.*\$ \(trash\)/);
  const log = workbench.activeWebview().frame;
  await log.getByLabel("Search").fill("h0@contoso.com");
  await log
    .getByRole("row", { name: /h0@contoso/ })
    .first()
    .click();
  await expect(log.getByRole("complementary", { name: "Record" })).toContainText(markup);
  await vscode.screenshot("log-hostile-dark");
  await log.getByLabel("Search").fill("onclick");
  await expect(log.getByRole("row", { name: /<b onclick/i }).first()).toBeVisible();
  await expect(log.locator("img, [onclick]")).toHaveCount(0);

  const explain = async (who: string): Promise<FrameLocator> => {
    await workbench.commandPalette.run("SCIM: Why Is This Person");
    await workbench.quickInput.pick(/evil.*\$ \(trash\)/);
    await workbench.quickInput.input.fill(who);
    const option = workbench.quickInput.option(new RegExp(who)).first();
    expect((await option.textContent())?.length).toBeLessThan(1000);
    await expect(workbench.quickInput.widget.locator("img, [onclick], .codicon-trash")).toHaveCount(0);
    // Names come as they are found: a row that is drawn anew under the pointer takes no click.
    await expect(async () => {
      if (await option.isVisible()) await option.click({ timeout: 1000 });
      await expect(workbench.quickInput.widget).toBeHidden({ timeout: 500 });
    }).toPass();
    const { frame: person } = workbench.activeWebview();
    await expect(person.locator(".answer")).toContainText(who);
    return person;
  };
  const inert = async (person: FrameLocator): Promise<void> => {
    await expect(person.locator('img, [onclick], a[href^="command:"]')).toHaveCount(0);
    expect(await person.locator("body").evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)).toBe(0);
    expect((await person.locator("body").innerText()).length).toBeLessThan(100_000);
  };
  const posing = await explain("h0@contoso.com");
  await expect(posing.getByText(markup).first()).toBeVisible();
  await inert(posing);
  await posing.getByRole("tab", { name: "Person card" }).click();
  await expect(posing.getByRole("row", { name: /^displayName/ }).first()).toContainText(markup);
  await inert(posing);
  const turned = await explain("h2@contoso.com");
  await expect(turned.getByText("\ufffdevil").first()).toBeVisible();
  await inert(await explain("h3@contoso.com"));
  await vscode.screenshot("explain-hostile-dark");
  expect(dialogs).toEqual([]);
});

test.describe("in Restricted Mode", () => {
  test.use({ restricted: true });

  test("jobs are for viewing only: nothing is sent, no directory is read, nothing is edited or run", async ({
    vscode,
    workspace,
    sandbox,
  }) => {
    const { workbench, page } = vscode;
    const path = join(workspace, file);
    const before = await readFile(path, "utf8");
    await workbench.openContainer("SCIM");
    const job = workbench.tree(/^Jobs/).row(/^Databricks sample/);
    await job.waitFor();
    const frame = await openJob(vscode, file);
    await expect(frame.getByText("Restricted Mode: for viewing only.")).toBeVisible();
    await expect(frame.getByRole("combobox", { name: "Person" })).toBeDisabled();
    await frame.getByRole("grid").getByRole("gridcell").nth(1).click();
    await page.keyboard.press("Delete");
    await expect(frame.getByRole("grid").getByRole("row")).toHaveCount(7);
    await frame.getByRole("tab", { name: "Connection" }).click();
    await expect(frame.getByRole("button", { name: /Test/ })).toHaveAttribute("disabled");
    await vscode.screenshot("job-editor-restricted-dark");
    await workbench.commandPalette.search("SCIM: Turn On Provisioning");
    await expect(workbench.quickInput.option(/SCIM: Turn On Provisioning/)).toHaveCount(0);
    await page.keyboard.press("Escape");
    expect(await readFile(path, "utf8")).toBe(before);
    expect(sandbox.requests.count).toBe(0);
  });
});

import type { Locator } from "@playwright/test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseSeed } from "../../src/sandbox/seed.ts";
import { expect, test } from "./fixtures.ts";
import type { VsCode } from "./vscode.ts";

const seed = parseSeed(readFileSync(join(import.meta.dirname, "../../samples/sandbox.json"), "utf8"));

test.use({ workspaceFiles: "samples", sandboxOptions: { seed } });

const jobs = ({ workbench }: VsCode) => workbench.tree("Jobs");
const job = /^Databricks sample/;

test("a job in quarantine says why, since when, when it is tried again and what to do, until clearing goes through", async ({
  vscode,
  sandbox,
}) => {
  const { workbench } = vscode;
  const { notifications } = workbench;
  const row = (name: RegExp): Locator => jobs(vscode).row(name);
  await workbench.openContainer("SCIM");
  sandbox.setFaults("401:100%");
  await jobs(vscode).contextMenu(job, "Run Cycle Now");
  await workbench.answerDialog("Run Cycle");
  await expect(notifications.toast(/provisioning is in quarantine/)).toBeVisible();
  await expect(row(/^Databricks sample, quarantined, next try/)).toBeVisible();
  await jobs(vscode).expand(job);
  await jobs(vscode).expand(/^In quarantine/);
  await expect(row(/^In quarantine.*28 days until it is turned off/)).toBeVisible();
  await expect(row(/^Reason.*token/)).toBeVisible();
  await expect(row(/^Since.*not tried again yet/)).toBeVisible();
  await expect(row(/^Next try.*\d\d:\d\d/)).toBeVisible();
  await expect(row(/^Countdown.*28 days/)).toBeVisible();
  await expect(row(/^What to do.*replace the token/)).toBeVisible();
  await expect(workbench.statusBarItem(/quarantine/)).toBeVisible();
  await vscode.screenshot("quarantine-dark");
  await notifications.dismissAll();
  for (const [theme, name] of [
    ["Light Modern", "light"],
    ["Dark High Contrast", "hc"],
    ["Light High Contrast", "hc-light"],
  ] as const) {
    await workbench.chooseTheme(theme);
    await vscode.screenshot(`quarantine-${name}`);
  }

  // Not mended yet: it is tried at once all the same, and the quarantine goes on.
  await jobs(vscode).inlineAction(/^In quarantine/, "Clear Quarantine");
  await expect(row(/^Since.*tried again once/)).toBeVisible();
  await notifications.dismissAll();

  sandbox.setFaults();
  await jobs(vscode).inlineAction(/^In quarantine/, "Clear Quarantine");
  await expect(notifications.toast(/all clear, provisioning works again/)).toBeVisible();
  await expect(row(/^Databricks sample, off, last/)).toBeVisible();
  await expect(row(/^In quarantine/)).toBeHidden();
  expect(sandbox.store.find("User", "linh.tran@partner.contoso.com")).toBeDefined();
  await notifications.dismissAll();

  // Told once: another cycle that goes through says nothing of it.
  await jobs(vscode).contextMenu(job, "Run Cycle Now");
  await workbench.answerDialog("Run Cycle");
  await expect(workbench.statusBarItem(/Pushed 0 changes/)).toBeVisible();
  await expect(notifications.toast(/all clear/)).toBeHidden();
});

test.describe("in an empty folder", () => {
  test.use({ workspaceFiles: "none", connected: false, windowSize: { width: 1460, height: 900 } });

  test("the walkthrough is reached from empty views, and each of its six steps ticks itself off once it is done", async ({
    vscode,
  }) => {
    const { workbench, page } = vscode;
    const { quickInput } = workbench;
    const step = (title: string) => page.locator(".getting-started-step").filter({ hasText: title });
    const isDone = (title: string, done: boolean) =>
      expect(step(title).getByRole("checkbox")).toHaveAttribute("aria-checked", String(done));
    const openStep = async (title: string) => {
      const tab = workbench.editor.tab(/^Welcome/);
      if ((await tab.getAttribute("aria-selected")) !== "true") await tab.click();
      await step(title).waitFor();
      if ((await step(title).getAttribute("aria-expanded")) !== "true") await step(title).click();
    };
    const press = (title: string, button: string) => step(title).getByRole("button", { name: button }).click();
    const [connect, who, map, preview, push, watch] = [
      "Connect to a service",
      "Say who is provisioned",
      "Map the attributes",
      "Preview every change",
      "Push what you reviewed",
      "Watch it, and ask why",
    ] as const;
    await workbench.openContainer("SCIM");
    const links = page.locator(".welcome-view-content").getByText("Get started with SCIM provisioning");
    await expect(links).toHaveCount(2);
    await links.first().click();
    for (const title of [connect, who, map, preview, push, watch]) await isDone(title, false);

    await press(connect, "Start Sandbox");
    await isDone(connect, true);
    await isDone(who, false);

    await openStep(who);
    await press(who, "New Provisioning Job…");
    await quickInput.pick("Sandbox");
    await quickInput.pick("Sample people");
    await quickInput.pick("Assigned users and groups");
    await quickInput.input.press("Enter");
    const { frame } = workbench.activeWebview();
    await frame.getByRole("grid", { name: "User mappings" }).waitFor({ timeout: 30_000 });
    await openStep(who);
    await isDone(who, true);
    // That the mappings were opened is not yet that somebody looked at what they give.
    await isDone(map, false);
    await openStep(map);
    await press(map, "Open Job");
    const person = frame.getByRole("combobox", { name: "Person" });
    await person.click();
    await person.fill("yuki");
    await frame.getByRole("option").first().click();
    await openStep(map);
    await isDone(map, true);

    await openStep(preview);
    await isDone(preview, false);
    await press(preview, "Preview Provisioning");
    await expect(workbench.sourceControl.row(/^Create/)).toBeVisible();
    await isDone(preview, true);

    await openStep(push);
    await isDone(push, false);
    await vscode.screenshot("walkthrough-push-dark");
    await press(push, "Push");
    await expect(workbench.statusBarItem(/Pushed \d+ changes/)).toBeVisible();
    await isDone(push, true);

    await openStep(watch);
    await isDone(watch, false);
    await press(watch, "Show Provisioning Log");
    await expect(workbench.activeWebview().frame.getByRole("grid", { name: "Provisioning log" })).toBeVisible();
    await openStep(watch);
    await isDone(watch, true);
    for (const title of [connect, who, map, preview, push]) await isDone(title, true);
    await vscode.screenshot("walkthrough-done-dark");
  });
});

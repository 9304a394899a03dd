import type { Locator } from "@playwright/test";
import { readFileSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseSeed } from "../../src/sandbox/seed.ts";
import { expect, test } from "./fixtures.ts";
import type { VsCode } from "./vscode.ts";

const seed = parseSeed(readFileSync(join(import.meta.dirname, "../../samples/sandbox.json"), "utf8"));

test.use({ workspaceFiles: "samples", sandboxOptions: { seed }, windowSize: { width: 1280, height: 1100 } });

const jobs = ({ workbench }: VsCode) => workbench.tree("Jobs");
const job = /^Databricks sample/;

async function preview(vscode: VsCode): Promise<void> {
  await vscode.workbench.openContainer("SCIM");
  await jobs(vscode).contextMenu(job, "Preview Provisioning");
  await expect(vscode.workbench.sourceControl.row(/^Create/)).toBeVisible();
}

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

test("what was changed in the target behind the job's back is repaired by a push, or accepted until it changes again", async ({
  vscode,
  sandbox,
}) => {
  test.slow();
  const { workbench } = vscode;
  const { sourceControl } = workbench;
  const compare = async () => {
    await workbench.openContainer("SCIM");
    await jobs(vscode).contextMenu(job, "Compare with Target");
  };
  await preview(vscode);
  await workbench.commandPalette.run("SCIM: Push");
  await expect(workbench.statusBarItem(/Pushed \d+ changes/)).toBeVisible();

  // Somebody works in the service by hand: renames Linh, deactivates Yuki, and takes Linh out of a group.
  const idOf = (name: string) => String(sandbox.store.find("User", name)?.["id"]);
  const [linh, yuki] = [idOf("linh.tran@partner.contoso.com"), idOf("yuki.tanaka@contoso.com")];
  const members = () => (sandbox.store.find("Group", "data-platform")?.["members"] ?? []) as { value: string }[];
  const before = members().length;
  const [first] = members();
  const group = String(sandbox.store.find("Group", "data-platform")?.["id"]);
  sandbox.store.patch(linh, [{ op: "replace", path: "displayName", value: "Linh (renamed by hand)" }]);
  sandbox.store.patch(yuki, [{ op: "replace", path: "active", value: false }]);
  sandbox.store.patch(group, [{ op: "remove", path: `members[value eq "${first?.value ?? ""}"]` }]);
  await compare();
  await expect(sourceControl.row(/data-platform/)).toBeVisible();
  await sourceControl.row(/linh/i).click();
  await expect(workbench.editor.diff).toContainText("Linh (renamed by hand)");
  await vscode.screenshot("drift-diff-dark");
  await sourceControl.row(/data-platform/).click();
  await expect(workbench.editor.diff).toContainText("members");
  await vscode.screenshot("drift-members-dark");

  const row = sourceControl.row(/linh/i);
  await row.hover();
  await row.getByRole("button", { name: "Accept Deviation" }).click();
  await expect(workbench.dialog).toContainText('displayName is "Linh (renamed by hand)"');
  await expect(workbench.dialog).toContainText("ends by itself when the directory gives another value");
  await vscode.screenshot("drift-accept-dark");
  await workbench.answerDialog("Accept Deviation");
  await expect(sourceControl.row(/linh/i)).toBeHidden();
  await workbench.commandPalette.run("SCIM: Push");
  await expect(workbench.statusBarItem(/Pushed 2 changes/)).toBeVisible();
  expect(members()).toHaveLength(before);
  expect(sandbox.store.get(yuki)?.["active"]).toBe(true);
  expect(sandbox.store.get(linh)?.["displayName"]).toBe("Linh (renamed by hand)");

  // Accepted is remembered with the job, and listed there.
  await vscode.reload();
  await workbench.openContainer("SCIM");
  // A view that is still being filled takes no click.
  await expect(async () => {
    await jobs(vscode).expand(job);
    await jobs(vscode).expand(/^Accepted deviations, 1/);
    await expect(jobs(vscode).row(/linh.*displayName is/i)).toBeVisible({ timeout: 2000 });
  }).toPass({ intervals: [100, 500], timeout: 30_000 });
  await vscode.screenshot("drift-accepted-dark");
  await compare();
  await expect(workbench.statusBarItem(/nothing to change/)).toBeVisible();

  // The target changes again: that was not accepted.
  sandbox.store.patch(linh, [{ op: "replace", path: "displayName", value: "Renamed again" }]);
  await compare();
  await expect(sourceControl.row(/linh/i)).toBeVisible();
  await workbench.commandPalette.run("SCIM: Push");
  await expect(workbench.statusBarItem(/Pushed 1 change\./)).toBeVisible();
  expect(sandbox.store.get(linh)?.["displayName"]).not.toContain("Renamed");
  await workbench.openContainer("SCIM");
  await expect(jobs(vscode).row(/^Accepted deviations/)).toBeHidden();
});

test("a reviewed plan outlives a reload, and a push that the window's end cuts off goes on with nothing sent twice", async ({
  vscode,
  sandbox,
  workspace,
}) => {
  test.slow();
  const { workbench } = vscode;
  const people = sandbox.store.count("User");
  await preview(vscode);
  const exclude = workbench.sourceControl.row(/yuki/i);
  await exclude.hover();
  await exclude.getByRole("button", { name: "Exclude from Push" }).click();
  await expect(workbench.sourceControl.row(/^Excluded/)).toBeVisible();
  const rows = await workbench.sourceControl.rows.count();
  await vscode.reload();
  const { sourceControl } = vscode.workbench;
  await sourceControl.open();
  await expect(sourceControl.row(/^Excluded/)).toBeVisible();
  await expect(sourceControl.rows).toHaveCount(rows);
  await vscode.workbench.openContainer("SCIM");
  await jobs(vscode).expand(job);
  await expect(jobs(vscode).row(/^planned \d\d:\d\d, \d+ changes, \d+ skips/)).toBeVisible();
  await vscode.screenshot("plan-kept-dark");

  // Meanwhile Linh's name changed in the directory: what was reviewed is not what would be sent.
  const users = join(workspace, "directory", "users.csv");
  await writeFile(users, (await readFile(users, "utf8")).replace("Linh Trần", "Linh Tran-Berg"));
  sandbox.setFaults("POST/slow=3000:100%");
  await vscode.workbench.commandPalette.run("SCIM: Push");
  const sent = () => sandbox.requests.all.filter(({ method }) => method === "POST").length;
  await expect.poll(sent).toBeGreaterThan(0);
  await vscode.reload();
  const toast = vscode.workbench.notifications.toast(/was not finished. \d+ of \d+ changes were sent/);
  await expect(toast).toBeVisible({ timeout: 45_000 });
  sandbox.setFaults();
  await vscode.workbench.openContainer("SCIM");
  await jobs(vscode).expand(job);
  await expect(jobs(vscode).row(/^Push not finished, \d+ of \d+ sent/)).toBeVisible();
  await expect(jobs(vscode).row(/^planned \d\d:\d\d, \d+ changes/)).toBeVisible();
  await vscode.screenshot("push-cut-off-dark");
  await toast.getByRole("button", { name: "Resume Push" }).click();
  await expect(vscode.workbench.statusBarItem(/resumed, \d+ changes were sent/)).toBeVisible();
  await expect(jobs(vscode).row(/^Push not finished/)).toBeHidden();
  // Each person was created once: as many requests as new people.
  const created = sandbox.requests.all.filter(({ method, path }) => method === "POST" && path.endsWith("/Users"));
  expect(sandbox.store.count("User")).toBe(people + created.length);
  expect(sandbox.store.find("User", "yuki.tanaka@contoso.com")).toBeUndefined();

  // What moved since the review was not sent; it is planned anew, by itself.
  expect(sandbox.store.find("User", "linh.tran@partner.contoso.com")).toBeUndefined();
  await vscode.workbench.sourceControl.open();
  await expect(vscode.workbench.sourceControl.row(/linh/i)).toBeVisible();
  await expect(vscode.workbench.sourceControl.row(/^Excluded/)).toBeVisible();
  await vscode.screenshot("plan-replanned-dark");
  await vscode.workbench.commandPalette.run("SCIM: Push");
  await expect
    .poll(() => sandbox.store.find("User", "linh.tran@partner.contoso.com")?.["displayName"])
    .toBe("Linh Tran-Berg");
  expect(sandbox.store.find("User", "yuki.tanaka@contoso.com")).toBeUndefined();
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

import { expect, provisioned, signInTo, test } from "./entraFixtures.ts";
import type { VsCode } from "./vscode.ts";

const view = (vscode: VsCode) => vscode.workbench.tree("Microsoft Entra");

/** Opens the section of the view, which is collapsed until somebody wants it. */
async function openView(vscode: VsCode): Promise<void> {
  await vscode.workbench.openContainer("SCIM");
  const header = vscode.page.getByRole("button", { name: /^Microsoft Entra Section/ });
  await header.waitFor();
  if ((await header.getAttribute("aria-expanded")) !== "true") await header.click();
  // The other sections give their room to this one.
  for (const other of [/^Connections Section/, /^Jobs Section/]) {
    const section = vscode.page.getByRole("button", { name: other });
    if ((await section.getAttribute("aria-expanded")) === "true") await section.click();
  }
}

for (const [theme, name] of [
  ["Dark Modern", "dark"],
  ["Light Modern", "light"],
  ["Default High Contrast", "contrast"],
] as const)
  test.describe(`in ${name}`, () => {
    test.use({ theme });

    test("the welcome asks to sign in; then tenant, application, job and its parts stand in the view", async ({
      vscode,
      graph,
      signIn,
      sandbox,
    }) => {
      const { job } = provisioned(graph, sandbox);
      await graph.runDueCycles();
      await openView(vscode);
      await expect(vscode.page.getByRole("button", { name: "Sign In…" })).toBeVisible();
      await vscode.screenshot(`entra-welcome-${name}`);
      expect(signIn.asked).toEqual([]);
      await vscode.page.getByRole("button", { name: "Sign In…" }).click();
      await vscode.workbench.answerDialog("Allow");
      await expect(view(vscode).row(/^Contoso/)).toBeVisible();
      // The least that reading needs.
      expect(signIn.asked).toEqual([["User.Read", "Application.Read.All", "Synchronization.Read.All"]]);
      await expect(view(vscode).row(/^Databricks production/)).toBeVisible();
      await view(vscode).expand(/^Provisioning/);
      for (const part of [
        "Last cycle",
        "Under management",
        "Users mapping",
        "Scope",
        "Credentials",
        "Log",
        "Assignments",
      ])
        await expect(view(vscode).row(new RegExp(`^${part}`))).toBeVisible();
      await view(vscode).expand(/^Assignments/);
      await expect(view(vscode).row(/^Data/)).toBeVisible();
      await vscode.screenshot(`entra-view-${name}`);
      expect(job.active).toBe(true);
    });
  });

test("a refused sign-in sends nothing and says what was needed", async ({ vscode, graph, signIn }) => {
  signIn.agrees = false;
  await openView(vscode);
  await vscode.page.getByRole("button", { name: "Sign In…" }).click();
  await vscode.workbench.answerDialog("Allow");
  await expect(vscode.workbench.notifications.toast(/sign-in to Microsoft was not completed/)).toBeVisible();
  await expect(vscode.workbench.notifications.toast(/Synchronization\.Read\.All/)).toBeVisible();
  expect(graph.requests).toEqual([]);
});

test("pause shows the exact request, asks for the permission it needs, and does it", async ({
  vscode,
  graph,
  signIn,
  sandbox,
}) => {
  const { job } = provisioned(graph, sandbox);
  await graph.runDueCycles();
  await openView(vscode);
  await signInTo(vscode);
  await view(vscode)
    .row(/^Provisioning/)
    .waitFor();
  await view(vscode).contextMenu(/^Provisioning/, "Pause Provisioning");
  await vscode.workbench.answerDialog("Allow");
  expect(signIn.asked.at(-1)).toContain("Synchronization.ReadWrite.All");
  await expect(vscode.workbench.dialog).toContainText(`POST /servicePrincipals/${job.servicePrincipalId}`);
  await expect(vscode.workbench.dialog).toContainText("/pause");
  await vscode.screenshot("entra-pause-question-dark");
  expect(job.active).toBe(true);
  await vscode.workbench.answerDialog("Pause");
  await expect(view(vscode).row(/^Provisioning, paused/)).toBeVisible();
  expect(job.active).toBe(false);
});

test("the next cycle is previewed read-only in Source Control, and compared with the log after it", async ({
  vscode,
  graph,
  sandbox,
}) => {
  provisioned(graph, sandbox);
  await openView(vscode);
  await signInTo(vscode);
  await view(vscode).contextMenu(/^Provisioning/, "Preview Next Cycle");
  await vscode.workbench.answerDialog("Allow");
  await vscode.workbench.quickInput.pick(/^The next cycle/);
  const before = sandbox.store.count("User");
  await expect(vscode.workbench.sourceControl.row(/^Would Be Created/)).toBeVisible();
  await expect(vscode.workbench.sourceControl.row(/ada\.okafor/i)).toBeVisible();
  await vscode.screenshot("entra-what-if-dark");
  expect(sandbox.store.count("User")).toBe(before);
  graph.clock.advance(40 * 60_000);
  await graph.runDueCycles();
  await vscode.workbench.commandPalette.run("SCIM: Compare Prediction with the Log");
  const page = vscode.workbench.activeWebview().frame;
  await expect(page.getByText(/of \d+ objects as predicted/)).toBeVisible();
  await vscode.screenshot("entra-score-dark");
});

test("the service's log stands in the log table", async ({ vscode, graph, sandbox }) => {
  provisioned(graph, sandbox);
  await graph.runDueCycles();
  await openView(vscode);
  await signInTo(vscode);
  await view(vscode).contextMenu(/^Provisioning/, "Show Provisioning Log");
  await vscode.workbench.answerDialog("Allow");
  await vscode.workbench.quickInput.pick("Last 24 hours");
  const log = vscode.workbench.activeWebview().frame;
  await expect(log.getByRole("grid", { name: "Provisioning log" })).toBeVisible();
  await expect(log.getByRole("row", { name: /Ada Okafor|ada\.okafor/i }).first()).toBeVisible();
  await vscode.screenshot("entra-log-dark");
});

import { expect, test, themes } from "./fixtures.ts";
import type { VsCode } from "./vscode.ts";

/** Starts the check of the connection "Sandbox" from its row. */
async function check(vscode: VsCode, what: "Read Only" | "Read and Write"): Promise<void> {
  const { workbench } = vscode;
  await workbench.openContainer("SCIM");
  await workbench.tree("Connections").contextMenu(/^Sandbox/, "Check Conformance");
  await workbench.quickInput.pick(new RegExp(what));
}

test.describe("on a service that keeps to the RFCs", () => {
  test.use({ sandboxOptions: { profile: "rfc", users: 5, groups: 2 } });

  test("conformance is checked by reading alone, and shown as a document", async ({ vscode, sandbox }) => {
    await check(vscode, "Read Only");
    const page = vscode.workbench.activeWebview().frame;
    await expect(page.getByRole("heading", { name: "Conformance of Sandbox" })).toBeVisible();
    await expect(page.locator("body")).toContainText("Conformant: no rule that was tried is departed from.");
    await expect(page.locator("body")).toContainText("Only reading was tried");
    expect(sandbox.requests.all.filter(({ method, path }) => method !== "GET" && !path.endsWith("/.search"))).toEqual(
      [],
    );
    await vscode.screenshot("conformance-rfc-dark");
  });
});

for (const [name, theme] of themes) {
  test.describe(`in ${theme}`, () => {
    test.use({ theme });
    test("on consent writing is tried, departures are shown with both readings, and the connection is used so", async ({
      vscode,
      sandbox,
    }) => {
      const { workbench } = vscode;
      const before = sandbox.store.snapshot();
      await check(vscode, "Read and Write");
      await expect(workbench.dialog).toContainText("scim-check-");
      await vscode.screenshot(`conformance-consent-${name}`);
      await workbench.answerDialog("Create and Remove Test Users");
      const page = workbench.activeWebview().frame;
      await expect(page.getByRole("heading", { name: "Declared and observed" })).toBeVisible({ timeout: 60_000 });
      expect(sandbox.store.snapshot()).toEqual(before);
      await vscode.screenshot(`conformance-databricks-${name}`);
      const departure = page.getByRole("heading", { name: "create.asSent" });
      await departure.scrollIntoViewIfNeeded();
      await expect(page.locator("body")).toContainText("The service's reading: userName is stored as");
      await vscode.screenshot(`conformance-departure-${name}`);
      await workbench.notifications.answer(/Sandbox departs from \d+ rules/, "Export…");
      await workbench.quickInput.pick(/JUnit XML/);
      await vscode.screenshot(`conformance-export-${name}`);
    });
  });
}

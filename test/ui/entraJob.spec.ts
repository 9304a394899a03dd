import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { defaultMappings } from "../../src/mapping/defaults.ts";
import { expect, provisioned, test } from "./entraFixtures.ts";

test("a job over Microsoft Entra ID has its people when the person reads them, with the least permissions", async ({
  vscode,
  graph,
  signIn,
  sandbox,
  workspace,
}) => {
  const { servicePrincipal } = provisioned(graph, sandbox);
  const { users, groups } = defaultMappings.databricks;
  const row = { target: "roles", source: { expression: "AssertiveAppRoleAssignmentsComplex([appRoleAssignments])" } };
  const job = {
    name: "Contoso to Databricks",
    connection: { baseUrl: sandbox.baseUrl },
    directory: {
      type: "graph",
      tenantId: graph.tenantId,
      servicePrincipalId: servicePrincipal.id,
      baseUrl: graph.graphUrl,
    },
    scope: { mode: "assigned" },
    users: { enabled: true, mappings: [...users, row] },
    groups: { enabled: true, mappings: groups },
  };
  const file = "entra.provisioning.json";
  await writeFile(join(workspace, file), JSON.stringify(job, undefined, 2));
  const { workbench, page } = vscode;
  await workbench.editor.openFile(file);
  await page.locator(".editor-actions").getByRole("button", { name: "Open Job in Editor" }).click();
  const { frame } = workbench.activeWebview();
  const grid = frame.getByRole("grid", { name: "User mappings" });
  await grid.waitFor({ timeout: 30_000 });
  await page.keyboard.press("Control+b");
  await expect(frame.getByText("Read the directory to see results").first()).toBeVisible();
  // Looking at a file reads no tenant.
  expect(graph.requests).toEqual([]);
  expect(signIn.asked).toEqual([]);

  await frame.getByRole("tab", { name: "Directory" }).click();
  await vscode.screenshot("entra-job-unread");
  await frame.getByRole("button", { name: "Read Microsoft Entra ID" }).click();
  await workbench.answerDialog("Allow");
  await expect(frame.getByText(/Read at .*Microsoft Entra tenant/)).toBeVisible();
  expect(signIn.asked).toEqual([
    [`VSCODE_TENANT:${graph.tenantId}`, "User.Read.All", "GroupMember.Read.All", "Application.Read.All"],
  ]);
  await vscode.screenshot("entra-job-read");

  await frame.getByRole("tab", { name: "Users" }).click();
  await expect(grid).toContainText("Ada Okafor");
  await expect(grid.getByRole("row").last()).toContainText("User");
  await vscode.screenshot("entra-job-results");
});

import { exportSchema } from "../../src/mapping/entra/exportSchema.ts";
import { importSchema } from "../../src/mapping/entra/importSchema.ts";
import { expect, provisioned, signInTo, test } from "./entraFixtures.ts";
import { themes } from "./fixtures.ts";
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

for (const [name, theme] of themes)
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
      await view(vscode)
        .row(/^Groups mapping/)
        .click();
      await vscode.workbench
        .activeWebview()
        .frame.getByRole("grid", { name: "Group mappings" })
        .waitFor({ timeout: 30_000 });
      await vscode.screenshot(`entra-mappings-${name}`);
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

test("the tutorial is walked: gallery application, job, assignment, credentials, mapping, start", async ({
  vscode,
  graph,
  sandbox,
}) => {
  test.setTimeout(180_000);
  const { workbench } = vscode;
  const { quickInput } = workbench;
  /** Boxes follow each other in one place: each is answered when it is there. */
  const answer = async (title: RegExp, value: string) => {
    await expect(quickInput.title).toHaveText(title);
    await quickInput.enter(value);
  };
  /** One question can follow another at once, so that the dialog is never seen to go. */
  const press = (button: string) => workbench.dialog.getByRole("button", { name: button }).click();
  await openView(vscode);
  await signInTo(vscode);
  await expect(view(vscode).row(/^No enterprise application with provisioning/)).toBeVisible();

  await view(vscode)
    .row(/^No enterprise application/)
    .click();
  await workbench.answerDialog("Allow");
  await answer(/1 of 2/, "Azure Databricks SCIM Provisioning Connector");
  await answer(/2 of 2/, "Databricks");
  await expect(workbench.dialog).toContainText("/instantiate");
  await press("Add");
  await expect(workbench.dialog).toContainText('"appRoleAssignmentRequired":false');
  await press("Set");
  await expect(workbench.dialog).toContainText('"templateId":"dataBricks"');
  await workbench.answerDialog("Create Job");
  await expect(view(vscode).row(/^Provisioning, no credentials/)).toBeVisible();
  const [job] = graph.state.jobs.values();

  await view(vscode).contextMenu(/^Provisioning/, "Assign Users and Groups");
  await workbench.answerDialog("Allow");
  await answer(/users and groups to assign/, "Data");
  await quickInput.widget.getByRole("checkbox", { name: /^Data/ }).first().click();
  await quickInput.input.press("Enter");
  await quickInput.pick(/^User/);
  await expect(workbench.dialog).toContainText("nested groups are not provisioned");
  await vscode.screenshot("entra-assign-question-dark");
  await workbench.answerDialog("Assign");
  await expect.poll(() => graph.tenant.assignmentsTo(job?.servicePrincipalId ?? "").length).toBe(1);

  await view(vscode).contextMenu(/^Provisioning/, "Set Tenant URL and Token");
  await answer(/1 of 2.*tenant URL/, sandbox.baseUrl);
  await answer(/2 of 2.*secret token/, sandbox.token);
  await expect(workbench.dialog).toContainText("validateCredentials");
  await expect(workbench.dialog).not.toContainText(sandbox.token);
  await press("Test Connection");
  await expect(workbench.dialog).toContainText("/synchronization/secrets");
  await workbench.answerDialog("Save");
  await expect(view(vscode).row(/^Provisioning, paused/)).toBeVisible();

  // The token has to be sent again with another setting, so it is asked for.
  await view(vscode).contextMenu(/^Provisioning/, "Set Notification and Deletion Threshold");
  await answer(/1 of 2.*mail/, "team@contoso.com");
  await answer(/2 of 2/, "500");
  await expect(quickInput.message).toContainText("does not give this one back");
  await answer(/secret token/, sandbox.token);
  await workbench.answerDialog("Save");
  await view(vscode).expand(/^Provisioning/);
  await expect(view(vscode).row(/^Notification.*held from 500 deletions/)).toBeVisible();

  await view(vscode).contextMenu(/^Users mapping/, "Edit Schema as Text");
  const replaced = vscode.page.locator(".monaco-diff-editor .editor.modified");
  await expect(replaced).toBeVisible();
  await vscode.screenshot("entra-schema-dark");

  await view(vscode).contextMenu(/^Provisioning/, "Provision on Demand");
  await workbench.answerDialog("Allow");
  await answer(/provision on demand/, "Ada");
  await quickInput.pick(/^Ada Okafor/);
  await expect(workbench.dialog).toContainText("written to the target at once");
  await workbench.answerDialog("Provision");
  const steps = workbench.activeWebview().frame;
  await expect(steps.getByRole("heading", { name: "Done, create" })).toBeVisible();
  await vscode.screenshot("entra-on-demand-dark");
  expect(sandbox.store.find("User", "ada.okafor@contoso.com")).toBeDefined();

  // An application without roles leaves Default Access, which the tutorial warns of.
  graph.tenant.servicePrincipals.get(job?.servicePrincipalId ?? "")?.appRoles.splice(0);
  await workbench.commandPalette.run("SCIM: Refresh Microsoft Entra");
  await view(vscode).contextMenu(/^Provisioning/, "Assign Users and Groups");
  await answer(/users and groups to assign/, "Bob");
  await quickInput.widget
    .getByRole("checkbox", { name: /^Bob Ray/ })
    .first()
    .click();
  await quickInput.input.press("Enter");
  await expect(workbench.dialog).toContainText("skipped as not effectively entitled");
  await vscode.screenshot("entra-default-access-dark");
  await workbench.answerDialog("Cancel");

  await view(vscode).contextMenu(/^Provisioning/, /^Start Provisioning/);
  await workbench.answerDialog("Start");
  await expect(view(vscode).row(/^Provisioning, started/)).toBeVisible();
  expect(job?.active).toBe(true);
});

test("a live mapping is edited in the table, outlives a reload, meets another administrator's, and is written", async ({
  vscode,
  graph,
  sandbox,
}) => {
  test.setTimeout(180_000);
  const { job } = provisioned(graph, sandbox);
  const { workbench } = vscode;
  const table = () => vscode.workbench.activeWebview().frame;
  const row = () =>
    table()
      .getByRole("grid", { name: "User mappings" })
      .getByRole("row", { name: /displayName/ });
  await openView(vscode);
  await signInTo(vscode);
  await view(vscode).expand(/^Provisioning/);
  await view(vscode)
    .row(/^Users mapping/)
    .click();
  await row().first().waitFor({ timeout: 30_000 });
  await expect(table().getByRole("tablist", { name: "Pages of the job" }).getByRole("tab")).toHaveCount(3);
  await table().getByRole("button", { name: "Read Microsoft Entra ID" }).click();
  await workbench.answerDialog("Allow");
  await expect(row()).toContainText("Ada Okafor");
  await table()
    .getByRole("tab", { name: /^Scope/ })
    .click();
  await expect(table().getByText("Only assigned users and groups are evaluated.")).toBeVisible();
  await expect(table().locator(".funnel-step").last()).toContainText("7");
  await vscode.screenshot("entra-scope-dark");
  await table()
    .getByRole("tab", { name: /^Users/ })
    .click();
  await row().getByRole("gridcell").nth(1).click();
  await vscode.page.keyboard.press("ArrowRight");
  await vscode.page.keyboard.press("F2");
  await table().getByRole("combobox", { name: "Type" }).selectOption("expression");
  await expect(row()).toContainText("[displayName]");
  await vscode.page.keyboard.press("ArrowRight");
  await vscode.page.keyboard.press("Enter");
  await table().getByRole("textbox", { name: "Expression of displayName" }).fill('Join(" ", [surname], [givenName])');
  await expect(table().getByText("Edited, not written")).toBeVisible();
  await expect(row()).toContainText("Okafor Ada");
  await vscode.screenshot("entra-mappings-edited");

  await vscode.reload();
  await expect(row()).toContainText("Join(");
  await expect(table().getByText("Edited, not written")).toBeVisible();
  await table().getByRole("button", { name: "Preview next cycle" }).click();
  await workbench.answerDialog("Allow");
  await workbench.quickInput.pick(/^With the edited schema/);
  await expect(workbench.sourceControl.row(/Okafor Ada|ada\.okafor/i)).toBeVisible();
  expect(sandbox.store.find("User", "ada.okafor@contoso.com")).toBeUndefined();
  await workbench.editor.tab(/entra\.json/).click();

  // Somebody else writes another row, and the same one.
  const mappings = importSchema(job.schemaText).users?.mappings.map((mapping) =>
    mapping.target === "displayName"
      ? { ...mapping, source: { attribute: "mail" } }
      : { ...mapping, ...(mapping.target === "active" && { default: "True" }) },
  );
  const unknown = '"priority":1, "unknownPart" : [1, 2.50]';
  const theirs = exportSchema(job.schemaText, { users: { mappings } }).text.replace('"priority":1', unknown);
  job.putSchema(theirs);
  await table().getByRole("button", { name: "Write…" }).click();
  await workbench.answerDialog("Allow");
  await expect(workbench.quickInput.title).toHaveText(/somebody else changed its schema/);
  await vscode.screenshot("entra-schema-conflict-dark");
  await workbench.quickInput.widget
    .getByRole("checkbox", { name: /displayName › source/ })
    .first()
    .click();
  await workbench.quickInput.input.press("Enter");
  await expect(workbench.dialog).toContainText("PUT /servicePrincipals/");
  await expect(workbench.dialog).toContainText("their changes are kept");
  await expect(workbench.editor.diff).toBeVisible();
  await vscode.screenshot("entra-schema-write-dark");
  expect(job.schemaText).toBe(theirs);
  await workbench.answerDialog("Write");
  await expect.poll(() => job.schemaText).not.toBe(theirs);
  expect(job.schemaText).toContain(unknown);
  const rows = importSchema(job.schemaText).users?.mappings ?? [];
  expect(rows).toContainEqual({ target: "displayName", source: { expression: 'Join(" ", [surname], [givenName])' } });
  expect(rows.find(({ target }) => target === "active")?.default).toBe("True");
  // Written with its tree, as the service's are, and not as text alone.
  expect(job.schemaText).toContain('{"type":"Attribute","name":"surname"');
});

test.describe("a job is operated", () => {
  test("from start to quarantine and back, each request shown before it is sent", async ({
    vscode,
    graph,
    signIn,
    sandbox,
  }) => {
    test.setTimeout(240_000);
    const { workbench } = vscode;
    const { quickInput, dialog } = workbench;
    const { job, servicePrincipal, group, role } = provisioned(graph, sandbox);
    const [, , , , eve = ""] = [...graph.tenant.users.keys()];
    graph.tenant.assign(servicePrincipal.id, eve, role);
    /** Opens a command of the job's row. */
    const act = (entry: RegExp) => view(vscode).contextMenu(/^Provisioning/, entry);
    const refresh = () => workbench.commandPalette.run("SCIM: Refresh Microsoft Entra");
    await openView(vscode);
    await signInTo(vscode);

    await expect(view(vscode).row(/^Provisioning, started/)).toBeVisible();
    await graph.runDueCycles();
    await refresh();
    await expect(view(vscode).row(/^Provisioning, on, last/)).toBeVisible();

    // Pause asks for the permission that it needs, and says the exact request.
    await act(/^Pause Provisioning/);
    await workbench.answerDialog("Allow");
    await expect(dialog).toContainText(`POST /servicePrincipals/${job.servicePrincipalId}`);
    expect(signIn.asked.at(-1)).toContain("Synchronization.ReadWrite.All");
    await expect(dialog).toContainText("/pause");
    await vscode.screenshot("entra-pause-question-dark");
    expect(job.active).toBe(true);
    await workbench.answerDialog("Pause");
    await expect(view(vscode).row(/^Provisioning, paused/)).toBeVisible();
    expect(job.active).toBe(false);

    // Everybody instead of the assigned: the token has to be sent again.
    await act(/^Set Scope/);
    await quickInput.pick(/^Everybody/);
    await expect(quickInput.title).toHaveText(/secret token/);
    await quickInput.enter(sandbox.token);
    await workbench.answerDialog("Save");
    await view(vscode).expand(/^Provisioning/);
    await expect(view(vscode).row(/^Scope.*everybody/)).toBeVisible();

    // Restart, with what each reset forgets and costs.
    await act(/^Restart Provisioning/);
    await expect(quickInput.option(/^Forget everything, links included/)).toContainText("matched and evaluated anew");
    await vscode.screenshot("entra-restart-dark");
    await quickInput.pick(/^As the portal/);
    await expect(dialog).toContainText(/All \d+ objects under management are evaluated again/);
    await expect(dialog).toContainText('{"criteria":{"resetScope":""}}');
    await workbench.answerDialog("Restart");
    await expect.poll(() => job.active).toBe(true);

    // A group on demand: its members in portions of five.
    await act(/^Provision on Demand/);
    await workbench.answerDialog("Allow");
    await quickInput.enter("Data");
    await quickInput.pick(/^Data/);
    await quickInput.widget.getByRole("checkbox").first().click();
    await quickInput.input.press("Enter");
    await expect(dialog).toContainText("It sends 2 requests");
    await workbench.answerDialog("Provision");
    await expect(workbench.activeWebview().frame.getByRole("heading", { name: /portion 2 of 2/ })).toBeVisible();

    // The log, narrowed to failures that are not there, and back.
    await act(/^Show Provisioning Log/);
    await workbench.answerDialog("Allow");
    await quickInput.pick("Last 24 hours");
    const log = workbench.activeWebview().frame;
    await expect(log.getByRole("row", { name: /Ada Okafor|ada\.okafor/i }).first()).toBeVisible();
    await vscode.screenshot("entra-log-dark");
    await log.getByRole("combobox", { name: "Status:" }).selectOption("failure");
    await expect(log.getByRole("row", { name: /Ada Okafor|ada\.okafor/i })).toHaveCount(0);
    await log.getByRole("button", { name: "Clear filters" }).first().click();

    // Export as a job file, and back into the schema: nothing differs, so nothing can be written.
    await act(/^Export Schema/);
    await quickInput.pick(/^A job file/);
    await quickInput.input.press("Enter");
    await expect(workbench.editor.tab(/\.provisioning\.json/)).toBeVisible();
    await act(/^Import Mappings from Job File/);
    await quickInput.pick(/\.provisioning\.json/);
    await expect(workbench.notifications.toast(/Nothing is sent yet/)).toBeVisible();
    await act(/^Edit Mappings/);
    await expect(workbench.activeWebview().frame.getByRole("button", { name: "Write…" })).toHaveAttribute("disabled");

    // The token is revoked: quarantine with its reason; a new token and a restart end it.
    sandbox.revoke(sandbox.token);
    graph.clock.advance(40 * 60_000);
    graph.tenant.updateUser(eve, { givenName: "Eva" });
    await graph.runDueCycles();
    await refresh();
    await expect(view(vscode).row(/^Provisioning, quarantined, 28 days/)).toBeVisible();
    await view(vscode).expand(/^Provisioning/);
    await expect(view(vscode).row(/In quarantine since/)).toContainText("EncounteredQuarantineException");
    await vscode.screenshot("entra-quarantine-dark");
    const fresh = await fetch(sandbox.oauth.tokenUrl, {
      method: "POST",
      headers: { authorization: `Basic ${btoa(`${sandbox.oauth.clientId}:${sandbox.oauth.clientSecret}`)}` },
      body: new URLSearchParams({ grant_type: "client_credentials" }),
    });
    const { access_token: token } = (await fresh.json()) as { readonly access_token: string };
    await act(/^Set Tenant URL and Token/);
    await quickInput.enter(sandbox.baseUrl);
    await expect(quickInput.title).toHaveText(/2 of 2/);
    await quickInput.enter(token);
    await dialog.getByRole("button", { name: "Test Connection" }).click();
    await expect(dialog).toContainText("/synchronization/secrets");
    await workbench.answerDialog("Save");
    await act(/^Restart Provisioning/);
    await quickInput.pick(/^As the portal/);
    await workbench.answerDialog("Restart");
    await expect(view(vscode).row(/^Provisioning, quarantined/)).toBeHidden();
    await graph.runDueCycles();
    await refresh();
    await expect(view(vscode).row(/^Provisioning, on, last/)).toBeVisible();

    // An assignment is taken away.
    await view(vscode).expand(/^Provisioning/);
    await view(vscode).expand(/^Assignments/);
    await view(vscode).contextMenu(/^Eve Moor/, /^Remove Assignment/);
    await workbench.answerDialog("Allow");
    await expect(dialog).toContainText("DELETE /servicePrincipals/");
    await workbench.answerDialog("Remove");
    await expect
      .poll(() => graph.tenant.assignmentsTo(servicePrincipal.id).map(({ principalId }) => principalId))
      .toEqual([group]);

    await act(/^Delete Provisioning Job/);
    await expect(dialog).toContainText("Export the schema first");
    await workbench.answerDialog("Delete Job");
    await expect(view(vscode).row(/^Provisioning/)).toBeHidden();
    expect(graph.state.jobsOf(servicePrincipal.id)).toEqual([]);
  });
});

test.describe("several tenants", () => {
  test.use({ tenants: ["contoso.com", "fabrikam.com"] });

  test("stand beside each other, and one that lacks a permission names it", async ({
    vscode,
    graph,
    signIn,
    sandbox,
  }) => {
    provisioned(graph, sandbox);
    signIn.withheld = { "VSCODE_TENANT:fabrikam.com": "Application.Read.All" };
    await openView(vscode);
    await vscode.page.getByRole("button", { name: "Sign In…" }).click();
    await vscode.workbench.answerDialog("Allow");
    await vscode.workbench.answerDialog("Allow");
    await expect(view(vscode).row(/^Contoso/)).toBeVisible();
    await expect(view(vscode).row(/^Databricks production/)).toBeVisible();
    await expect(view(vscode).row(/It needs Application\.Read\.All/)).toContainText("Missing permission");
    expect(signIn.asked.map(([tenant]) => tenant)).toEqual(["VSCODE_TENANT:contoso.com", "VSCODE_TENANT:fabrikam.com"]);
    await vscode.screenshot("entra-tenants-dark");
  });
});

test.describe("a national cloud", () => {
  test.use({ cloud: "https://graph.microsoft.us" });

  test("is signed in to with its own provider and scopes; refused, nothing is sent", async ({
    vscode,
    graph,
    signIn,
  }) => {
    signIn.agrees = false;
    await openView(vscode);
    await vscode.page.getByRole("button", { name: "Sign In…" }).click();
    await vscode.workbench.answerDialog("Allow");
    await expect(vscode.workbench.notifications.toast(/Synchronization\.Read\.All/)).toBeVisible();
    expect(signIn.whole).toEqual([
      [
        "https://graph.microsoft.us/User.Read",
        "https://graph.microsoft.us/Application.Read.All",
        "https://graph.microsoft.us/Synchronization.Read.All",
      ],
    ]);
    expect(graph.requests).toEqual([]);
  });
});

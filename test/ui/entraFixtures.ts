/** A VS Code that signs in to a Graph service on this machine, with an enterprise application in it. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createVSIX } from "@vscode/vsce";
import { root } from "../../scripts/lib/project.ts";
import { installedHost } from "../../scripts/vscode-host/install.ts";
import { serverCommand } from "../../scripts/vscode-host/server.ts";
import { startGraphSandbox, type GraphSandbox } from "../../src/sandbox/graph/graphSandbox.ts";
import { Tenant } from "../../src/sandbox/graph/tenant.ts";
import { test as base } from "./fixtures.ts";
import type { VsCode } from "./vscode.ts";

export { expect } from "./fixtures.ts";

const databricksTemplate = "2f6a3b51-9f0f-4b44-9d4b-0f7d5c0d6a11";

/** What a spec may choose with `test.use({ ... })`. */
export interface EntraOptions {
  /** Tenants of the setting; none for the home tenant of the account. */
  readonly tenants: readonly string[];
  /** The Graph service of the setting; the one of this machine when empty. */
  readonly cloud: string;
}

export interface EntraFixtures {
  /** The Graph service; its time stands still, cycles run when the test says so. */
  readonly graph: GraphSandbox;
  readonly signIn: SignIn;
}

/** The sign-in that the test answers for. */
export interface SignIn {
  /** What it was asked for so far, without hosts. */
  readonly asked: string[][];
  /** The same as it was asked. */
  readonly whole: string[][];
  agrees: boolean;
  /** A permission that the token of a session lacks, by another scope of that session. */
  withheld: Readonly<Record<string, string>>;
}

export const test = base.extend<EntraOptions & EntraFixtures, { readonly extensionsDir: string }>({
  tenants: [[], { option: true }],
  cloud: ["", { option: true }],

  graph: async ({}, use) => {
    const tenant = new Tenant();
    const names = ["Ada Okafor", "Bob Ray", "Chidi Obi", "Dana Levi", "Eve Moor", "Fay Zhou", "Gus Holm"];
    const ids = names.map((displayName) => {
      const [givenName = "", surname = ""] = displayName.split(" ");
      const userPrincipalName = `${givenName}.${surname}@contoso.com`.toLowerCase();
      return tenant.addUser({ userPrincipalName, mail: userPrincipalName, displayName, givenName, surname });
    });
    tenant.addGroup({ displayName: "Data" }, ids);
    const graph = await startGraphSandbox({ tenant, speed: 0, rates: false });
    await use(graph);
    await graph.close();
  },

  signIn: async ({ graph }, use) => {
    const signIn = {
      ...{ asked: [] as string[][], whole: [] as string[][], agrees: true, url: "" },
      withheld: {} as Readonly<Record<string, string>>,
    };
    const server = createServer((request, response) => {
      let body = "";
      request.on("data", (part: Buffer) => (body += part.toString()));
      request.on("end", () => {
        const whole = JSON.parse(body) as string[];
        const scopes = whole.map((scope) => scope.slice(scope.lastIndexOf("/") + 1));
        signIn.whole.push(whole);
        signIn.asked.push(scopes);
        const lacking = scopes.map((scope) => signIn.withheld[scope]);
        response.statusCode = signIn.agrees ? 200 : 403;
        response.end(signIn.agrees ? graph.access.issue(scopes.filter((scope) => !lacking.includes(scope))) : "");
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    signIn.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    await use(signIn);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  },

  settings: async ({ graph, signIn, tenants, cloud }, use) => {
    const { url } = signIn as SignIn & { readonly url: string };
    await use({
      "scim.entra.graphUrl": cloud === "" ? graph.graphUrl : cloud,
      "scim.entra.tenants": tenants,
      "microsoftAccountsForTests.url": url,
      // A text that a test types as a whole stays as it is.
      "editor.autoClosingBrackets": "never",
    });
  },

  extensionsDir: [
    async ({ extensionsDir }, use) => {
      const folder = await mkdtemp(join(tmpdir(), "ui-accounts-"));
      const packagePath = join(folder, "accounts.vsix");
      const cwd = join(root, "test/support/microsoftAccounts");
      await createVSIX({ cwd, packagePath, dependencies: false, allowMissingRepository: true, skipLicense: true });
      const dirs = { userDataDir: join(dirname(extensionsDir), "user-data"), extensionsDir };
      await serverCommand(await installedHost(), dirs, ["--install-extension", packagePath]);
      await use(extensionsDir);
      await rm(folder, { recursive: true, force: true });
    },
    { scope: "worker" },
  ],
});

/** An application with a configured job that is on, and the group Data assigned with a real role. */
export function provisioned(graph: GraphSandbox, target: { readonly baseUrl: string; readonly token: string }) {
  const { servicePrincipal } = graph.state.instantiate(databricksTemplate, "Databricks production");
  const job = graph.state.createJob(servicePrincipal.id, "dataBricks");
  graph.state.secretsOf(servicePrincipal.id).replace({
    value: [
      { key: "BaseAddress", value: target.baseUrl },
      { key: "SecretToken", value: target.token },
      { key: "SyncAll", value: "false" },
    ],
  });
  const role = servicePrincipal.appRoles[0]?.id ?? "";
  const group = [...graph.tenant.groups.keys()][0] ?? "";
  graph.tenant.assign(servicePrincipal.id, group, role);
  job.start();
  return { servicePrincipal, job, role, group };
}

/** Signs in from the welcome of the view. */
export async function signInTo(vscode: VsCode): Promise<void> {
  const { workbench } = vscode;
  await workbench.openContainer("SCIM");
  await workbench.commandPalette.run("SCIM: Sign In to Microsoft Entra");
  await workbench.answerDialog("Allow");
}

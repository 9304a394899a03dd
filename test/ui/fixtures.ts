/** A real VS Code for each test, with the packaged extension installed and a sandbox beside it. */
import { expect, test as base } from "@playwright/test";
import { randomBytes } from "node:crypto";
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findChromium } from "../../scripts/lib/chromium.ts";
import { packageFile } from "../../scripts/lib/package.ts";
import { paths } from "../../scripts/lib/project.ts";
import { copySamples } from "../../scripts/lib/samples.ts";
import { installedHost } from "../../scripts/vscode-host/install.ts";
import { serverCommand } from "../../scripts/vscode-host/server.ts";
import type { Settings } from "../../scripts/vscode-host/settings.ts";
import type { SandboxOptions } from "../../src/sandbox/options.ts";
import { startSandbox, type Sandbox } from "../../src/sandbox/sandbox.ts";
import { SecretSearch } from "./secrets.ts";
import { startVsCode, type VsCode } from "./vscode.ts";

export { expect } from "@playwright/test";

/** What a spec may choose with `test.use({ ... })`. */
export interface UiOptions {
  /** Id of a colour theme, such as "Light Modern" or "Default High Contrast". */
  readonly theme: string;
  readonly windowSize: { readonly width: number; readonly height: number };
  /** Settings beyond the quiet ones. */
  readonly settings: Settings;
  /** What the workspace holds: nothing, or a copy of samples/ whose jobs point at the sandbox. */
  readonly workspaceFiles: "none" | "samples";
  /** The sandbox that runs beside VS Code. */
  readonly sandboxOptions: SandboxOptions;
  /** Whether the extension finds the sandbox as connection "Sandbox" from the start. */
  readonly connected: boolean;
  /** Whether the workspace opens in Restricted Mode. */
  readonly restricted: boolean;
}

const allThemes = [
  ["dark", "Dark Modern"],
  ["light", "Light Modern"],
  ["contrast", "Default High Contrast"],
] as const;

/** Themes in which a journey is gone through again for its pictures. In CI, where nobody looks at them, once is enough. */
export const themes = process.env["CI"] === undefined ? allThemes : allThemes.slice(0, 1);

interface UiFixtures {
  /** The SCIM service, with access to what it holds. */
  readonly sandbox: Sandbox;
  /** A fresh folder that VS Code has open. */
  readonly workspace: string;
  readonly vscode: VsCode;
}

interface WorkerFixtures {
  /** An extensions folder with the packaged extension in it. */
  readonly extensionsDir: string;
}

export const test = base.extend<UiOptions & UiFixtures, WorkerFixtures>({
  theme: ["Dark Modern", { option: true }],
  windowSize: [{ width: 1280, height: 800 }, { option: true }],
  settings: [{}, { option: true }],
  workspaceFiles: ["none", { option: true }],
  sandboxOptions: [{ users: 12, groups: 3 }, { option: true }],
  connected: [true, { option: true }],
  restricted: [false, { option: true }],

  extensionsDir: [
    async ({}, use) => {
      const folder = await mkdtemp(join(tmpdir(), "ui-extensions-"));
      const dirs = { userDataDir: join(folder, "user-data"), extensionsDir: join(folder, "extensions") };
      await serverCommand(await installedHost(), dirs, ["--install-extension", await packageFile()]);
      await use(dirs.extensionsDir);
      await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    },
    { scope: "worker" },
  ],

  sandbox: async ({ sandboxOptions }, use) => {
    // A token that stands nowhere by chance: it is searched for in all that a test leaves.
    const token = `canary-${randomBytes(24).toString("base64url")}`;
    const sandbox = await startSandbox({ token, ...sandboxOptions });
    await use(sandbox);
    await sandbox.close();
  },

  workspace: async ({ workspaceFiles, sandbox }, use) => {
    const folder = await mkdtemp(join(tmpdir(), "ui-workspace-"));
    const workspace = join(folder, "workspace");
    if (workspaceFiles === "samples") await copySamples(workspace, sandbox.baseUrl);
    else await mkdir(workspace);
    await use(workspace);
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  },

  vscode: async (
    { theme, windowSize, settings, connected, restricted, sandbox, workspace, extensionsDir },
    use,
    testInfo,
  ) => {
    const folder = await mkdtemp(join(tmpdir(), "ui-vscode-"));
    const sandboxFile = join(folder, "sandbox.json");
    const { baseUrl, token } = sandbox;
    await writeFile(sandboxFile, JSON.stringify({ baseUrl, token, name: "Sandbox" }), { mode: 0o600 });
    const chromium = await findChromium();
    if (chromium === undefined) throw new Error("No Chromium is installed. Run: npm run setup");
    const userDataDir = join(folder, "user-data");
    const search = new SecretSearch(token, userDataDir);
    const vscode = await startVsCode({
      host: await installedHost(),
      chromium,
      userDataDir,
      extensionsDir,
      workspace,
      viewport: windowSize,
      settings: { ...settings, "workbench.colorTheme": theme },
      restricted,
      env: { SCIM_SANDBOX: connected ? sandboxFile : undefined },
      screenshots: join(paths.results, "screenshots"),
      onPicture: (page) => search.page(page),
    });
    await use(vscode);
    await search.page(vscode.page);
    const leaks = await search.end(workspace);
    if (testInfo.status !== testInfo.expectedStatus) {
      await testInfo.attach("page", { body: await vscode.page.screenshot(), contentType: "image/png" });
      await testInfo.attach("extension log", { body: await vscode.extensionHostLog(), contentType: "text/plain" });
      await cp(join(userDataDir, "logs"), testInfo.outputPath("logs"), { recursive: true }).catch(() => undefined);
    }
    await vscode.close();
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    expect(leaks).toEqual([]);
  },
});

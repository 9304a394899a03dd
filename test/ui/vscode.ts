/** One VS Code under a test's hands: server, extension host and page, with a restart and pictures. */
import type { BrowserContext, Dialog, Page } from "@playwright/test";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { openBrowser } from "../../scripts/vscode-host/browser.ts";
import type { VsCodeHost } from "../../scripts/vscode-host/install.ts";
import { startServer, type Server } from "../../scripts/vscode-host/server.ts";
import { quietSettings, writeUserSettings, type Settings } from "../../scripts/vscode-host/settings.ts";
import { Workbench } from "./pageObjects/workbench.ts";

export interface VsCodeOptions {
  readonly host: VsCodeHost;
  /** Path of the browser. */
  readonly chromium: string;
  readonly userDataDir: string;
  readonly extensionsDir: string;
  readonly workspace: string;
  readonly viewport: { readonly width: number; readonly height: number };
  readonly settings: Settings;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether the workspace opens in Restricted Mode, until the person trusts it. */
  readonly restricted: boolean;
  /** Folder that receives the pictures. */
  readonly screenshots: string;
  /** Looks at the page whenever a picture is taken. */
  readonly onPicture: (page: Page) => Promise<void>;
}

export interface VsCode {
  /** The page; another one after a restart. */
  readonly page: Page;
  readonly workbench: Workbench;
  /** Loads the window again, as "Developer: Reload Window" does. */
  reload(): Promise<void>;
  /** Ends VS Code and starts it again with all that it stored. */
  restart(): Promise<void>;
  /**
   * Takes a picture, once nothing moves any more (in CI at once): `.test-results/screenshots/NAME.png`.
   * @returns the picture.
   */
  screenshot(name: string): Promise<Buffer>;
  /** What the extension host logged: activations, errors. */
  extensionHostLog(): Promise<string>;
  close(): Promise<void>;
}

interface Running {
  readonly server: Server;
  readonly context: BrowserContext;
  readonly page: Page;
  readonly workbench: Workbench;
}

/** Half of the key that seals SecretStorage: the same in every start, so that secrets outlive a restart. */
const secretKey = Buffer.alloc(32, 7);
/** VS Code writes its state a moment after it changed. */
const timeToWrite = 500;

/** Restricted Mode without a dialog in front of the window. */
const restrictedSettings: Settings = {
  "security.workspace.trust.enabled": true,
  "security.workspace.trust.startupPrompt": "never",
  "security.workspace.trust.banner": "never",
};

/** Starts VS Code on the workspace and waits until its window is ready. */
export async function startVsCode(options: VsCodeOptions): Promise<VsCode> {
  const trust = options.restricted ? restrictedSettings : {};
  await writeUserSettings(options.userDataDir, { ...quietSettings, ...trust, ...options.settings });
  let running = await open(options, 0);
  const stop = async () => {
    // Leaving the page, as closing a tab does, lets VS Code write what it keeps.
    await running.page.goto("about:blank");
    await running.context.close();
    await running.server.stop();
  };
  return {
    get page() {
      return running.page;
    },
    get workbench() {
      return running.workbench;
    },
    async reload() {
      await leave(running.page, running.server.url({ open: options.workspace }));
      await running.workbench.ready();
    },
    async restart() {
      await leave(running.page, "about:blank");
      // The page's stores belong to its port.
      const { port } = running.server;
      await stop();
      running = await open(options, port);
    },
    async screenshot(name) {
      const picture = await takePicture(running.page, join(options.screenshots, `${name}.png`));
      await options.onPicture(running.page);
      return picture;
    },
    extensionHostLog: () => readExtensionHostLog(join(options.userDataDir, "logs")),
    close: stop,
  };
}

async function open(options: VsCodeOptions, port: number): Promise<Running> {
  const { userDataDir, extensionsDir, env, restricted } = options;
  const server = await startServer(options.host, { userDataDir, extensionsDir, env, port, workspaceTrust: restricted });
  const context = await openBrowser({
    executablePath: options.chromium,
    userDataDir,
    viewport: options.viewport,
    secretKey,
  });
  context.setDefaultTimeout(15_000);
  const page = context.pages()[0] ?? (await context.newPage());
  const workbench = new Workbench(page);
  await page.goto(server.url({ open: options.workspace }));
  await workbench.ready();
  return { server, context, page, workbench };
}

/**
 * Leaves the window as a person does who wants to lose nothing: while VS Code has the browser ask whether to leave, as an edit is
 * not kept yet, stays and tries again. Left alone, Playwright would answer "leave", and the edit would be lost.
 */
async function leave(page: Page, url: string): Promise<void> {
  let asked = 0;
  const stay = async (dialog: Dialog) => {
    asked += 1;
    await dialog.dismiss();
  };
  page.on("dialog", stay);
  for (let before = -1; before < asked;) {
    before = asked;
    await page.waitForTimeout(timeToWrite);
    await page.goto(url).catch((error: unknown) => {
      if (asked === before) throw error;
    });
  }
  page.off("dialog", stay);
}

async function takePicture(page: Page, file: string): Promise<Buffer> {
  const { width } = page.viewportSize() ?? { width: 1280 };
  await page.mouse.move(width - 1, 0);
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
  await page.waitForFunction(() => document.querySelector(".monaco-progress-container.active") === null);
  const take = () => page.screenshot({ animations: "disabled", caret: "hide" });
  let picture = await take();
  // Pictures are for people to look at: where nobody does, none is waited for.
  for (let tries = 0, still = process.env["CI"] !== undefined; !still && tries < 40; tries += 1) {
    await page.waitForTimeout(200);
    const next = await take();
    still = next.equals(picture);
    picture = next;
  }
  await mkdir(join(file, ".."), { recursive: true });
  await writeFile(file, picture);
  return picture;
}

async function readExtensionHostLog(logs: string): Promise<string> {
  const files = await readdir(logs, { recursive: true }).catch(() => []);
  const texts = files
    .filter((file) => file.endsWith("remoteexthost.log"))
    .sort()
    .map((file) => readFile(join(logs, file), "utf8"));
  return (await Promise.all(texts)).join("");
}

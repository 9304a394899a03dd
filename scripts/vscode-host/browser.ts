/** The page half of a browser-hosted VS Code: a Chromium that talks to nothing but loopback. */
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { chromium, type BrowserContext } from "@playwright/test";

export interface BrowserOptions {
  readonly executablePath: string;
  /** VS Code's user data folder; the browser's profile is kept inside. */
  readonly userDataDir: string;
  readonly viewport?: { readonly width: number; readonly height: number };
  readonly headless?: boolean;
  /** Half of the key that seals SecretStorage. The same key lets secrets survive a restart. */
  readonly secretKey?: Buffer;
}

const chromiumArguments = [
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--force-color-profile=srgb",
  "--font-render-hinting=none",
  "--hide-scrollbars",
  "--disable-lcd-text",
];

/** Opens a browser whose profile belongs to one VS Code user data folder. Close the context to end it. */
export async function openBrowser(options: BrowserOptions): Promise<BrowserContext> {
  const context = await chromium.launchPersistentContext(join(options.userDataDir, "chromium"), {
    executablePath: options.executablePath,
    headless: options.headless ?? true,
    args: chromiumArguments,
    // Chromium refuses its sandbox only to root.
    chromiumSandbox: process.getuid?.() !== 0,
    viewport: options.viewport ?? { width: 1280, height: 800 },
    reducedMotion: "reduce",
    locale: "en-US",
    timezoneId: "UTC",
    permissions: ["clipboard-read", "clipboard-write"],
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  });
  // Webview resources of vscode-cdn.net never reach the network: the webview's service worker answers them.
  await context.route(
    (url) => url.hostname !== "127.0.0.1" && url.hostname !== "localhost",
    (route) => route.abort(),
  );
  const secretKey = options.secretKey ?? randomBytes(32);
  await context.route("**/mint-key", (route) =>
    route.fulfill({ body: secretKey, contentType: "application/octet-stream" }),
  );
  return context;
}

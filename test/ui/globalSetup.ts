import { ensureChromium } from "../../scripts/lib/chromium.ts";
import { ensurePackage } from "../../scripts/lib/package.ts";
import { ensureHost } from "../../scripts/vscode-host/install.ts";

/** Once before all workers, so that none builds under another's feet. */
export default async function globalSetup(): Promise<void> {
  await ensureHost();
  await ensureChromium();
  await ensurePackage();
}

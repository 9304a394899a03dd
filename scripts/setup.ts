/** `npm run setup`: everything that tests and `npm start` need beyond the packages. Does nothing when all is there. */
import { ensureChromium } from "./lib/chromium.ts";
import { main, say } from "./lib/project.ts";
import { ensureHost, hostIsSupported } from "./vscode-host/install.ts";

await main(async () => {
  if (!hostIsSupported) {
    say("Nothing to set up: on this system the tests use the desktop VS Code (npm run test:electron).");
    return undefined;
  }
  await ensureHost();
  say(`VS Code: .vscode-test/host\nChromium: ${await ensureChromium()}`);
  return undefined;
});

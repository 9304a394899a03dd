import { defineConfig } from "@playwright/test";
import type { UiOptions } from "./fixtures.ts";

export default defineConfig<UiOptions>({
  testDir: ".",
  testMatch: "**/*.spec.ts",
  globalSetup: "./globalSetup.ts",
  outputDir: "../../.test-results/ui",
  reporter: [["list"], ["json", { outputFile: "../../.test-results/ui.json" }]],
  // Each test has a VS Code of its own: a server, an extension host and a browser.
  workers: 2,
  fullyParallel: true,
  forbidOnly: process.env["CI"] !== undefined,
  // On a shared machine a browser can stall; what passes only on its second try is named in the report.
  retries: process.env["CI"] === undefined ? 0 : 1,
  timeout: 120_000,
  globalTimeout: 20 * 60_000,
  expect: { timeout: 30_000 },
});

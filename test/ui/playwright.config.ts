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
  retries: 0,
  timeout: 90_000,
  globalTimeout: 15 * 60_000,
  expect: { timeout: 15_000 },
});

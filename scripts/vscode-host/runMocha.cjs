"use strict";
/**
 * The test entry for `--extensionTestsPath`, in the browser-hosted VS Code and in the desktop alike: runs every
 * `*.test.cjs` of a folder with Mocha. No test at all is a failure.
 * Environment: SCIM_TEST_FOLDER (the folder), SCIM_TEST_RESULTS (file for the counts, optional).
 */
const { existsSync, mkdirSync, readdirSync, writeFileSync } = require("node:fs");
const { dirname, join } = require("node:path");

exports.run = async function run() {
  const { default: Mocha } = await import("mocha");
  const folder = process.env.SCIM_TEST_FOLDER;
  const mocha = new Mocha({
    ui: "tdd",
    color: process.env.NO_COLOR === undefined,
    timeout: 30_000,
    forbidPending: true,
  });
  const entries = existsSync(folder) ? readdirSync(folder, { recursive: true }) : [];
  const files = entries.filter((file) => file.endsWith(".test.cjs"));
  for (const file of files.sort()) mocha.addFile(join(folder, file));
  const stats = await new Promise((resolve) => {
    const runner = mocha.run(() => resolve(runner.stats));
  });
  const counts = { passed: stats.passes, failed: stats.failures };
  const results = process.env.SCIM_TEST_RESULTS;
  if (results !== undefined) {
    mkdirSync(dirname(results), { recursive: true });
    writeFileSync(results, JSON.stringify(counts));
  }
  if (counts.failed > 0) throw new Error(`${counts.failed} of ${counts.passed + counts.failed} tests failed`);
  if (counts.passed === 0) throw new Error(`No test ran: ${folder} holds ${files.length} files named *.test.cjs`);
};

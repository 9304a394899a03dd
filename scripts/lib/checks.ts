/** The checks that `npm test` is made of. Each counts what it ran; none may pass without having run anything. */
import { readFile, rm } from "node:fs/promises";
import { existsSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { ensureBuilt } from "./build.ts";
import { ensureChromium } from "./chromium.ts";
import { runExtensionTests, vscodeExecutable } from "./extensionTests.ts";
import { ensurePackage, entryLimit, sizeLimit } from "./package.ts";
import { paths, root, run, say, ScriptError } from "./project.ts";
import { downloadAndUnzipVSCode } from "@vscode/test-electron";
import { ensureHost, hostIsSupported } from "../vscode-host/install.ts";

export interface Counts {
  readonly passed: number;
  readonly failed: number;
}

export interface CheckContext {
  /** Show what the check writes as it comes; otherwise only when it fails. */
  readonly live: boolean;
  /** Further arguments for the runner, such as the files to run. */
  readonly extra: readonly string[];
}

export type Check = (context: CheckContext) => Promise<Counts>;

/** Needs no build and no VS Code: may run beside anything else. */
export const staticChecks = {
  format: (context) => one(context, "prettier", ["--check", "--log-level=warn", "."]),
  /** The language's rules, and the way of imports. */
  lint: async (context) => {
    const rules = await one(context, "eslint", ["--max-warnings=0", "."]);
    return sum(rules, await one(context, "depcruise", ["--config", ".dependency-cruiser.mjs", "src"]));
  },
  types: async (context) => {
    const projects = ["tsconfig.json", "test/ui/tsconfig.json", "src/webview/tsconfig.json"].filter((path) =>
      existsSync(join(root, path)),
    );
    let counts: Counts = { passed: 0, failed: 0 };
    for (const project of projects) counts = sum(counts, await one(context, "tsc", ["--noEmit", "-p", project]));
    return counts;
  },
} satisfies Record<string, Check>;

/** Run what was built. */
export const runningChecks = {
  unit: (context) => vitest(context, "unit"),
  integration: async (context) => {
    if (hostIsSupported) await Promise.all([ensureHost(), ensureChromium()]);
    await ensureBuilt();
    return vitest(context, "integration");
  },
  package: () => packaged(),
  extension: async () => extension("extension", "sources", await vscodeExecutable()),
  vsix: async () => extension("vsix", "vsix", await vscodeExecutable()),
  ui: (context) => playwright(context),
} satisfies Record<string, Check>;

/** Not part of `npm test`: needs a desktop that can be downloaded. */
export const furtherChecks = {
  electron: async () => extension("electron", "sources", await downloadAndUnzipVSCode()),
} satisfies Record<string, Check>;

export function sum(a: Counts, b: Counts): Counts {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed };
}

/** A program whose exit code is the one result. */
async function one({ live }: CheckContext, program: string, programArguments: readonly string[]): Promise<Counts> {
  const { code, output } = await run(program, programArguments, { quiet: !live });
  if (code !== 0 && !live) say(output.trimEnd());
  return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

const kB = (bytes: number): string => `${Math.ceil(bytes / 1000).toLocaleString("en-US")} kB`;

async function packaged(): Promise<Counts> {
  const { bytes, entryBytes, files } = await ensurePackage();
  say(
    `The package holds ${files.length} files in ${kB(bytes)} (at most ${kB(sizeLimit)}), and nothing that does not belong in it. VS Code loads ${kB(entryBytes)} of it at activation (at most ${kB(entryLimit)}).`,
  );
  return { passed: 1, failed: 0 };
}

const vitestReport = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numFailedTestSuites: z.number(),
});

async function vitest({ live, extra }: CheckContext, project: string): Promise<Counts> {
  const file = reportFile(project);
  await rm(file, { force: true });
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
  const { code, output } = await run("vitest", ["run", "--project", project, ...reporters, ...extra], { quiet: !live });
  if (code !== 0 && !live) say(output.trimEnd());
  const report = await readReport(file, vitestReport);
  return atLeastOneFailure(code, { passed: report.numPassedTests, failed: report.numFailedTests });
}

const playwrightReport = z.object({
  stats: z.object({ expected: z.number(), unexpected: z.number(), flaky: z.number() }),
});

async function playwright({ live, extra }: CheckContext): Promise<Counts> {
  const file = reportFile("ui");
  await rm(file, { force: true });
  const { code, output } = await run("playwright", ["test", "--config", "test/ui/playwright.config.ts", ...extra], {
    quiet: !live,
  });
  if (code !== 0 && !live) say(output.trimEnd());
  const { stats } = await readReport(file, playwrightReport);
  if (stats.flaky > 0) say(`${stats.flaky} tests passed only on their second try; they are named above.`);
  return atLeastOneFailure(code, { passed: stats.expected + stats.flaky, failed: stats.unexpected });
}

const counts = z.object({ passed: z.number(), failed: z.number() });

async function extension(name: string, subject: "sources" | "vsix", executable: string): Promise<Counts> {
  const file = reportFile(name);
  await rm(file, { force: true });
  let code = 0;
  try {
    await runExtensionTests(subject, file, executable);
  } catch (error) {
    if (!(error instanceof ScriptError)) throw error;
    say(error.message);
    code = 1;
  }
  return atLeastOneFailure(code, await readReport(file, counts));
}

function reportFile(name: string): string {
  return join(paths.results, `${name}.json`);
}

/** A runner that failed without a failed test (a file that does not load, an error outside of tests) counts as one. */
function atLeastOneFailure(code: number, found: Counts): Counts {
  return code !== 0 && found.failed === 0 ? { ...found, failed: 1 } : found;
}

async function readReport<Report>(file: string, schema: z.ZodType<Report>): Promise<Report> {
  const text = await readFile(file, "utf8").catch(() => {
    throw new ScriptError("The runner ended without a report: see its output above.");
  });
  return schema.parse(JSON.parse(text));
}

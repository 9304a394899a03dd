/** The suites of test/extension inside VS Code: on the sources' build, or on the packaged and installed extension. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { downloadAndUnzipVSCode, resolveCliArgsFromVSCodeExecutablePath, runTests } from "@vscode/test-electron";
import * as z from "zod";
import { ensureBuilt } from "./build.ts";
import { ensureChromium } from "./chromium.ts";
import { Cleanup } from "./cleanup.ts";
import { ensurePackage } from "./package.ts";
import { mustRun, paths, root, ScriptError } from "./project.ts";
import { ensureHost, hostIsSupported } from "../vscode-host/install.ts";

export type Subject = "sources" | "vsix";

const launcher = join(root, "scripts/vscode-host/launch.ts");

const manifestSchema = z.looseObject({
  name: z.string(),
  publisher: z.string(),
  version: z.string(),
  engines: z.record(z.string(), z.string()),
});

/**
 * Runs the suites.
 * @param subject what is tested; the vsix is installed into fresh folders first.
 * @param results file that receives `{ passed, failed }`.
 * @throws ScriptError when a test fails or none runs.
 */
export async function runExtensionTests(subject: Subject, results: string, executable: string): Promise<void> {
  await ensureBuilt();
  const cleanup = new Cleanup();
  const temporary = await mkdtemp(join(tmpdir(), "extension-tests-"));
  cleanup.defer(() => rm(temporary, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }));
  try {
    const dirs = [
      `--user-data-dir=${join(temporary, "user-data")}`,
      `--extensions-dir=${join(temporary, "extensions")}`,
    ];
    const workspace = join(temporary, "workspace");
    await mkdir(workspace);
    await runTests({
      vscodeExecutablePath: executable,
      extensionDevelopmentPath: subject === "sources" ? root : await installVsix(executable, dirs, temporary),
      extensionTestsPath: join(root, "scripts/vscode-host/runMocha.cjs"),
      extensionTestsEnv: { SCIM_TEST_FOLDER: join(paths.out, "extension"), SCIM_TEST_RESULTS: results },
      launchArgs: [workspace, ...dirs],
    });
  } catch (error) {
    // @vscode/test-electron has printed what there is to say; its error only repeats the exit code.
    throw new ScriptError(error instanceof Error ? error.message : String(error));
  } finally {
    await cleanup.run();
  }
}

/**
 * The VS Code to test in: the desktop that VSCODE_EXECUTABLE names, the browser-hosted one on Linux x64, else the desktop
 * that @vscode/test-electron downloads.
 */
export async function vscodeExecutable(): Promise<string> {
  const named = process.env["VSCODE_EXECUTABLE"];
  if (named !== undefined && named !== "") return named;
  if (!hostIsSupported) return downloadAndUnzipVSCode();
  await ensureHost();
  await ensureChromium();
  return launcher;
}

/**
 * Installs the package and gives a folder to put under development in its place: VS Code runs tests only with one, so it
 * is an extension that does nothing.
 */
async function installVsix(executable: string, dirs: readonly string[], temporary: string): Promise<string> {
  const { file } = await ensurePackage();
  // A desktop has its command line in a program of its own beside the executable.
  const [program = executable, ...prefix] =
    executable === launcher ? [executable] : resolveCliArgsFromVSCodeExecutablePath(executable);
  await mustRun(program, [...prefix, ...dirs, "--install-extension", file], { quiet: true });
  const manifest = manifestSchema.parse(JSON.parse(await readFile(join(root, "package.json"), "utf8")));
  const placeholder = join(temporary, "placeholder");
  await mkdir(placeholder);
  const { publisher, version, engines } = manifest;
  const content = { name: "placeholder", publisher, version, engines: { vscode: engines["vscode"] } };
  await writeFile(join(placeholder, "package.json"), JSON.stringify(content));
  return placeholder;
}

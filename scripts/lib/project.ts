/** Where things are in this repository, and how its scripts speak and run programs. */
import { spawn } from "node:child_process";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of package.json. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** What the scripts install or write, all of it ignored by git. */
export const paths = {
  bin: join(root, "node_modules", ".bin"),
  dist: join(root, "dist"),
  cli: join(root, "dist", "cli.js"),
  out: join(root, "out"),
  host: join(root, ".vscode-test", "host"),
  results: join(root, ".test-results"),
  samples: join(root, "samples"),
} as const;

/** A failure whose message says all there is to say: it is printed without a stack trace. */
export class ScriptError extends Error {
  override readonly name = "ScriptError";
}

/** Writes one line to standard error, where every progress line of the scripts goes. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

/**
 * Runs a script's body and turns its end into the process's exit code.
 * @param body gives the exit code, or nothing for 0.
 */
export async function main(body: () => Promise<number | undefined>): Promise<void> {
  try {
    process.exitCode = (await body()) ?? 0;
  } catch (error) {
    say(error instanceof ScriptError ? error.message : String(error instanceof Error ? error.stack : error));
    process.exitCode = 1;
  }
}

/** How a program ended. `output` is standard output and standard error in the order they came. */
export interface Ended {
  readonly code: number;
  readonly output: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Keep what the program writes for `output` and show nothing. */
  readonly quiet?: boolean;
}

/**
 * Runs a program to its end. Programs of node_modules/.bin are found by name.
 * @throws ScriptError when the program cannot be started.
 */
export async function run(
  program: string,
  programArguments: readonly string[],
  options: RunOptions = {},
): Promise<Ended> {
  const quiet = options.quiet ?? false;
  const child = spawn(program, programArguments, {
    cwd: options.cwd ?? root,
    env: { ...process.env, ...options.env, PATH: paths.bin + delimiter + (process.env["PATH"] ?? "") },
    stdio: quiet ? ["ignore", "pipe", "pipe"] : ["ignore", "inherit", "inherit"],
  });
  const output: string[] = [];
  child.stdout?.setEncoding("utf8").on("data", (text: string) => output.push(text));
  child.stderr?.setEncoding("utf8").on("data", (text: string) => output.push(text));
  return new Promise((resolve, reject) => {
    child.on("error", (error) => {
      reject(new ScriptError(`${program} did not start: ${error.message}`));
    });
    child.on("close", (code) => {
      resolve({ code: code ?? 1, output: output.join("") });
    });
  });
}

/** As {@link run}, for a program that must succeed. The error carries what it wrote. */
export async function mustRun(
  program: string,
  programArguments: readonly string[],
  options: RunOptions = {},
): Promise<string> {
  const { code, output } = await run(program, programArguments, options);
  if (code === 0) return output;
  throw new ScriptError(
    `${[program, ...programArguments].join(" ")} ended with exit code ${code}\n${output}`.trimEnd(),
  );
}

/** Milliseconds since `started` as a person reads them: `3.2 s`. */
export function seconds(started: number): string {
  return `${((Date.now() - started) / 1000).toFixed(1)} s`;
}

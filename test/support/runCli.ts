import { PassThrough, Readable } from "node:stream";
import { run } from "../../src/cli/program.ts";

/** What one run of the command line left behind. */
export interface CliRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliSurroundings {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly stdin?: string;
  readonly signal?: AbortSignal;
  /** Called with everything that standard output holds so far, after each write. */
  readonly onOutput?: (text: string) => void;
}

/** Runs a command in this process, with streams instead of a terminal. */
export async function runCli(args: readonly string[], surroundings: CliSurroundings = {}): Promise<CliRun> {
  const { env = {}, cwd = process.cwd(), stdin = "", signal, onOutput } = surroundings;
  const collect = (onText?: (text: string) => void) => {
    const stream = new PassThrough();
    const held = { text: "" };
    stream.setEncoding("utf8").on("data", (chunk: string) => {
      held.text += chunk;
      onText?.(held.text);
    });
    return { stream, held };
  };
  const out = collect(onOutput);
  const err = collect();
  const code = await run(args, {
    stdin: Readable.from([stdin]),
    stdout: out.stream,
    stderr: err.stream,
    env,
    cwd,
    signal: signal ?? new AbortController().signal,
  });
  await new Promise((resolve) => setImmediate(resolve));
  return { code, stdout: out.held.text, stderr: err.held.text };
}

/** The sandbox of this project, run as a person would run it: the built command line. */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import * as z from "zod";
import { paths, ScriptError } from "./project.ts";

export interface RunningSandbox {
  readonly baseUrl: string;
  readonly token: string;
  readonly stop: () => Promise<void>;
}

const firstLine = z.object({ baseUrl: z.url(), token: z.string().min(1) });

/**
 * Starts a sandbox and waits until it serves.
 * @param seed JSON file of the people and groups it starts with.
 * @throws ScriptError with what it wrote when it ends instead.
 */
export async function startSandboxProcess(seed: string): Promise<RunningSandbox> {
  // Its own process group: Ctrl-C in a terminal reaches this script only, which then ends things in their order.
  const child = spawn(process.execPath, [paths.cli, "sandbox", "--seed", seed], {
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const killWithParent = () => child.kill("SIGKILL");
  process.once("exit", killWithParent);
  const errors: string[] = [];
  child.stderr.setEncoding("utf8").on("data", (text: string) => errors.push(text));
  const line = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).once("line", resolve);
    child.once("error", (error) => reject(new ScriptError(`The sandbox did not start: ${error.message}`)));
    child.once("close", () =>
      reject(new ScriptError(`The sandbox ended before it served:\n${errors.join("").trimEnd()}`)),
    );
  });
  const stop = async () => {
    child.kill("SIGTERM");
    await ended;
    process.off("exit", killWithParent);
  };
  return { ...firstLine.parse(JSON.parse(line)), stop };
}

import { writeFile } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";
import * as vscode from "vscode";
import { quiet } from "./quiet.ts";

/** How late the event loop of the extension host was, in milliseconds. */
export interface Delay {
  readonly p99: number;
  readonly longest: number;
  /** How long it was watched. */
  readonly took: number;
}

export interface Responsiveness {
  readonly idle: Delay;
  readonly plan: Delay;
  readonly push: Delay;
}

/** How often the event loop is looked at, in milliseconds. */
const resolution = 5;

/** Plans and pushes the job of the workspace by the commands that a person uses, and watches the event loop meanwhile. */
export async function run(): Promise<void> {
  await vscode.extensions.getExtension("scim-provisioning.scim-provisioning")?.activate();
  const [job] = await vscode.workspace.findFiles("*.provisioning.json");
  await quiet();
  const measured: Responsiveness = {
    idle: await delayDuring(() => setTimeout(10_000)),
    plan: await delayDuring(() => vscode.commands.executeCommand("scim.job.preview", job)),
    push: await delayDuring(() => vscode.commands.executeCommand("scim.change.push", process.env["SCIM_BENCH_URL"])),
  };
  await writeFile(process.env["SCIM_BENCH_RESULT"] ?? "", JSON.stringify(measured));
}

/**
 * How late the event loop was at most and nearly always. On a busy machine a process also waits for a processor, which is not
 * its own doing: so no delay counts for more than the processor time that this thread took meanwhile.
 */
async function delayDuring(work: () => Thenable<unknown>): Promise<Delay> {
  const delays: number[] = [];
  let [seen, used] = [performance.now(), process.threadCpuUsage()];
  const look = () => {
    const [now, own] = [performance.now(), process.threadCpuUsage()];
    const processor = (own.user + own.system - used.user - used.system) / 1000;
    delays.push(Math.max(0, Math.min(now - seen - resolution, processor)));
    [seen, used] = [now, own];
  };
  const timer = setInterval(look, resolution);
  const started = performance.now();
  await work();
  const took = performance.now() - started;
  // What it leaves to do afterwards counts as well.
  await setTimeout(2_000);
  clearInterval(timer);
  delays.sort((a, b) => a - b);
  return { p99: delays[Math.floor(0.99 * delays.length)] ?? NaN, longest: delays.at(-1) ?? NaN, took };
}

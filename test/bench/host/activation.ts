import { writeFile } from "node:fs/promises";
import * as vscode from "vscode";
import { quiet } from "./quiet.ts";

/** Milliseconds of the activation of our extension, and of the empty ones before it. */
export interface Activations {
  readonly ours: number;
  readonly empty: readonly number[];
}

const ourId = "scim-provisioning.scim-provisioning";

/** Activates empty extensions and then ours, in one extension host, one after the other. */
export async function run(): Promise<void> {
  const [first = "", ...others] = (process.env["SCIM_BENCH_EMPTY"] ?? "").split(",");
  await quiet();
  // The first shows the host how it is done.
  await activation(first);
  const empty: number[] = [];
  for (const id of others) empty.push(await activation(id));
  const ours = await activation(ourId);
  await writeFile(process.env["SCIM_BENCH_RESULT"] ?? "", JSON.stringify({ ours, empty } satisfies Activations));
}

async function activation(id: string): Promise<number> {
  const extension = vscode.extensions.getExtension(id);
  if (extension === undefined) throw new Error(`There is no extension ${id}.`);
  if (extension.isActive) throw new Error(`${id} is active already.`);
  const started = performance.now();
  await extension.activate();
  return performance.now() - started;
}

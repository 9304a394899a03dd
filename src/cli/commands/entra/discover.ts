import { discoverDirectory } from "../../../entra/discover.ts";
import { readSchema } from "../../../entra/schemaEdit.ts";
import type { CliHost } from "../../host.ts";
import { exitCodes, note, writeOut } from "../../host.ts";
import { printable } from "../../table.ts";
import { connectGraph, findTarget } from "./connect.ts";
import { isAccepted, type ActOptions } from "./operate.ts";

/** `entra discover APP`: the service reads a directory's schema again; what came since is listed. */
export async function runDiscover(
  host: CliHost,
  name: string,
  options: ActOptions & { readonly directory?: string; readonly format: "text" | "json" },
): Promise<number> {
  await using graph = connectGraph(host, options);
  const { address } = await findTarget(graph.client, name, options);
  const schema = await readSchema(graph.client, address, host.signal);
  const step = discoverDirectory(graph.client, address, schema, options.directory);
  if (!(await isAccepted(host, step, options.yes))) return exitCodes.error;
  const found = await step.run(host.signal);
  if (options.format === "json") await writeOut(host, `${JSON.stringify(found, undefined, 2)}\n`);
  else if (found.added.length === 0) note(host, printable(`${found.directory}: no attribute came since.`));
  else await writeOut(host, `${found.added.map(printable).join("\n")}\n`);
  return exitCodes.ok;
}

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { Journal } from "../../src/changes/journal.ts";
import type { ChangeContext } from "../../src/changes/build.ts";
import { startSandbox, type Sandbox } from "../../src/sandbox/sandbox.ts";
import type { SandboxOptions } from "../../src/sandbox/options.ts";
import { ScimClient } from "../../src/scim/client.ts";
import type { ResourceType, ScimResource } from "../../src/scim/resource.ts";
import { builtinSchema } from "../../src/scim/schemas/builtin.ts";

/** A folder that is removed when the test ends. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "scim-changes-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A sandbox and a client of it, both gone when the test ends. */
export async function startService(options: SandboxOptions = {}): Promise<Service> {
  const sandbox = await startSandbox(options);
  const client = new ScimClient({
    baseUrl: sandbox.baseUrl,
    dialect: options.profile === "rfc" ? "generic" : "databricks",
    token: sandbox.token,
    attempts: 2,
  });
  onTestFinished(async () => {
    await Promise.allSettled([client.close(), sandbox.close()]);
  });
  return {
    sandbox,
    client,
    dialect: client.dialect,
    context: (resourceType) => ({ resourceType, schema: builtinSchema(resourceType), dialect: client.dialect }),
    read: (type, id) => client.get(type, id),
    named: (type, name) => {
      const found = sandbox.store.find(type, name);
      if (!found) throw new Error(`The sandbox has no ${type} ${name}.`);
      return found as ScimResource;
    },
  };
}

export interface Service {
  readonly sandbox: Sandbox;
  readonly client: ScimClient;
  readonly dialect: ScimClient["dialect"];
  readonly context: (type: ResourceType) => ChangeContext;
  readonly read: (type: ResourceType, id: string) => Promise<ScimResource>;
  /** What the sandbox holds under a userName or displayName. */
  readonly named: (type: ResourceType, name: string) => ScimResource;
}

/** An open journal in a folder of its own. */
export async function openJournal(folder?: string): Promise<{ journal: Journal; folder: string }> {
  const path = folder ?? join(await temporaryFolder(), ".provisioning", "job");
  const journal = await Journal.open(path);
  onTestFinished(() => journal.close().catch(() => undefined));
  return { journal, folder: path };
}

/** Requests that wrote, as `METHOD path`. */
export function writes(sandbox: Sandbox): readonly string[] {
  return sandbox.requests.all.filter(({ method }) => method !== "GET").map(({ method, path }) => `${method} ${path}`);
}

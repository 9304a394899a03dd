import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as vscode from "vscode";
import { addressParts } from "../../../src/extension/documents/address.ts";
import { schemes } from "../../../src/extension/documents/schemes.ts";
import type { Sandbox } from "../../../src/sandbox/sandbox.ts";
import { startSandbox } from "../../../src/sandbox/sandbox.ts";
import type { ResourceType, ScimDocument } from "../../../src/scim/resource.ts";

const extensionId = "scim-provisioning.scim-provisioning";
const shared = globalThis as unknown as Record<symbol, Promise<Sandbox> | undefined>;
const slot = Symbol.for("scim-provisioning.test.sandbox");

/**
 * The service that the extension is connected to as "Sandbox". The first call starts it and hands it over in the environment,
 * as `npm start` does, so it comes before anything that activates the extension. Suites share it.
 */
export function connectedSandbox(): Promise<Sandbox> {
  return (shared[slot] ??= start());
}

async function start(): Promise<Sandbox> {
  const sandbox = await startSandbox({ users: 250, groups: 4 });
  const file = join(tmpdir(), `scim-test-sandbox-${process.pid}.json`);
  await writeFile(file, JSON.stringify({ baseUrl: sandbox.baseUrl, token: sandbox.token, name: "Sandbox" }), {
    mode: 0o600,
  });
  process.env["SCIM_SANDBOX"] = file;
  await vscode.extensions.getExtension(extensionId)?.activate();
  return sandbox;
}

/** A person of the sandbox that no other test uses. */
export function newUser(sandbox: Sandbox, userName: string, attributes: ScimDocument = {}): { readonly id: string } {
  const created = sandbox.store.create("User", { userName, displayName: userName.split("@")[0], ...attributes });
  return { id: String(created["id"]) };
}

export const uriOf = (resourceType: ResourceType, name: string, id: string): vscode.Uri =>
  vscode.Uri.from({ scheme: schemes.pending, ...addressParts({ connection: "Sandbox", resourceType, name, id }) });

export async function open(uri: vscode.Uri): Promise<vscode.TextEditor> {
  return await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: false });
}

/** Replaces a text in a document and saves it. @returns whether it was saved */
export async function replaceAndSave(editor: vscode.TextEditor, from: string, to: string): Promise<boolean> {
  const { document } = editor;
  const at = document.getText().indexOf(from);
  if (at === -1) throw new Error(`The document does not hold ${from}:\n${document.getText()}`);
  const range = new vscode.Range(document.positionAt(at), document.positionAt(at + from.length));
  await editor.edit((edit) => edit.replace(range, to));
  return await document.save();
}

/** What a file reads now, whatever an editor shows. */
export const textOf = async (uri: vscode.Uri): Promise<string> =>
  new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));

/** Waits until something holds; what it was last is in the error. */
export async function until<T>(read: () => T | Promise<T>, holds: (value: T) => boolean): Promise<T> {
  for (let tries = 0; ; tries++) {
    const value = await read();
    if (holds(value)) return value;
    if (tries > 200) throw new Error(`It never came to hold. Last: ${JSON.stringify(value)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Methods of the requests that would change something, since the last clear. */
export const writes = (sandbox: Sandbox): string[] =>
  sandbox.requests.all.filter(({ method }) => method !== "GET").map(({ method, path }) => `${method} ${path}`);

export const discardAll = async (keys: readonly (readonly [Sandbox, ResourceType, string])[]): Promise<void> => {
  for (const [sandbox, type, id] of keys)
    await vscode.commands.executeCommand("scim.change.discard", sandbox.baseUrl, `${type}/${id}`);
};

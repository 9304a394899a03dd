import * as vscode from "vscode";

/** Every context key of the extension. No name and no id ever stands in one. */
export interface ContextKeys {
  /** Whether there is any connection. */
  "scim.connected": boolean;
  /** Whether this window runs the sandbox. */
  "scim.sandboxRunning": boolean;
  /** Whether any change waits for a push. */
  "scim.hasChanges": boolean;
  /** Whether the workspace holds any job file. */
  "scim.hasJobs": boolean;
  /** Whether a step of the walkthrough was done in this window. */
  "scim.did.map": boolean;
  "scim.did.preview": boolean;
  "scim.did.push": boolean;
  "scim.did.monitor": boolean;
  /** Whether somebody is signed in to Microsoft Entra, or it is not known yet. */
  "scim.entra.signedIn": boolean;
  /** Whether the History view shows one person or group. */
  "scim.history.filtered": boolean;
  /** Whether the connections have been read, so that an empty view says why. */
  "scim.ready": boolean;
}

/** Writes context keys, each only when its value changes. */
export class ContextKeyWriter {
  readonly #written = new Map<string, unknown>();

  /** @returns when VS Code has it: menus that open then go by it */
  async set<Key extends keyof ContextKeys>(key: Key, value: ContextKeys[Key]): Promise<void> {
    if (this.#written.get(key) === value) return;
    this.#written.set(key, value);
    await vscode.commands.executeCommand("setContext", key, value);
  }
}

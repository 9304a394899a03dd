import * as vscode from "vscode";
import type { ConnectionSettings } from "./connectionStore.ts";

/** The setting `scim.connections`: of the user, so that no workspace can put an address into it. */
export const hostSettings: ConnectionSettings = {
  read: () => {
    const value = vscode.workspace.getConfiguration("scim").inspect<unknown>("connections");
    return value?.globalValue ?? value?.defaultValue;
  },
  write: (value) =>
    vscode.workspace.getConfiguration("scim").update("connections", value, vscode.ConfigurationTarget.Global),
  onDidChange: (listener) =>
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration("scim.connections")) listener();
    }),
};

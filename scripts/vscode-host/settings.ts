import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Settings of VS Code, as in settings.json. */
export type Settings = Readonly<Record<string, unknown>>;

/** A quiet VS Code: nothing moves, asks, updates, connects or greets that the test did not bring about. */
export const quietSettings: Settings = {
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
  "workbench.enableExperiments": false,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "workbench.colorTheme": "Dark Modern",
  "workbench.layoutControl.enabled": false,
  "workbench.reduceMotion": "on",
  "chat.disableAIFeatures": true,
  "chat.agentHost.enabled": false,
  "window.commandCenter": false,
  "window.restoreWindows": "none",
  "security.workspace.trust.enabled": false,
  "telemetry.telemetryLevel": "off",
  "update.mode": "none",
  "extensions.autoCheckUpdates": false,
  "extensions.autoUpdate": false,
  "extensions.ignoreRecommendations": true,
  "git.enabled": false,
  "remote.autoForwardPorts": false,
  "remote.restoreForwardedPorts": false,
  "files.simpleDialog.enable": true,
  "editor.cursorBlinking": "solid",
  "editor.accessibilitySupport": "off",
};

/** Settings of a VS Code that a person uses for a while: what a visit needs, without the look a test wants. */
export const visitSettings: Settings = {
  "workbench.startupEditor": "none",
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "chat.disableAIFeatures": true,
  "chat.agentHost.enabled": false,
  "security.workspace.trust.enabled": false,
  "telemetry.telemetryLevel": "off",
  "update.mode": "none",
  "extensions.autoCheckUpdates": false,
  "extensions.autoUpdate": false,
  "extensions.ignoreRecommendations": true,
  "remote.autoForwardPorts": false,
  // Changes of documents are a few lines each: red and green below each other read best.
  "diffEditor.renderSideBySide": false,
};

/** Writes the user settings of a VS Code that has not started yet. */
export async function writeUserSettings(userDataDir: string, settings: Settings): Promise<void> {
  await mkdir(join(userDataDir, "User"), { recursive: true });
  await writeFile(join(userDataDir, "User", "settings.json"), `${JSON.stringify(settings, null, 2)}\n`);
}

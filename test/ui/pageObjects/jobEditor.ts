import type { FrameLocator } from "@playwright/test";
import type { VsCode } from "../vscode.ts";

/** Opens a job file of the workspace in the job editor, and waits for its mapping table. */
export async function openJob({ workbench, page }: VsCode, file: string): Promise<FrameLocator> {
  await workbench.editor.openFile(file);
  await page.locator(".editor-actions").getByRole("button", { name: "Open Job in Editor" }).click();
  const { frame } = workbench.activeWebview();
  await frame.getByRole("grid", { name: "User mappings" }).waitFor({ timeout: 30_000 });
  return frame;
}

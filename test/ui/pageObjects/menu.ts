import { expect, type Locator, type Page } from "@playwright/test";

/**
 * Opens the context menu of something and chooses an entry. A menu keeps what it was opened with, so it is opened until the
 * entry can be chosen.
 */
export async function contextMenu(page: Page, target: Locator, name: string | RegExp): Promise<void> {
  const item = page.getByRole("menuitem", { name });
  const besideMenu = page.locator(".context-view-block");
  // Each wait is shorter than the whole: an editor that opens closes the menu, and it is opened again.
  await expect(async () => {
    if (await besideMenu.isVisible()) await besideMenu.click({ position: { x: 1, y: 1 }, timeout: 1000 });
    await target.click({ button: "right", timeout: 3000 });
    await expect(item).toBeEnabled({ timeout: 3000 });
  }).toPass({ intervals: [100, 500], timeout: 15_000 });
  await chooseFromMenu(page, name);
}

/**
 * Clicks an entry of the context menu that is open, until the menu takes it: in its first 100 ms it takes no click, so that
 * the right button's own release chooses nothing.
 */
export async function chooseFromMenu(page: Page, name: string | RegExp): Promise<void> {
  const item = page.getByRole("menuitem", { name });
  await item.waitFor();
  await expect(async () => {
    if (await item.isVisible()) await item.click({ timeout: 1000 });
    await expect(item).toBeHidden({ timeout: 300 });
  }).toPass({ intervals: [50, 100], timeout: 15_000 });
}

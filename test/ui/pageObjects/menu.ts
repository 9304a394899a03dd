import { expect, type Locator, type Page } from "@playwright/test";

/**
 * Opens the context menu of something and chooses an entry. A menu keeps what it was opened with, and an editor that opens
 * closes it, so it is opened until the entry is chosen.
 */
export async function contextMenu(page: Page, target: Locator, name: string | RegExp): Promise<void> {
  const item = page.getByRole("menuitem", { name });
  const besideMenu = page.locator(".context-view-block");
  await expect(async () => {
    if (await besideMenu.isVisible()) await besideMenu.click({ position: { x: 1, y: 1 }, timeout: 1000 });
    await target.click({ button: "right", timeout: 3000 });
    await expect(item).toBeEnabled({ timeout: 3000 });
    await chooseFromMenu(page, name);
  }).toPass({ intervals: [100, 500], timeout: 20_000 });
}

/**
 * Clicks an entry of the context menu that is open, until the menu takes it: in its first 100 ms it takes no click, so that
 * the right button's own release chooses nothing. A menu that closes before its first click is an error: nothing was chosen.
 */
export async function chooseFromMenu(page: Page, name: string | RegExp): Promise<void> {
  const item = page.getByRole("menuitem", { name });
  await item.waitFor({ timeout: 5000 });
  await page.waitForTimeout(100);
  await item.click({ timeout: 2000 });
  await expect(async () => {
    const isOpen = await item.waitFor({ state: "hidden", timeout: 300 }).then(
      () => false,
      () => true,
    );
    if (isOpen) await item.click({ timeout: 1000 });
    expect(isOpen).toBe(false);
  }).toPass({ intervals: [50, 100], timeout: 15_000 });
}

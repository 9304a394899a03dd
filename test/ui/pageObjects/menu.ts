import { expect, type Page } from "@playwright/test";

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
  }).toPass({ intervals: [50, 100] });
}

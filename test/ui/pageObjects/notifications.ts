import { expect, type Locator, type Page } from "@playwright/test";

/** The messages that come up in the lower right corner. */
export class Notifications {
  readonly toasts: Locator;

  constructor(page: Page) {
    // A message that was closed stays in the document for a moment.
    this.toasts = page.locator(".notifications-toasts .notification-toast").filter({ visible: true });
  }

  toast(text: string | RegExp): Locator {
    return this.toasts.filter({ hasText: text }).first();
  }

  /** Closes every message that is shown. */
  async dismissAll(): Promise<void> {
    await expect(async () => {
      const first = this.toasts.first();
      if (await first.isVisible()) {
        await first.hover({ timeout: 1000 });
        await first.getByRole("button", { name: /^Clear Notification/ }).click({ timeout: 1000 });
      }
      await this.toasts
        .first()
        .waitFor({ state: "hidden", timeout: 1000 })
        .catch(() => undefined);
      // By their texts, so that a failure says which.
      expect(await this.toasts.allInnerTexts()).toEqual([]);
    }).toPass({ intervals: [50], timeout: 15_000 });
  }

  /** Presses one of a message's buttons. */
  async answer(text: string | RegExp, button: string | RegExp): Promise<void> {
    await this.toast(text).getByRole("button", { name: button }).click();
  }
}

import type { Locator, Page } from "@playwright/test";

/** The messages that come up in the lower right corner. */
export class Notifications {
  readonly toasts: Locator;

  constructor(page: Page) {
    this.toasts = page.locator(".notifications-toasts .notification-toast");
  }

  toast(text: string | RegExp): Locator {
    return this.toasts.filter({ hasText: text }).first();
  }

  /** Presses one of a message's buttons. */
  async answer(text: string | RegExp, button: string | RegExp): Promise<void> {
    await this.toast(text).getByRole("button", { name: button }).click();
  }
}

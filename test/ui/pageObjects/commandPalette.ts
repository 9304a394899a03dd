import { expect, type Page } from "@playwright/test";
import type { QuickInput } from "./quickInput.ts";

export class CommandPalette {
  readonly #page: Page;
  readonly #quickInput: QuickInput;

  constructor(page: Page, quickInput: QuickInput) {
    this.#page = page;
    this.#quickInput = quickInput;
  }

  /** Runs a command by the title that the palette shows: "SCIM: Start Sandbox". */
  async run(title: string): Promise<void> {
    const command = this.#quickInput.option(title).first();
    // The focus may be taken away after the title was typed, too.
    await expect(async () => {
      await this.search(title);
      await expect(command).toBeVisible({ timeout: 2000 });
    }).toPass({ intervals: [100], timeout: 15_000 });
    await command.click();
  }

  /** Opens the palette and types the title. */
  async search(title: string): Promise<void> {
    // A window that is still putting itself in order takes the focus away, and the palette closes with it.
    await expect(async () => {
      if (!(await this.#quickInput.input.isVisible())) await this.#page.keyboard.press("F1");
      await expect(this.#quickInput.input).toBeVisible({ timeout: 2000 });
    }).toPass({ intervals: [100], timeout: 15_000 });
    await this.#quickInput.input.fill(`>${title}`);
  }
}

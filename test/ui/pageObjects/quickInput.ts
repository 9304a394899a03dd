import type { Locator, Page } from "@playwright/test";

/** The box at the top of the window: input boxes, quick picks, quick open. */
export class QuickInput {
  readonly widget: Locator;

  constructor(page: Page) {
    this.widget = page.locator(".quick-input-widget:visible");
  }

  get input(): Locator {
    return this.widget.locator(".quick-input-box input");
  }

  get title(): Locator {
    return this.widget.locator(".quick-input-title");
  }

  /** What is said under an input box: its prompt, or why the value is refused. */
  get message(): Locator {
    return this.widget.locator(".quick-input-message");
  }

  get options(): Locator {
    return this.widget.getByRole("option");
  }

  option(name: string | RegExp): Locator {
    return this.widget.getByRole("option", { name });
  }

  /** Types a value and accepts it. */
  async enter(value: string): Promise<void> {
    await this.input.fill(value);
    await this.input.press("Enter");
  }

  async pick(name: string | RegExp): Promise<void> {
    await this.option(name).first().click();
  }

  async cancel(): Promise<void> {
    await this.input.press("Escape");
    await this.widget.waitFor({ state: "hidden" });
  }
}

import type { Locator, Page } from "@playwright/test";
import { contextMenu } from "./menu.ts";

/** The Source Control view. */
export class SourceControl {
  readonly #page: Page;
  readonly view: Locator;

  constructor(page: Page) {
    this.#page = page;
    this.view = page.locator(".scm-view");
  }

  async open(): Promise<void> {
    const icon = this.#page.locator(".activitybar").getByRole("tab", { name: /^Source Control/ });
    await icon.waitFor();
    if ((await icon.getAttribute("aria-selected")) !== "true") await icon.click();
    await this.view.first().waitFor();
  }

  /** Groups and changes, in the order shown. */
  get rows(): Locator {
    return this.view.getByRole("treeitem");
  }

  row(name: string | RegExp): Locator {
    return this.view.getByRole("treeitem", { name }).first();
  }

  /** Chooses an entry of the row's context menu. */
  async contextMenu(name: string | RegExp, entry: string | RegExp): Promise<void> {
    await contextMenu(this.#page, this.row(name), entry);
  }

  /** Types the note that goes with a push. */
  async enterNote(text: string): Promise<void> {
    await this.view.locator(".scm-editor .view-lines").click();
    await this.#page.keyboard.type(text);
  }

  /** The large button under the note box. */
  actionButton(name: string | RegExp): Locator {
    return this.view.locator(".scm-provider, .button-container, .actionbar").getByRole("button", { name }).first();
  }
}

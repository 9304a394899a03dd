import type { Locator, Page } from "@playwright/test";
import { contextMenu } from "./menu.ts";

/** A tree view. Rows out of sight are not in the page. */
export class Tree {
  readonly root: Locator;
  readonly #page: Page;

  constructor(page: Page, name: string | RegExp) {
    this.#page = page;
    this.root = page.getByRole("tree", { name });
  }

  get rows(): Locator {
    return this.root.getByRole("treeitem");
  }

  row(name: string | RegExp): Locator {
    return this.root.getByRole("treeitem", { name }).first();
  }

  /** Opens a row's children; nothing happens when they are shown already. */
  async expand(name: string | RegExp): Promise<void> {
    await this.#setExpanded(name, true);
  }

  async collapse(name: string | RegExp): Promise<void> {
    await this.#setExpanded(name, false);
  }

  async click(name: string | RegExp): Promise<void> {
    await this.row(name).click();
  }

  /** Chooses an entry of the row's context menu. */
  async contextMenu(name: string | RegExp, entry: string | RegExp): Promise<void> {
    await contextMenu(this.#page, this.row(name), entry);
  }

  /** One of the icons that show when the mouse is over the row. */
  async inlineAction(name: string | RegExp, action: string | RegExp): Promise<void> {
    await this.row(name).hover();
    await this.row(name).getByRole("button", { name: action }).click();
  }

  async #setExpanded(name: string | RegExp, expanded: boolean): Promise<void> {
    const row = this.row(name);
    await row.waitFor();
    if ((await row.getAttribute("aria-expanded")) !== String(expanded)) await row.locator(".monaco-tl-twistie").click();
  }
}

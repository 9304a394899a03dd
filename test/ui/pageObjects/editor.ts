import type { Locator, Page } from "@playwright/test";
import type { QuickInput } from "./quickInput.ts";

/** The editor area. */
export class Editor {
  readonly #page: Page;
  readonly #quickInput: QuickInput;

  constructor(page: Page, quickInput: QuickInput) {
    this.#page = page;
    this.#quickInput = quickInput;
  }

  tab(name: string | RegExp): Locator {
    return this.#page.locator(".tabs-container").getByRole("tab", { name });
  }

  /** The lines in sight of the active text editor. */
  get lines(): Locator {
    return this.#active.locator(".view-line");
  }

  /** The diff editor; its right side holds `.line-insert` and `.char-insert`. */
  get diff(): Locator {
    return this.#page.locator(".monaco-diff-editor");
  }

  get diffModifiedLines(): Locator {
    return this.diff.locator(".modified .view-line");
  }

  /** The files of the multi-diff editor that "Open Changes" shows. They appear late. */
  get multiDiffEntries(): Locator {
    return this.#page.locator(".monaco-component.multiDiffEditor .multiDiffEntry");
  }

  /** Opens a file of the workspace by its name. */
  async openFile(name: string): Promise<void> {
    await this.#page.keyboard.press("Control+p");
    await this.#quickInput.input.fill(name);
    await this.#quickInput.pick(name);
    await this.tab(name).waitFor();
  }

  /** Replaces the whole text of the active editor. */
  async setText(text: string): Promise<void> {
    await this.lines.first().click();
    await this.#page.keyboard.press("Control+a");
    // Typing would let the editor close brackets and indent by itself.
    await this.#page.evaluate((value) => navigator.clipboard.writeText(value), text);
    await this.#page.keyboard.press("Control+v");
  }

  /** The whole text of the active editor, lines out of sight included. */
  async text(): Promise<string> {
    await this.lines.first().click();
    await this.#page.keyboard.press("Control+a");
    await this.#page.keyboard.press("Control+c");
    return this.#page.evaluate(() => navigator.clipboard.readText());
  }

  async save(): Promise<void> {
    await this.#page.keyboard.press("Control+s");
  }

  get #active(): Locator {
    return this.#page.locator(".editor-group-container.active .editor-instance .monaco-editor");
  }
}

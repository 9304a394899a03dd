import type { FrameLocator, Page } from "@playwright/test";

/** A page of ours inside VS Code: two nested frames, laid over the workbench. The first one of a window takes 3 s. */
export class Webview {
  readonly frame: FrameLocator;

  /** @param filter CSS that tells which of the window's webviews is meant. */
  constructor(page: Page, filter: string) {
    this.frame = page.frameLocator(`iframe.webview.ready${filter}`).frameLocator("iframe#active-frame");
  }
}

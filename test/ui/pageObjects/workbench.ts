import type { Locator, Page } from "@playwright/test";
import { CommandPalette } from "./commandPalette.ts";
import { Editor } from "./editor.ts";
import { chooseFromMenu } from "./menu.ts";
import { Notifications } from "./notifications.ts";
import { QuickInput } from "./quickInput.ts";
import { SourceControl } from "./sourceControl.ts";
import { Tree } from "./tree.ts";
import { Webview } from "./webview.ts";

/** The window of VS Code and the way to its parts. */
export class Workbench {
  readonly page: Page;
  readonly commandPalette: CommandPalette;
  readonly quickInput: QuickInput;
  readonly notifications: Notifications;
  readonly editor: Editor;
  readonly sourceControl: SourceControl;

  constructor(page: Page) {
    this.page = page;
    this.quickInput = new QuickInput(page);
    this.commandPalette = new CommandPalette(page, this.quickInput);
    this.notifications = new Notifications(page);
    this.editor = new Editor(page, this.quickInput);
    this.sourceControl = new SourceControl(page);
  }

  /** Waits until the window can be used. */
  async ready(): Promise<void> {
    await this.page.locator(".activitybar .action-item").first().waitFor({ timeout: 60_000 });
  }

  /** Changes the colour theme, by the name that the list of themes shows. */
  async chooseTheme(name: string): Promise<void> {
    await this.commandPalette.run("Preferences: Color Theme");
    await this.quickInput.input.fill(name);
    await this.quickInput.input.press("Enter");
    await this.quickInput.widget.waitFor({ state: "hidden" });
  }

  /** A view container's icon in the activity bar. */
  container(name: string): Locator {
    return this.page.locator(".activitybar").getByRole("tab", { name });
  }

  /** Shows a view container in the side bar. A click on the one that is shown would hide it. */
  async openContainer(name: string): Promise<void> {
    const icon = this.container(name);
    await icon.waitFor();
    if ((await icon.getAttribute("aria-selected")) !== "true") await icon.click();
  }

  /** The tree of a view, by the view's name. */
  tree(name: string | RegExp): Tree {
    return new Tree(this.page, name);
  }

  /** The webview of the active editor: a panel or a custom editor. */
  activeWebview(): Webview {
    return new Webview(this.page, ':visible:not([src*="purpose=webviewView"])');
  }

  /** The webview of a view in the side bar or panel. */
  viewWebview(): Webview {
    return new Webview(this.page, '[src*="purpose=webviewView"]');
  }

  statusBarItem(text: string | RegExp): Locator {
    return this.page.locator(".statusbar .statusbar-item").filter({ hasText: text });
  }

  /** The modal dialog that is shown. */
  get dialog(): Locator {
    return this.page.locator(".monaco-dialog-box");
  }

  /** Answers the modal dialog with one of its buttons. */
  async answerDialog(button: string | RegExp): Promise<void> {
    const answer = this.dialog.getByRole("button", { name: button });
    await answer.waitFor();
    // This very dialog has to go: the next question may take its place at once.
    const asked = await this.dialog.elementHandle();
    await answer.click();
    await asked.waitForElementState("hidden");
  }

  /** Clicks an entry of the context menu that is open. */
  async chooseFromMenu(name: string | RegExp): Promise<void> {
    await chooseFromMenu(this.page, name);
  }
}

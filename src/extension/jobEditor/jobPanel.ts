import type * as vscode from "vscode";
import { Disposable } from "../platform/disposable.ts";
import { type ToHost, toHostSchema, type ToWebview } from "./messages.ts";
import type { View } from "./messages/view.ts";

/** What a page shows before it has said so. */
const firstView: View = {
  page: "users",
  sample: { users: null, groups: null },
  row: null,
  scope: { kind: "users", tab: "all", search: "", selected: null },
};

/** One editor of a job file: its page at the other end, and what that page shows. */
export class JobPanel extends Disposable {
  readonly #panel: vscode.WebviewPanel;
  readonly #receive: (message: ToHost) => void;
  view: View = firstView;
  #flushed: (() => void) | undefined;

  constructor(panel: vscode.WebviewPanel, receive: (message: ToHost) => void) {
    super();
    this.#panel = panel;
    this.#receive = receive;
    this.register(panel.webview.onDidReceiveMessage((message: unknown) => this.#parse(message)));
  }

  get visible(): boolean {
    return this.#panel.visible;
  }

  /** What a hidden page misses it asks for again when it is shown: it starts anew and says `ready`. */
  post(message: ToWebview): void {
    void this.#panel.webview.postMessage(message);
  }

  /** Lets the page send what was typed and not yet sent. Ends when it has, or when it does not answer in time. */
  async flush(timeoutMs: number): Promise<void> {
    if (!this.visible) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, timeoutMs);
      this.#flushed = () => {
        clearTimeout(timer);
        resolve();
      };
      this.post({ kind: "flush" });
    });
  }

  #parse(message: unknown): void {
    const parsed = toHostSchema.safeParse(message);
    if (!parsed.success) return;
    if (parsed.data.kind === "flushed") this.#flushed?.();
    else this.#receive(parsed.data);
  }
}

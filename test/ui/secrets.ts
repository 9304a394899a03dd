/** Looks for the sandbox's token where no token may be, while a person's clicks are tested and after them. */
import type { Page } from "@playwright/test";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { LeakDetector } from "../support/canary.ts";
import { listeningPorts, processes } from "../support/listening.ts";

/** Folders of the browser's profile that hold what pages keep; the rest are caches of code that ships with it. */
const browserStores = ["IndexedDB", "Local Storage", "Session Storage", "WebStorage"];
const loopback = ["127.0.0.1", "00000000000000000000000001000000"];

/**
 * What is searched in a test: what the window and the pages within it show, at every picture and at the end; settings, logs,
 * journals, storage of the workspace and of the extension; the workspace itself; arguments of processes. SecretStorage is where
 * the token belongs: its store is sealed, so that it holds no piece of it either.
 */
export class SecretSearch {
  readonly #detector: LeakDetector;
  readonly #userDataDir: string;
  readonly #found = new Set<string>();

  constructor(token: string, userDataDir: string) {
    this.#detector = new LeakDetector(token);
    this.#userDataDir = userDataDir;
  }

  /** Searches what the window shows now, in all of its frames. */
  async page(page: Page): Promise<void> {
    for (const frame of page.frames()) {
      // A frame that goes away meanwhile shows nothing any more.
      const text = await frame.evaluate(contents).catch(() => "");
      this.#look(`the page ${new URL(frame.url(), "about:blank").pathname}`, text);
    }
  }

  /** Searches what was written, and what runs. */
  async end(workspace: string): Promise<readonly string[]> {
    const browser = join(this.#userDataDir, "chromium", "Default");
    const own = (await readdir(this.#userDataDir)).filter((name) => name !== "chromium");
    const folders = [
      ...own.map((name) => join(this.#userDataDir, name)),
      ...browserStores.map((name) => join(browser, name)),
      workspace,
    ];
    for (const folder of folders) {
      const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
      for (const entry of entries) {
        if (!entry.isFile()) continue;
        const path = join(entry.parentPath, entry.name);
        this.#look(path, await readFile(path).catch(() => ""));
      }
    }
    await this.#processes();
    return [...this.#found];
  }

  async #processes(): Promise<void> {
    const all = await processes();
    for (const [pid, { args }] of all) this.#look(`the arguments of process ${pid}`, args);
    const own = new Set([...all].filter(([, { args }]) => args.includes(this.#userDataDir)).map(([pid]) => pid));
    for (let size = 0; size < own.size;) {
      size = own.size;
      for (const [pid, { parent }] of all) if (own.has(parent)) own.add(pid);
    }
    for (const { pid, address, port } of await listeningPorts(own)) {
      if (!loopback.includes(address)) this.#found.add(`Process ${pid} listens on ${address}:${port}.`);
    }
  }

  #look(where: string, text: string | Buffer): void {
    const runs = this.#detector.find(text);
    if (runs.length > 0) this.#found.add(`The token is in ${where}: ${runs.slice(0, 3).join(", ")}`);
  }
}

/** Runs in the page: its document as it stands, and what its fields hold; a password field shows dots. */
function contents(): string {
  const fields = [...document.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>("input, textarea")];
  const shown = fields.filter(({ type }) => type !== "password").map(({ value }) => value);
  return [document.documentElement.outerHTML, ...shown].join("\n");
}

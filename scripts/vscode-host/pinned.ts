/**
 * Which VS Code runs where no desktop can be downloaded: the one inside the npm package code-server, without code-server
 * itself. The versions move together: a new code-server needs these lists rechecked (start it and look for
 * ERR_MODULE_NOT_FOUND in the logs of server and page).
 */
export const codeServer = {
  name: "code-server",
  version: "4.139.1",
  vscodeVersion: "1.139.1",
  integrity: "sha512-fUYvJVdz4ZoVJfakGiGWXFMpF8K1ObsrpGvX17ZxNpKOzdNHs7lANT670JTr4ZhA8DnWqyvvmFG/d3HV9Yy6ew==",
} as const;

/**
 * The packages that server, extension host, terminal host, file watcher and page import. None is built from source:
 * node-pty and @parcel/watcher carry prebuilt binaries.
 */
export const neededPackages: ReadonlySet<string> = new Set([
  "@microsoft/1ds-core-js",
  "@parcel/watcher",
  "@vscode/iconv-lite-umd",
  "@vscode/proxy-agent",
  "@vscode/ripgrep-universal",
  "@vscode/vscode-languagedetection",
  "@xterm/addon-clipboard",
  "@xterm/addon-image",
  "@xterm/addon-ligatures",
  "@xterm/addon-progress",
  "@xterm/addon-search",
  "@xterm/addon-serialize",
  "@xterm/addon-unicode11",
  "@xterm/addon-webgl",
  "@xterm/headless",
  "@xterm/xterm",
  "cookie",
  "http-proxy-agent",
  "https-proxy-agent",
  "jschardet",
  "minimist",
  "node-pty",
  "undici",
  "vscode-oniguruma",
  "vscode-regexpp",
  "vscode-textmate",
  "ws",
  "yauzl",
  "yazl",
]);

/** Built-in extensions that nothing here needs; several of them would also need native code or large packages. */
export const leftOutExtensions: readonly string[] = [
  "copilot",
  "debug-auto-launch",
  "debug-server-ready",
  "emmet",
  "extension-editing",
  "git",
  "git-base",
  "github",
  "github-authentication",
  "grunt",
  "gulp",
  "ipynb",
  "jake",
  "merge-conflict",
  "mermaid-markdown-features",
  "microsoft-authentication",
  "ms-vscode.*",
  "notebook-renderers",
  "npm",
  "php-language-features",
  "prompt-basics",
  "references-view",
  "simple-browser",
  "terminal-suggest",
  "tunnel-forwarding",
  "typescript-language-features",
];

/**
 * Replacements for packages that would have to be compiled. CommonJS with `exports.x = ...`, since the importers are ES
 * modules that must detect the names.
 */
export const stubs: Readonly<Record<string, string>> = {
  "@vscode/spdlog": `"use strict";
const { appendFileSync, mkdirSync } = require("node:fs");
const { dirname } = require("node:path");
const names = ["trace", "debug", "info", "warn", "error", "critical"];
class Logger {
  constructor(kind, name, file) { this.file = file; this.level = 2; this.bare = false; }
  write(level, text) {
    if (level < this.level || this.file === undefined) return;
    try {
      appendFileSync(this.file, this.bare ? String(text) : new Date().toISOString() + " [" + names[level] + "] " + text + "\\n");
    } catch {}
  }
  setLevel(level) { this.level = level; }
  getLevel() { return this.level; }
  setPattern() {}
  clearFormatters() { this.bare = true; }
  flush() {}
  drop() {}
}
names.forEach((name, level) => { Logger.prototype[name] = function (text) { this.write(level, text); }; });
async function create(name, file) {
  mkdirSync(dirname(file), { recursive: true });
  return new Logger("rotating", name, file);
}
exports.version = 1;
exports.Logger = Logger;
exports.setLevel = () => {};
exports.setFlushOn = () => {};
exports.createRotatingLogger = create;
exports.createAsyncRotatingLogger = create;
`,
  "@vscode/native-watchdog": `"use strict";\nexports.start = () => {};\nexports.exit = (code) => process.exit(code);\n`,
  "@vscode/deviceid": `"use strict";\nexports.getDeviceId = async () => "00000000-0000-0000-0000-000000000000";\n`,
};

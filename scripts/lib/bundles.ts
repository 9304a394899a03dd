/** What is bundled from what, and with which settings. */
import { glob } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { BuildOptions } from "esbuild";
import { root } from "./project.ts";

/** The Node.js that VS Code 1.105 and the command line's floor have in common. */
const nodeTarget = "node22.19";

/** CommonJS packages in an ES module bundle ask for `require`. */
const requireBanner =
  'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);';

export interface BundleOptions {
  /** For watching: rebuilt quickly and easy to step through. What ships is minified. */
  readonly watch: boolean;
}

/**
 * The bundles of the product, by what they are: everything that runs on Node.js (the extension, the command line and the
 * worker threads, `src/.../NAME.worker.ts` to `dist/NAME.worker.js`) as ES modules that share their parts in `dist/chunks`;
 * and the scripts of webviews (`src/webview/NAME/main.ts` to `dist/webview/NAME.js`).
 */
export async function productBundles(options: BundleOptions): Promise<BuildOptions[]> {
  const shared: BuildOptions = { ...base, minify: !options.watch };
  const bundles: BuildOptions[] = [
    {
      ...shared,
      platform: "node",
      target: nodeTarget,
      // zod looks for Cloudflare's `navigator`; merely to ask for it is logged as an error by VS Code's extension host.
      define: { navigator: "undefined" },
      format: "esm",
      splitting: true,
      banner: { js: requireBanner },
      external: ["vscode"],
      entryPoints: [
        { in: join(root, "src/extension/extension.ts"), out: "extension" },
        { in: join(root, "src/cli/main.ts"), out: "cli-main" },
        ...(await files("src/**/*.worker.ts")).map((file) => ({ in: file, out: basename(file).replace(/\.ts$/, "") })),
      ],
      outdir: join(root, "dist"),
      chunkNames: "chunks/[name]-[hash]",
    },
  ];
  for (const page of await files("src/webview/*/main.ts")) {
    const name = basename(dirname(page));
    bundles.push({
      ...shared,
      platform: "browser",
      format: "iife",
      target: "es2022",
      loader: { ".ttf": "file", ".svg": "dataurl" },
      entryPoints: [page],
      outfile: join(root, "dist/webview", `${name}.js`),
    });
  }
  return bundles;
}

/** The suites that run inside VS Code: `test/extension/.../NAME.test.ts` to `out/extension/.../NAME.test.cjs`. */
export async function extensionTestBundles(): Promise<BuildOptions[]> {
  const entryPoints = await files("test/extension/**/*.test.ts");
  if (entryPoints.length === 0) return [];
  return [
    {
      ...base,
      platform: "node",
      target: nodeTarget,
      format: "cjs",
      external: ["vscode", "mocha"],
      entryPoints,
      outbase: join(root, "test"),
      outdir: join(root, "out"),
      outExtension: { ".js": ".cjs" },
    },
  ];
}

const base: BuildOptions = {
  bundle: true,
  sourcemap: true,
  sourcesContent: false,
  legalComments: "none",
  // jsonc-parser's CommonJS build asks for its parts in a way that no bundler follows.
  mainFields: ["module", "main"],
  charset: "utf8",
  logLevel: "warning",
  absWorkingDir: root,
};

async function files(pattern: string): Promise<string[]> {
  const found: string[] = [];
  for await (const file of glob(pattern, { cwd: root })) found.push(join(root, file));
  return found.sort();
}

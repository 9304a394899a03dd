import { describe, expect, it } from "vitest";
import { packageProblems } from "../../../scripts/lib/package.ts";

const needed = ["package.json", "readme.md", "LICENSE.txt", "dist/extension.js", "dist/cli.js", "dist/cli-main.js"];

describe("what a package may hold", () => {
  it("is bundles, pictures, texts and the manifest", () => {
    const files = [
      ...needed,
      "changelog.md",
      "package.nls.de.json",
      "dist/webview/mapping.js",
      "dist/chunks/app-2KQ7.js",
      "media/scim.svg",
    ];
    expect(packageProblems({ bytes: 500_000, entryBytes: 5_000, files })).toEqual([]);
  });

  it.each([
    "src/extension/extension.ts",
    "dist/extension.js.map",
    "node_modules/zod/index.js",
    ".env",
    "samples/users.csv",
    "media/notes.txt",
  ])("is not %s", (foreign) => {
    expect(packageProblems({ bytes: 500_000, entryBytes: 5_000, files: [...needed, foreign] })).toEqual([
      `The package holds files that do not belong in it: ${foreign}.`,
    ]);
  });

  it.each(needed)("is nothing without %s", (missing) => {
    const files = needed.filter((path) => path !== missing);
    expect(packageProblems({ bytes: 500_000, entryBytes: 5_000, files })).toEqual([`The package lacks ${missing}.`]);
  });

  it("is at most 1.5 MB", () => {
    expect(packageProblems({ bytes: 1_500_001, entryBytes: 5_000, files: needed })).toEqual([
      "The package has 1500001 bytes; the limit is 1500000.",
    ]);
  });

  it("lets VS Code load at most 100 KB at activation", () => {
    expect(packageProblems({ bytes: 500_000, entryBytes: 100_001, files: needed })).toEqual([
      "VS Code loads 100001 bytes of it at activation; the limit is 100000.",
    ]);
  });
});

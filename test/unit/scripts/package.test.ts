import { describe, expect, it } from "vitest";
import { packageProblems } from "../../../scripts/lib/package.ts";

const needed = ["package.json", "readme.md", "LICENSE.txt", "dist/extension.cjs", "dist/cli.js", "dist/cli-main.js"];

describe("what a package may hold", () => {
  it("is bundles, pictures, texts and the manifest", () => {
    const files = [...needed, "changelog.md", "package.nls.de.json", "dist/webview/mapping.js", "media/scim.svg"];
    expect(packageProblems({ bytes: 500_000, files })).toEqual([]);
  });

  it.each([
    "src/extension/extension.ts",
    "dist/extension.cjs.map",
    "node_modules/zod/index.js",
    ".env",
    "samples/users.csv",
    "media/notes.txt",
  ])("is not %s", (foreign) => {
    expect(packageProblems({ bytes: 500_000, files: [...needed, foreign] })).toEqual([
      `The package holds files that do not belong in it: ${foreign}.`,
    ]);
  });

  it.each(needed)("is nothing without %s", (missing) => {
    const files = needed.filter((path) => path !== missing);
    expect(packageProblems({ bytes: 500_000, files })).toEqual([`The package lacks ${missing}.`]);
  });

  it("is at most 2.5 MB", () => {
    expect(packageProblems({ bytes: 2_500_001, files: needed })).toEqual([
      "The package has 2500001 bytes; the limit is 2500000.",
    ]);
  });
});

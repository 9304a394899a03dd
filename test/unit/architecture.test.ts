import { cruise, type ICruiseOptions, type ICruiseResult } from "dependency-cruiser";
import extractConfiguration from "dependency-cruiser/config-utl/extract-depcruise-config";
import extractTypeScriptConfig from "dependency-cruiser/config-utl/extract-ts-config";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { root } from "../../scripts/lib/project.ts";

/** Names of the rules of .dependency-cruiser.mjs that src/ under the folder breaks, with the import that does. */
async function violations(baseDir: string): Promise<string[]> {
  const { forbidden = [], options } = await extractConfiguration(join(root, ".dependency-cruiser.mjs"));
  const rules: ICruiseOptions = { ...options, baseDir, validate: true, ruleSet: { forbidden } };
  const result = await cruise(["src"], rules, {}, { tsConfig: extractTypeScriptConfig(join(root, "tsconfig.json")) });
  const { summary } = result.output as ICruiseResult;
  expect(summary.totalCruised).toBeGreaterThan(0);
  return summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`);
}

describe("the way of imports", () => {
  it("is kept by every file under src/", async () => {
    expect(await violations(root)).toEqual([]);
  });
});

describe("the check of the way of imports", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "architecture-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const write = async (files: Record<string, string>) => {
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, "src", path)), { recursive: true });
      await writeFile(join(folder, "src", path), text);
    }
  };

  it("lets a layer import the layers below it", async () => {
    await write({
      "scim/a.ts": 'import { b } from "../http/b.ts"; export const a = b;',
      "http/b.ts": "export const b = 1;",
    });
    expect(await violations(folder)).toEqual([]);
  });

  it.each([
    ["scim/a.ts", "provisioning/b.ts", "scim-graph-imports-downwards"],
    ["http/a.ts", "scim/b.ts", "http-imports-downwards"],
    ["changes/a.ts", "provisioning/b.ts", "changes-job-imports-downwards"],
    ["provisioning/a.ts", "cli/b.ts", "provisioning-imports-downwards"],
    ["cli/a.ts", "extension/b.ts", "cli-and-extension-apart"],
    ["extension/a.ts", "cli/b.ts", "extension-and-cli-apart"],
    ["webview/grid/a.ts", "scim/b.ts", "webview-apart"],
  ])("finds that src/%s imports src/%s", async (from, to, rule) => {
    await write({ [from]: `import { b } from "${relativeImport(from, to)}"; export const a = b;` });
    await write({ [to]: "export const b = 1;" });
    expect(await violations(folder)).toEqual([`${rule}: src/${from} -> src/${to}`]);
  });

  it("finds an import that is only of a type", async () => {
    await write({
      "http/a.ts": 'import type { B } from "../scim/b.ts"; export type A = B;',
      "scim/b.ts": "export type B = string;",
    });
    expect(await violations(folder)).toEqual(["http-imports-downwards: src/http/a.ts -> src/scim/b.ts"]);
  });

  it("finds a circle", async () => {
    await write({
      "scim/a.ts": 'import { b } from "./b.ts"; export const a = (): unknown => b;',
      "scim/b.ts": 'import { a } from "./a.ts"; export const b = (): unknown => a;',
    });
    expect(await violations(folder)).toContainEqual(expect.stringMatching(/^no-circles: /));
  });

  it("finds vscode outside the extension", async () => {
    await write({
      "job/a.ts": 'import * as vscode from "vscode"; export const a = vscode;',
      "extension/b.ts": 'import * as vscode from "vscode"; export const b = vscode;',
    });
    expect(await violations(folder)).toEqual(["vscode-only-in-extension: src/job/a.ts -> vscode"]);
  });
});

function relativeImport(from: string, to: string): string {
  return `${"../".repeat(from.split("/").length - 1)}${to}`;
}

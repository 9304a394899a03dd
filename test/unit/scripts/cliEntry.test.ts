import { spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { root } from "../../../scripts/lib/project.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "cli-entry-"));
  writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module" }));
  copyFileSync(join(root, "scripts/cli.js"), join(folder, "cli.js"));
  writeFileSync(join(folder, "cli-main.js"), "console.log('command line of', process.argv[2]);");
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs the entry of the command line with a Node.js that calls itself by another version. */
function runOn(version: string) {
  const disguise = `Object.defineProperty(process.versions, "node", { value: ${JSON.stringify(version)} });`;
  const preload = `data:text/javascript,${encodeURIComponent(disguise)}`;
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["--import", preload, join(folder, "cli.js"), "test"],
    {
      encoding: "utf8",
    },
  );
  return { status, stdout, stderr };
}

describe("the entry of the command line", () => {
  it.each(["22.19.0", "22.20.1", "24.0.0", "30.1.0"])("runs on Node.js %s", (version) => {
    expect(runOn(version)).toEqual({ status: 0, stdout: "command line of test\n", stderr: "" });
  });

  it.each(["18.0.0", "20.20.2", "22.9.0", "22.18.9"])("says in one line that Node.js %s is too old", (version) => {
    expect(runOn(version)).toEqual({
      status: 1,
      stdout: "",
      stderr: `scim-provisioning needs Node.js 22.19 or newer; this is Node.js ${version}.\n`,
    });
  });
});

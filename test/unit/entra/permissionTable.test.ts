import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { permissionTable } from "../../../src/entra/permissionTable.ts";

describe("the table of permissions and roles", () => {
  it("stands in the walkthrough as the sign-in has it", () => {
    const page = readFileSync(join(import.meta.dirname, "../../../media/walkthrough/entra.md"), "utf8");
    expect(page).toContain(permissionTable());
  });

  it("names the least permission of each step, and a role that opens all of its calls", () => {
    const rows = permissionTable().split("\n").slice(2);
    const row = (step: string) => rows.find((line) => line.startsWith(`| ${step}`)) ?? "";
    expect(row("Start, pause")).toContain("| Synchronization.ReadWrite.All |");
    expect(row("Provisioning log")).toContain("| Reports Reader, Security Reader |");
    expect(row("Preview the next cycle")).toContain("| Application Administrator, Cloud Application Administrator |");
    expect(row("See assignments")).toContain("none beyond the permission");
  });
});

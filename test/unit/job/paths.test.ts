import path from "node:path";
import { describe, expect, it } from "vitest";
import { isJobFile, jobPaths } from "../../../src/job/paths.ts";

describe("where a job lives", () => {
  it("is named by its file, and keeps its state beside it", () => {
    const file = path.resolve("/work/team/databricks.provisioning.json");
    expect(jobPaths(file)).toEqual({
      file,
      id: "databricks",
      baseDir: path.resolve("/work/team"),
      stateDir: path.resolve("/work/team/.provisioning/databricks"),
    });
  });

  it("starts at the working directory when relative", () => {
    expect(jobPaths("a.provisioning.json").baseDir).toBe(process.cwd());
  });

  it("takes other file names as they are", () => {
    expect(jobPaths("/x/sync.json").id).toBe("sync");
    expect(isJobFile("/x/sync.json")).toBe(false);
    expect(isJobFile(".provisioning.json")).toBe(false);
    expect(isJobFile("/x/a.provisioning.json")).toBe(true);
  });
});

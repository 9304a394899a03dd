import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readJobModel } from "../../../../src/extension/jobs/jobModel.ts";
import { nextNotice } from "../../../../src/extension/jobs/jobNotice.ts";
import { csvSiblings, fileNameOf, newJobText } from "../../../../src/extension/jobs/jobTemplate.ts";
import { parseJob } from "../../../../src/job/load.ts";
import { saveJobState, JobState } from "../../../../src/provisioning/jobState.ts";
import { stateFiles } from "../../../../src/provisioning/stateFiles.ts";
import { defaultMappings } from "../../../../src/mapping/defaults.ts";
import { baseUrl } from "../support.ts";
import { model, now, quarantine, record } from "./support.ts";

describe("a new job", () => {
  it.each(["databricks", "generic"] as const)("has the default mappings of %s and is valid as it stands", (dialect) => {
    const text = newJobText({
      name: "New",
      baseUrl,
      dialect,
      directory: { type: "json", file: "people.json" },
      mode: "all",
    });
    const job = parseJob(text, "new.provisioning.json");
    expect(job.users.mappings.map(({ target }) => target)).toEqual(
      defaultMappings[dialect].users.map(({ target }) => target),
    );
    expect(job.scope).toMatchObject({ mode: "all", defaultAccess: "exclude" });
    expect(job.settings.deletionGuard.enabled).toBe(true);
  });

  it("gets a file name that every system can hold", () => {
    expect(fileNameOf("Databricks: Zürich / prod")).toBe("databricks-zurich-prod");
    expect(fileNameOf("../../etc")).toBe("etc");
    expect(fileNameOf("日本")).toBe("job");
  });

  it("finds groups, members and assignments beside the file of users, and nowhere else", () => {
    const files = ["directory/groups.csv", "directory/Members.csv", "other/assignments.csv"];
    expect(csvSiblings("directory/users.csv", files)).toEqual({
      groups: "directory/groups.csv",
      members: "directory/Members.csv",
    });
    expect(csvSiblings("users.csv", files)).toEqual({});
  });
});

describe("a job file on disk", () => {
  let folder: string;
  let file: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "job-model-"));
    file = join(folder, "a.provisioning.json");
  });
  afterEach(() => rm(folder, { recursive: true }));

  const good = newJobText({
    name: "A",
    baseUrl,
    dialect: "databricks",
    directory: { type: "csv", users: "u.csv" },
    mode: "all",
  });

  it("is read with its state", async () => {
    await writeFile(file, good);
    const files = stateFiles(join(folder, ".provisioning", "a"));
    await saveJobState(files, new JobState(record()));
    expect(await readJobModel(file)).toMatchObject({
      name: "A",
      problems: [],
      record: { lastCycle: { outcome: "succeeded" } },
    });
  });

  it("that is broken keeps its row, says what is wrong where, and comes back when it is mended", async () => {
    await writeFile(file, good.replace('"name": "A",', '"name": "A"'));
    const broken = await readJobModel(file);
    expect(broken?.job).toBeUndefined();
    expect(broken?.name).toBe("a");
    expect(broken?.problems[0]).toMatchObject({ line: 3, message: "A comma is expected here." });
    await writeFile(file, good);
    expect((await readJobModel(file))?.problems).toEqual([]);
  });

  it("with a damaged state says so instead of taking it for new", async () => {
    await writeFile(file, good);
    const files = stateFiles(join(folder, ".provisioning", "a"));
    await saveJobState(files, new JobState(record()));
    await writeFile(files.state, "{");
    expect((await readJobModel(file))?.stateTrouble).toContain("no valid JSON");
  });

  it("that is gone has no model", async () => {
    expect(await readJobModel(file)).toBeUndefined();
  });
});

describe("a notice", () => {
  const held = { since: now.toISOString(), reasons: ["6 objects would lose access."] };

  it("comes once for each state, and once more when the job is healthy again", () => {
    const first = nextNotice(undefined, model({ record: record({ held }) }), undefined, now);
    expect(first).toMatchObject({ state: "held", detail: "6 objects would lose access." });
    expect(nextNotice(first?.told, model({ record: record({ held }) }), undefined, now)).toBeUndefined();
    const worse = nextNotice(first?.told, model({ record: record({ quarantine }) }), undefined, now);
    expect(worse).toMatchObject({ state: "quarantine", detail: "The token was refused." });
    const clear = nextNotice(worse?.told, model({ record: record() }), undefined, now);
    expect(clear?.state).toBe("healthy");
    expect(nextNotice(clear?.told, model({ record: record() }), undefined, now)).toBeUndefined();
  });

  it("tells a cycle that failed as a whole once, until it fails for another reason or works again", () => {
    const gone = "users.csv: There is no such file.";
    const first = nextNotice(undefined, model({ record: record() }), gone, now);
    expect(first).toMatchObject({ state: "failure", detail: gone });
    expect(nextNotice(first?.told, model({ record: record() }), gone, now)).toBeUndefined();
    expect(nextNotice(first?.told, model({ record: record() }), "groups.csv: gone.", now)?.state).toBe("failure");
    expect(nextNotice(first?.told, model({ record: record() }), undefined, now)?.state).toBe("healthy");
  });
});

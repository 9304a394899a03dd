import { mkdtemp, readFile, readdir, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { JobState, JobStateError, loadJobState, saveJobState } from "../../../src/provisioning/jobState.ts";
import { stateFiles } from "../../../src/provisioning/stateFiles.ts";
import type { StateFiles } from "../../../src/provisioning/stateFiles.ts";

describe("the state of a job", () => {
  let files: StateFiles;
  beforeEach(async () => {
    files = stateFiles(join(await mkdtemp(join(tmpdir(), "scim-state-")), ".provisioning", "job"));
  });

  const sample = () => {
    const state = new JobState();
    state.users.set("u1", { targetId: "100", hash: "a", scope: "in" });
    state.users.set("u2", { targetId: "101", hash: "b", scope: "out" });
    state.groups.set("g1", { targetId: "200", hash: "c", scope: "in", deferred: true });
    state.record.watermark = "2026-11-24T12:00:00.000Z";
    return state;
  };

  it("is empty before the first cycle", async () => {
    const state = await loadJobState(files);
    expect(state.managed).toBe(0);
    expect(state.record.escrows).toEqual([]);
  });

  it("comes back as it was saved", async () => {
    await saveJobState(files, sample());
    const state = await loadJobState(files);
    expect(state).toEqual(sample());
    expect(state.managed).toBe(2);
  });

  it("is its owner's alone, and stays out of Git", async () => {
    await saveJobState(files, sample());
    expect((await stat(files.links)).mode & 0o777).toBe(0o600);
    expect((await stat(files.directory)).mode & 0o777).toBe(0o700);
    expect(await readFile(join(files.directory, "..", ".gitignore"), "utf8")).toBe("*\n");
  });

  it("leaves no temporary file behind", async () => {
    await saveJobState(files, sample());
    await saveJobState(files, sample());
    expect((await readdir(files.directory)).sort()).toEqual(["links.jsonl", "state.json"]);
  });

  it("is refused when a line of the links is damaged, and names the line: a lost link is a person never removed", async () => {
    await saveJobState(files, sample());
    await writeFile(files.links, (await readFile(files.links, "utf8")).replace('"u2"', "u2"));
    await expect(loadJobState(files)).rejects.toThrow(JobStateError);
    await expect(loadJobState(files)).rejects.toThrow(/links\.jsonl: line 2 is no link/);
  });

  it("is refused when the state is no JSON or has another shape", async () => {
    await saveJobState(files, sample());
    await writeFile(files.state, "{");
    await expect(loadJobState(files)).rejects.toThrow(/state\.json: is no valid JSON/);
    await writeFile(files.state, '{"version":2}');
    await expect(loadJobState(files)).rejects.toThrow(/state\.json: version/);
  });
});

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { LargeTargetError, readTargetData } from "../../../src/extension/jobEditor/preview/targetData.ts";
import { jobPaths } from "../../../src/job/paths.ts";
import { JobState, saveJobState } from "../../../src/provisioning/jobState.ts";
import { stateFiles } from "../../../src/provisioning/stateFiles.ts";
import { type Sandbox, startSandbox } from "../../../src/sandbox/sandbox.ts";

describe("the target that the job editor compares with", () => {
  let sandbox: Sandbox;
  let folder: string;
  let file: string;

  beforeAll(async () => {
    sandbox = await startSandbox({ users: 250, groups: 3 });
    folder = await mkdtemp(join(tmpdir(), "target-"));
    file = join(folder, "job.provisioning.json");
  });
  afterAll(async () => {
    await sandbox.close();
    await rm(folder, { recursive: true });
  });

  const read = (kind: "users" | "groups", most = 1000) => {
    const progress: number[] = [];
    const paths: string[] = [];
    const connection = { baseUrl: sandbox.baseUrl, dialect: "databricks", readOnly: false } as const;
    const data = readTargetData(kind, connection, file, {
      token: () => sandbox.token,
      log: ({ method, path }) => paths.push(`${method} ${path}`),
      most,
      onProgress: (done) => progress.push(done),
    });
    return { data, progress, paths };
  };

  it("is read whole, by reads alone, with the links that the job has made", async () => {
    const link = { targetId: "7", hash: "h", scope: "in" } as const;
    const files = stateFiles(jobPaths(file).stateDir);
    await saveJobState(files, new JobState(undefined, new Map([["ada", link]])));
    const { data, progress, paths } = read("users");
    const { resources, links } = await data;
    expect(resources).toHaveLength(sandbox.store.count("User"));
    expect(links.get("ada")).toEqual(link);
    expect(progress.at(-1)).toBe(resources.length);
    expect(paths.every((path) => path.startsWith("GET /"))).toBe(true);
    expect((await read("groups").data).links.size).toBe(0);
  });

  it("is not read when it holds more than may be read unasked", async () => {
    const { data, paths } = read("users", 100);
    await expect(data).rejects.toThrow(LargeTargetError);
    await expect(data).rejects.toThrow(/users, which takes \d+ requests/);
    expect(paths).toHaveLength(1);
  });
});

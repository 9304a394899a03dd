import { mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { placeOfText, placeText, SchemaDrafts } from "../../../../src/extension/entra/schemaDrafts.ts";

const place = { tenant: "", servicePrincipalId: "sp", jobId: "dataBricks.1 &/?" };
const settings = {
  ...{ name: "Databricks", baseUrl: "https://example.com/scim", syncAll: false },
  ...{ tenantId: "contoso", servicePrincipalId: "sp" },
};
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "drafts-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe("edits of live schemas that are not written", () => {
  it("outlive the window that made them", async () => {
    const draft = { raw: '{"a":1}', text: '{ "a": 2 }', settings };
    await new SchemaDrafts(join(folder, "new")).set(place, draft);
    expect(await new SchemaDrafts(join(folder, "new")).get(place)).toEqual(draft);
    expect(await new SchemaDrafts(join(folder, "new")).get({ ...place, jobId: "other" })).toBeUndefined();
  });

  it("are readable by their owner only, and hold no half of a write", async () => {
    const drafts = new SchemaDrafts(folder);
    await Promise.all(["1", "2", "3"].map((text) => drafts.set(place, { raw: "0", text, settings })));
    const [file = "", ...others] = await readdir(folder);
    expect(others).toEqual([]);
    expect((await stat(join(folder, file))).mode & 0o077).toBe(0);
    expect((await new SchemaDrafts(folder).get(place))?.text).toBe("3");
  });

  it("are taken as none when their file is no longer ours", async () => {
    const drafts = new SchemaDrafts(folder);
    await drafts.set(place, { raw: "0", text: "1", settings });
    const [file = ""] = await readdir(folder);
    await writeFile(join(folder, file), '{"raw":7}');
    expect(await new SchemaDrafts(folder).get(place)).toBeUndefined();
  });

  it("are found again by the query of their document", () => {
    expect(placeOfText(placeText(place))).toEqual(place);
  });
});

import { describe, expect, it } from "vitest";
import type { Explanation } from "../../../src/provisioning/explain.ts";
import { jobFor, person, userMappings, type Directory } from "../../support/jobFixture.ts";

const company: Directory = {
  users: [
    person("ada", { department: "Data", mail: "augusta@contoso.com" }),
    person("bob", { department: "Sales" }),
    person("twin1", { displayName: "Twin" }),
    person("twin2", { displayName: "Twin" }),
  ],
  groups: [
    { id: "g1", displayName: "Data", members: ["ada", "g2"] },
    { id: "g2", displayName: "Inner", members: ["bob"] },
  ],
  assignments: [
    { principalId: "g1", principalType: "Group", appRole: "User" },
    { principalId: "twin1", principalType: "User", appRole: "Default Access" },
  ],
};

async function explained() {
  const job = await jobFor(
    {},
    {
      scope: {
        mode: "assigned",
        users: [{ title: "Only data", clauses: [{ attribute: "department", operator: "EQUALS", value: "Data" }] }],
      },
      users: {
        mappings: [
          ...userMappings,
          { target: "name.givenName", source: { attribute: "givenName" }, default: "Unknown", apply: "create" },
        ],
      },
    },
  );
  await job.directory(company);
  return job;
}

const statuses = ({ steps }: Explanation) => steps.map(({ id, status }) => `${id} ${status}`);
const details = ({ steps }: Explanation, id: string) =>
  (steps.find((step) => step.id === id)?.details ?? []).map(
    ({ name, value, passed }) => `${name}: ${value}${passed === undefined ? "" : passed ? " (yes)" : " (no)"}`,
  );

describe("explain", () => {
  it("shows the five steps for someone in scope, with the very requests, and writes nothing", async () => {
    const job = await explained();
    const explanation = await job.explain("ADA@contoso.com");
    expect(explanation.answer).toBe("ada@contoso.com would be created. In scope and not in the target yet.");
    expect(statuses(explanation)).toEqual([
      "connection success",
      "import success",
      "scope success",
      "match success",
      "action success",
    ]);
    expect(details(explanation, "connection")).toEqual([
      expect.stringMatching(/^query: userName eq "[0-9a-f-]{36}"$/),
      "answer: 0 users",
    ]);
    expect(details(explanation, "import").filter((line) => line.startsWith("id:"))).toEqual(["id: ada"]);
    expect(details(explanation, "scope")).toEqual([
      "Active in the source system: True (yes)",
      "Assigned to the application: through Data (yes)",
      "User has the required role: User (yes)",
      "Scoping filter evaluation passed: True (yes)",
      expect.stringMatching(/^Only data: department EQUALS "?'?Data'?"?: Data \(yes\)$/),
    ]);
    expect(details(explanation, "match")).toEqual(['query: userName eq "ada@contoso.com"']);
    expect(details(explanation, "action")).toContain("name.givenName: Unknown (default)");
    expect(explanation.change?.requests).toMatchObject([{ method: "POST", path: "/Users" }]);
    expect(job.sandbox.requests.all.every(({ method }) => method === "GET")).toBe(true);
  });

  it("makes the same change that a cycle makes", async () => {
    const job = await explained();
    const plan = await job.plan();
    for (const change of plan.changes.filter(({ resourceType }) => resourceType === "User")) {
      expect((await job.explain(change.sourceId!)).change).toEqual(change);
    }
  });

  it("names the rule and the data that keep someone out", async () => {
    const job = await explained();
    const nested = await job.explain("bob");
    expect(statuses(nested)).toEqual([
      "connection success",
      "import success",
      "scope skipped",
      "match notReached",
      "action notReached",
    ]);
    expect(nested.answer).toContain("nested in the assigned group Data");
    expect(details(nested, "scope")).toContain("Assigned to the application: not assigned (no)");
    expect(details(nested, "scope").at(-1)).toMatch(/Sales \(no\)$/);

    const byRole = await job.explain("twin1");
    expect(byRole).toMatchObject({ skip: { reason: "NotEffectivelyEntitled" } });
    expect(details(byRole, "scope")).toContain("User has the required role: Default Access only (no)");
  });

  it("finds people by id, mail and display name, and says when that is nobody or several", async () => {
    const job = await explained();
    expect((await job.explain("augusta@CONTOSO.com")).object?.sourceId).toBe("ada");
    const several = await job.explain("twin");
    expect(several.object).toBeUndefined();
    expect(several.answer).toBe('2 objects of the directory are called "twin"; name one by its id.');
    expect(details(several, "import")).toEqual(["twin1: twin1@contoso.com", "twin2: twin2@contoso.com"]);
    const nobody = await job.explain("eve");
    expect(nobody.answer).toContain('Nobody called "eve" is in the directory');
    expect(nobody.answer).not.toContain("Did you mean");
    expect(statuses(nobody)[1]).toBe("import failure");
  });

  it("offers who is called nearly so", async () => {
    const job = await explained();
    const near = await job.explain("augusta");
    expect(near.answer).toMatch(/Did you mean ada@contoso.com\?$/);
    expect(details(near, "import")).toEqual(["ada: ada@contoso.com"]);
  });

  it("tells a group's nested groups apart from its members, and plans no member that is not there yet", async () => {
    const job = await explained();
    const group = await job.explain("Data");
    expect(group.change).toMatchObject({ action: "create", name: "Data" });
    expect(JSON.stringify(group.change?.requests)).not.toContain("{ada}");
    expect(details(group, "action").at(-1)).toContain("member left out: Nested group Inner");
  });

  it("pushes one object on demand, and leaves everybody else as they were", async () => {
    const job = await explained();
    const { outcome } = await job.cycle({ focus: "g1" });
    expect(outcome).toBe("succeeded");
    expect(job.members("Data")).toEqual([]);
    expect(job.user("ada@contoso.com")).toBeUndefined();
    const { record, users, groups } = await job.state();
    expect([users.size, groups.size]).toEqual([0, 1]);
    expect(record.watermark).toBeUndefined();
    expect(record.lastCycle).toBeUndefined();

    await job.cycle({ focus: "ada" });
    expect(job.user("ada@contoso.com")).toBeDefined();
    await job.cycle();
    expect(job.members("Data")).toEqual(["ada@contoso.com"]);
  });

  it("after a push says that the target agrees, and which object is linked", async () => {
    const job = await explained();
    await job.cycle();
    const explanation = await job.explain("ada");
    expect(explanation.answer).toBe("ada@contoso.com is provisioned, and the target agrees with the directory.");
    const id = String(job.user("ada@contoso.com")?.["id"]);
    expect(explanation.steps[3]?.summary).toBe(`Linked to ${id} of the target.`);
    expect(explanation.steps[4]?.summary).toMatch(/^RedundantExport/);
  });
});

describe("explain beside what the last cycle decided", () => {
  const then = ({ steps }: Explanation) =>
    (steps.find(({ id }) => id === "scope")?.details ?? []).map(({ before }) =>
      before === undefined
        ? ""
        : `${before.value}${before.passed === undefined ? "" : before.passed ? " (yes)" : " (no)"}`,
    );

  it("shows rule by rule how far that cycle looked, and that things are otherwise now", async () => {
    const job = await explained();
    expect(then(await job.explain("twin1"))).toEqual(["", "", "", "", ""]);
    await job.cycle();
    await job.directory({
      ...company,
      users: company.users.map((user) => (user["id"] === "twin1" ? { ...user, department: "Data" } : user)),
      assignments: [...(company.assignments ?? []), { principalId: "twin1", principalType: "User", appRole: "User" }],
    });
    const now = await job.explain("twin1");
    expect(now.answer).toBe("twin1@contoso.com would be created. In scope and not in the target yet.");
    expect(now.last).toMatchObject({ provisioningStatusInfo: { skipReason: "NotEffectivelyEntitled" } });
    expect(then(now)).toEqual([
      "not looked at",
      "passed (yes)",
      expect.stringMatching(/^Holds only the Default Access role.* \(no\)$/),
      "not looked at",
      "",
    ]);
    await job.cycle();
    expect(then(await job.explain("twin1"))).toEqual(Array<string>(4).fill("passed (yes)").concat(""));
  });

  it("says at once what scope decides when the target cannot be reached, and of others that it cannot be told", async () => {
    const job = await explained();
    job.sandbox.revoke(job.sandbox.token);
    const out = await job.explain("bob");
    expect(statuses(out).slice(0, 3)).toEqual(["connection failure", "import success", "scope skipped"]);
    expect(out.answer).toContain("bob@contoso.com is skipped (NotEffectivelyEntitled)");
    const ada = await job.explain("ada");
    expect(statuses(ada).slice(2)).toEqual(["scope success", "match notReached", "action notReached"]);
    expect(ada.answer).toContain("cannot be told, since the target was not reached");
    expect(details(ada, "connection").at(-1)).toMatch(/^what to do: /);
    expect(ada.change).toBeUndefined();
  });
});

describe("the provisioning log", () => {
  it("has one record per decision, with the service's fields, steps, actions and reasons", async () => {
    const job = await explained();
    await job.cycle({ note: "first" });
    const records = await job.log();
    const find = (name: string) => records.filter(({ sourceIdentity }) => sourceIdentity.displayName === name);
    expect(find("ada@contoso.com")).toMatchObject([
      {
        provisioningAction: "create",
        initiatedBy: "test",
        note: "first",
        jobId: "test",
        sourceIdentity: { id: "ada", identityType: "User" },
        targetIdentity: { id: job.user("ada@contoso.com")?.["id"] },
        provisioningStatusInfo: { status: "success" },
        provisioningSteps: [
          { name: "EntrySynchronizationScoping", provisioningStepType: "scoping", status: "success" },
          { name: "EntryMatching", provisioningStepType: "matching", status: "success" },
          { name: "EntryExportAdd", provisioningStepType: "export", status: "success" },
        ],
      },
    ]);
    expect(find("ada@contoso.com")[0]?.modifiedProperties).toContainEqual({
      displayName: "displayName",
      newValue: "ADA",
    });
    expect(find("bob@contoso.com")).toMatchObject([
      {
        provisioningAction: "other",
        provisioningStatusInfo: { status: "skipped", skipReason: "NotEffectivelyEntitled" },
        provisioningSteps: [{ provisioningStepType: "scoping", status: "skipped" }],
      },
    ]);
    expect(records.map(({ cycleId }) => cycleId)).toEqual(records.map(() => records[0]?.cycleId));
    expect(new Set(records.map(({ id }) => id)).size).toBe(records.length);

    const left = {
      ...company,
      users: [person("ada", { accountEnabled: false, department: "Data" }), ...company.users.slice(1)],
    };
    await job.directory(left);
    job.sandbox.setFaults("PATCH/413:#1");
    await job.cycle();
    const failed = (await job.log()).findLast(({ sourceIdentity }) => sourceIdentity.id === "ada");
    expect(failed).toMatchObject({
      provisioningAction: "disable",
      provisioningStatusInfo: {
        status: "failure",
        errorInformation: { errorCode: "UnprocessableEntity", recommendedAction: expect.stringContaining("mapping") },
      },
      provisioningSteps: [{}, {}, { name: "EntryExportUpdateSoftDelete", status: "failure" }],
      modifiedProperties: [{ displayName: "active", oldValue: "true", newValue: "false" }],
    });
  });
});

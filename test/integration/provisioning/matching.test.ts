import { describe, expect, it } from "vitest";
import {
  actions,
  jobFor,
  managerMapping,
  person,
  skips,
  userMappings,
  type Directory,
} from "../../support/jobFixture.ts";

const people = (count: number) => Array.from({ length: count }, (_, at) => person(`p${at}`));

describe("matching", () => {
  it("finds the counterpart in the letter case that the service stores, by query and by index alike", async () => {
    const seed = { users: [{ userName: "ada@contoso.com", displayName: "ADA" }] };
    const small = await jobFor({ seed });
    await small.directory({ users: [person("ada", { userPrincipalName: "Ada@Contoso.com" })] });
    expect(actions(await small.plan())).toEqual([]);
    const queries = small.sandbox.requests.all.filter(({ query }) => query.includes("filter"));
    expect(queries.map(({ query }) => decodeURIComponent(query.replaceAll("+", " ")))).toEqual([
      expect.stringContaining('userName eq "ada@contoso.com"'),
    ]);

    const large = await jobFor({ seed, users: 20 });
    await large.directory({ users: [person("ada", { userPrincipalName: "Ada@Contoso.com" }), ...people(30)] });
    expect(await large.plan()).toMatchObject({ summary: { create: 30, unchanged: 1 } });
    expect(large.sandbox.requests.all.every(({ query }) => !query.includes("filter"))).toBe(true);
  });

  it("tries the matching attributes in order, and the first that hits decides", async () => {
    const mappings = [
      { target: "externalId", source: { attribute: "employeeId" }, matching: 1 },
      { ...userMappings[0]!, matching: 2 },
      userMappings[1]!,
    ];
    const job = await jobFor(
      {
        profile: "rfc",
        seed: {
          users: [
            { userName: "old.name@contoso.com", externalId: "7", displayName: "ADA" },
            { userName: "bob@contoso.com", displayName: "BOB" },
          ],
        },
      },
      { users: { mappings } },
    );
    await job.directory({ users: [person("ada", { employeeId: "7" }), person("bob", { employeeId: "8" })] });
    const plan = await job.plan();
    expect(actions(plan)).toEqual(["update bob@contoso.com", "update old.name@contoso.com"]);
  });

  it("leaves someone alone whom several objects of the target match", async () => {
    const job = await jobFor(
      {
        profile: "rfc",
        seed: { users: [1, 2].map((n) => ({ userName: `a${n}`, displayName: "Twin" })) },
      },
      {
        users: {
          mappings: [
            { ...userMappings[1], matching: 1 },
            { target: "userName", source: { attribute: "userPrincipalName" } },
          ],
        },
      },
    );
    await job.directory({ users: [person("ada", { displayName: "Twin" }), person("bob")] });
    const plan = await job.plan();
    expect(actions(plan)).toEqual(["create bob@contoso.com"]);
    expect(plan.skips).toMatchObject([
      { reason: "DuplicateTargetEntries", detail: expect.stringMatching(/^2 objects of the target match: .+, .+\.$/) },
    ]);
  });

  it("never writes twice to one object: two people who differ in letter case only are both named", async () => {
    const twins: Directory = {
      users: [
        person("ada", { userPrincipalName: "Ada@contoso.com" }),
        person("ada2", { userPrincipalName: "ADA@contoso.com" }),
        person("bob"),
      ],
      groups: [{ id: "g", displayName: "Data", members: ["ada", "ada2", "bob"] }],
    };
    for (const users of [[], [{ userName: "ada@contoso.com", displayName: "Was here" }]]) {
      const job = await jobFor({ seed: { users } });
      await job.directory(twins);
      const plan = await job.plan();
      expect(actions(plan)).toEqual(["create bob@contoso.com", "create Data"]);
      expect(skips(plan)).toEqual(["DuplicateSourceEntries ADA@contoso.com", "DuplicateSourceEntries Ada@contoso.com"]);
      expect(plan.skips[0]?.detail).toContain("Ada@contoso.com (ada)");
      await job.cycle();
      expect(job.members("Data")).toEqual(["bob@contoso.com"]);
      expect(job.user("ada@contoso.com")?.["displayName"]).toBe(users[0]?.displayName);
    }
  });

  it("names two new people who meet in any matching attribute, not only in the first", async () => {
    const mappings = [
      { target: "externalId", source: { attribute: "employeeId" }, matching: 1 },
      { ...userMappings[0]!, matching: 2 },
    ];
    const job = await jobFor({ profile: "rfc" }, { users: { mappings } });
    const name = { userPrincipalName: "same@contoso.com" };
    await job.directory({
      users: [person("a", { ...name, employeeId: "1" }), person("b", { ...name, employeeId: "2" })],
    });
    expect(skips(await job.plan())).toEqual(Array(2).fill("DuplicateSourceEntries same@contoso.com"));
  });

  it("keeps an account for the one it is linked to, when somebody new takes the old name", async () => {
    const job = await jobFor();
    await job.directory({ users: [person("ada")] });
    await job.cycle();
    await job.directory({
      users: [person("ada", { userPrincipalName: "countess@contoso.com" }), { ...person("ada"), id: "new" }],
    });
    const plan = await job.plan();
    expect(actions(plan)).toEqual([]);
    expect(plan.skips).toMatchObject([
      { sourceId: "new", reason: "DuplicateSourceEntries", detail: expect.stringContaining("belongs to ada") },
    ]);
  });

  it("tells of a counterpart that vanished, and creates it anew on a restart alone", async () => {
    const job = await jobFor();
    const directory = (displayName: string) => ({
      users: [person("ada", { displayName }), person("bob")],
      groups: [{ id: "g", displayName: "Data", members: ["ada", "bob"] }],
    });
    await job.directory(directory("ADA"));
    await job.cycle();
    job.sandbox.store.delete(String(job.user("ada@contoso.com")?.["id"]));
    await job.directory(directory("Countess"));
    const plan = await job.plan();
    expect(actions(plan)).toEqual([]);
    expect(plan.skips).toMatchObject([
      { reason: "InvalidAnchor", detail: expect.stringContaining("restart provisioning") },
    ]);
    await job.cycle();
    expect(job.user("ada@contoso.com")).toBeUndefined();

    const { outcome } = await job.cycle({ initial: true });
    expect(outcome).toBe("succeeded");
    expect(job.user("ada@contoso.com")).toMatchObject({ displayName: "Countess" });
    expect(job.members("Data")).toEqual(["ada@contoso.com", "bob@contoso.com"]);
    expect(actions(await job.plan())).toEqual([]);
  });

  it("skips who has no value to match by", async () => {
    const job = await jobFor();
    await job.directory({ users: [{ id: "ada", displayName: "Ada" }] });
    expect(await job.plan()).toMatchObject({
      changes: [],
      skips: [{ reason: "ImportSkipped", detail: "No value for any matching attribute (userName)." }],
    });
  });

  it("finds a name with quotes, backslashes and other letters", async () => {
    const names = ['O"Neil\\x@contoso.com', "zoë'; drop@contoso.com"];
    const job = await jobFor({
      profile: "rfc",
      seed: { users: names.map((userName) => ({ userName, displayName: "X" })) },
    });
    await job.directory({
      users: names.map((userPrincipalName, at) =>
        person(`p${at}`, { userPrincipalName, displayName: "X", active: true }),
      ),
    });
    const plan = await job.plan();
    expect(plan.summary.create).toBe(0);
  });

  it("stops where the target cannot be read to its end, rather than creating people twice", async () => {
    const job = await jobFor({ users: 250 });
    await job.directory({ users: people(40) });
    job.sandbox.setFaults("LIST/truncated:#2+3+4+5+6+7+8+9+10+11+12+13+14+15+16+17+18+19+20");
    await expect(job.plan()).rejects.toThrow();
    job.sandbox.setFaults();
    expect((await job.plan()).summary.create).toBe(40);
  });
});

describe("one object that cannot be planned", () => {
  it("never ends the plan of the others, nor costs anyone a membership", async () => {
    const mappings = [
      ...userMappings,
      { target: "name.givenName", source: { expression: "Left([givenName], [length])" } },
    ];
    const job = await jobFor({}, { users: { mappings } });
    const directory = (length: string, name: string) => ({
      users: [person("ada", { givenName: "Augusta", length, displayName: name }), person("bob", { displayName: name })],
      groups: [{ id: "g", displayName: "Data", members: ["ada", "bob"] }],
    });
    await job.directory(directory("3", "before"));
    await job.cycle();
    await job.directory(directory("three", "after"));
    const plan = await job.plan();
    expect(actions(plan)).toEqual(["update bob@contoso.com"]);
    expect(plan.skips).toMatchObject([
      { name: "ada@contoso.com", reason: "MappingFailed", detail: expect.stringContaining("name.givenName") },
    ]);
    await job.cycle();
    expect(job.members("Data")).toEqual(["ada@contoso.com", "bob@contoso.com"]);
    await job.directory(directory("4", "after"));
    await job.cycle();
    expect(job.user("ada@contoso.com")).toMatchObject({ displayName: "after", name: { givenName: "Augu" } });
  });

  it("keeps the memberships of people whom the job may not update", async () => {
    const job = await jobFor();
    const directory = (displayName: string, members: string[]) => ({
      users: [person("ada", { displayName }), person("bob")],
      groups: [{ id: "g", displayName: "Data", members }],
    });
    await job.directory(directory("before", ["ada"]));
    await job.cycle();
    job.job = { users: { actions: ["create"] } };
    await job.directory(directory("after", ["ada", "bob"]));
    await job.cycle();
    expect(job.user("ada@contoso.com")).toMatchObject({ displayName: "before" });
    expect(job.members("Data")).toEqual(["ada@contoso.com", "bob@contoso.com"]);
  });
});

describe("references", () => {
  const enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
  const managerOf = (user: Record<string, unknown> | undefined) =>
    (user?.[enterprise] as { manager?: { value?: string } } | undefined)?.manager?.value;
  const rfc = () => jobFor({ profile: "rfc" }, { users: { mappings: [...userMappings, managerMapping] } });

  it("sets managers, also in a ring and to oneself, in one push", async () => {
    const job = await rfc();
    await job.directory({
      users: [person("a", { manager: "b" }), person("b", { manager: "a" }), person("c", { manager: "c" })],
    });
    await job.cycle();
    const [a, b, c] = ["a", "b", "c"].map((name) => job.user(`${name}@contoso.com`));
    expect([managerOf(a), managerOf(b), managerOf(c)]).toEqual([b?.["id"], a?.["id"], c?.["id"]]);
    expect(actions(await job.plan())).toEqual([]);

    await job.directory({ users: [person("a", { manager: "c" }), person("b", { manager: "a" }), person("c")] });
    await job.cycle();
    expect(managerOf(job.user("a@contoso.com"))).toBe(c?.["id"]);
  });

  it("leaves a manager out who is out of scope, and sets them once they come into it", async () => {
    const job = await rfc();
    const directory = (role: string): Directory => ({
      users: [person("a", { manager: "b" }), person("b")],
      assignments: [
        { principalId: "a", principalType: "User", appRole: "User" },
        { principalId: "b", principalType: "User", appRole: role },
      ],
    });
    job.job = { ...job.job, scope: { mode: "assigned" } };
    await job.directory(directory("Default Access"));
    await job.cycle();
    expect(managerOf(job.user("a@contoso.com"))).toBeUndefined();
    expect((await job.state()).users.get("a")).toMatchObject({ deferred: true });

    await job.directory(directory("User"));
    const plan = await job.plan();
    expect(actions(plan)).toEqual(["create b@contoso.com", "update a@contoso.com"]);
    expect(plan.changes[1]?.reason).toBe("What it refers to is in the target now.");
    await job.cycle();
    expect(managerOf(job.user("a@contoso.com"))).toBe(job.user("b@contoso.com")?.["id"]);
    expect((await job.state()).users.get("a")?.deferred).toBeUndefined();
  });

  it("takes a member up again whose create failed, when it goes through", async () => {
    const job = await jobFor();
    await job.directory({
      users: [person("a"), person("b")],
      groups: [{ id: "g", displayName: "Data", members: ["a", "b"] }],
    });
    job.sandbox.setFaults("POST/413:#1");
    const { report } = await job.cycle();
    expect(report?.counts).toMatchObject({ failed: 1, pushed: 2 });
    expect(job.members("Data")).toHaveLength(1);
    job.sandbox.setFaults();
    await job.cycle();
    expect(job.members("Data")).toEqual(["a@contoso.com", "b@contoso.com"]);
    expect(actions(await job.plan())).toEqual([]);
  });
});

import { describe, expect, it } from "vitest";
import { actions, jobFor, person } from "../../support/jobFixture.ts";

describe("a service whose reads lag behind", () => {
  it.each(["deactivate", "delete"])(
    "does not keep someone who leaves: who seems to be without access is looked at once more (%s)",
    async (leavingScope) => {
      const job = await jobFor(
        { profile: "rfc", seed: { users: [{ userName: "eve@contoso.com", displayName: "EVE", active: false }] } },
        { settings: { leavingScope } },
      );
      // From now on the service remembers what was; no read is struck yet.
      job.sandbox.setFaults("GET/stale=60000:0");
      await job.directory({ users: [person("eve"), person("ada")] });
      await job.cycle();
      expect(job.user("eve@contoso.com")).toMatchObject({ active: true });

      // Eve leaves; every read shows her as she was before the first cycle, without access or, of a created one, not at all.
      await job.directory({ users: [person("ada")] });
      job.sandbox.setFaults(leavingScope === "delete" ? "GET/unborn=60000:100%" : "GET/stale=60000:100%");
      expect((await job.cycle()).planned.plan.changes).toEqual([]);
      job.sandbox.setFaults();
      const verb = leavingScope === "delete" ? "delete" : "deactivate";
      expect(actions(await job.plan())).toEqual([`${verb} eve@contoso.com`]);
      await job.cycle();
      expect(job.user("eve@contoso.com")?.["active"] ?? false).toBe(false);
    },
  );

  it("does not keep a group whose deletion finds nothing, since the service has not caught up with its creation", async () => {
    const job = await jobFor({ profile: "rfc" });
    job.sandbox.setFaults("DELETE/unborn=60000:0");
    await job.directory({ users: [person("ada")], groups: [{ id: "g", displayName: "G", members: ["ada"] }] });
    await job.cycle();
    await job.directory({ users: [person("ada")], groups: [{ id: "h", displayName: "H" }] });
    job.sandbox.setFaults("DELETE/unborn=60000:100%");
    expect((await job.cycle()).report?.results.map(({ change, outcome }) => `${change.name} ${outcome}`)).toContain(
      "G redundant",
    );
    expect(job.sandbox.store.find("Group", "G")).toBeDefined();
    job.sandbox.setFaults();
    expect(actions(await job.plan())).toEqual(["delete G"]);
    await job.cycle();
    expect(job.sandbox.store.find("Group", "G")).toBeUndefined();
  });

  it("lets go of what somebody else deleted once a read of a minute later shows it too, and creates it anew when it comes back", async () => {
    const job = await jobFor({ profile: "rfc" }, { settings: { leavingScope: "delete" } });
    await job.directory({ users: [person("eve"), person("ada")] });
    await job.cycle();
    job.sandbox.store.delete(String(job.user("eve@contoso.com")?.["id"]));
    await job.directory({ users: [person("ada")] });
    await job.cycle();
    expect((await job.state()).users.has("eve")).toBe(true);
    await job.cycle();
    expect((await job.state()).users.has("eve")).toBe(true);
    job.pass(1);
    await job.cycle();
    expect((await job.state()).users.has("eve")).toBe(false);
    await job.directory({ users: [person("eve"), person("ada")] });
    await job.cycle();
    expect(job.user("eve@contoso.com")).toMatchObject({ active: true });
  });

  it("lets go of who is without access once a read of a minute later shows it too, and sends nothing for them", async () => {
    const job = await jobFor({ profile: "rfc" });
    await job.directory({ users: [person("eve"), person("ada")] });
    await job.cycle();
    const id = String(job.user("eve@contoso.com")?.["id"]);
    job.sandbox.store.patch(id, [{ op: "replace", path: "active", value: false }]);
    await job.directory({ users: [person("ada")] });
    job.sandbox.requests.clear();
    for (const scope of ["in", "out", "out"]) {
      await job.cycle();
      expect((await job.state()).users.get("eve")).toMatchObject({ targetId: id, scope });
      job.pass(1);
    }
    expect(job.sandbox.requests.all.filter(({ method }) => method !== "GET")).toEqual([]);
  });
});

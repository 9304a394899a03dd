import { describe, expect, it } from "vitest";
import { actions, jobFor, person, type Directory } from "../../support/jobFixture.ts";

const directory: Directory = {
  users: Array.from({ length: 25 }, (_, at) => person(`p${at}`)),
  groups: [
    { id: "g1", displayName: "Data", members: ["p0", "p1", "p24"] },
    { id: "g2", displayName: "Ops", members: ["p3"] },
  ],
};

describe("a target in bad weather", () => {
  it.each(["429=0:#2+5+9", "WRITE/503:#3", "POST/reset-after:#2+7", "PATCH/reset-before:#1", "POST/504-after:#4"])(
    "that answers with %s ends as any other, with nobody doubled",
    async (faults) => {
      const job = await jobFor({ users: 10 });
      await job.directory(directory);
      job.sandbox.setFaults(faults);
      expect((await job.cycle()).outcome).toBe("succeeded");
      job.sandbox.setFaults();
      expect(job.sandbox.store.count("User")).toBe(35);
      expect(job.members("Data")).toEqual(["p0@contoso.com", "p1@contoso.com", "p24@contoso.com"]);
      expect(actions(await job.plan({ initial: true }))).toEqual([]);
    },
  );

  it.each(["LIST/wrong-total:1", "LIST/repeated-page:1", "LIST/invalid-json:1"])(
    "whose lists are wrong (%s) never leads to a second account",
    async (faults) => {
      const job = await jobFor({ users: 250 });
      await job.directory(directory);
      await job.cycle();
      const before = job.sandbox.store.count("User");
      job.sandbox.setFaults(faults);
      const outcome = await job.cycle({ initial: true }).then(
        (result) => result.outcome,
        () => "threw",
      );
      job.sandbox.setFaults();
      expect(["threw", "succeeded"]).toContain(outcome);
      expect(job.sandbox.store.count("User")).toBe(before);
      expect((await job.cycle({ initial: true })).outcome).toBe("succeeded");
      expect(job.sandbox.store.count("User")).toBe(before);
    },
  );
});

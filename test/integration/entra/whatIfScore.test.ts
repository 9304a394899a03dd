import { isDeepStrictEqual } from "node:util";
import { describe, expect, it } from "vitest";
import { readSchema } from "../../../src/entra/schemaEdit.ts";
import { scorePrediction } from "../../../src/entra/score.ts";
import type { Plan } from "../../../src/provisioning/plan.ts";
import { Random } from "../../../src/sandbox/random.ts";
import { generateTenant } from "../../../src/sandbox/graph/tenantSeed.ts";
import { appointManagers, assignSome, liveOn, serviceOver } from "../../support/entraService.ts";
import { at, readTarget, ServiceOracle, type Action } from "../../support/serviceOracle.ts";

/** How many people each generated tenant has; SCIM_WHATIF_USERS=1200 for the figures of the documentation. */
const size = Number(process.env["SCIM_WHATIF_USERS"] ?? "150");

const actions: Readonly<Record<Plan["changes"][number]["action"], Action>> = {
  create: "create",
  update: "update",
  deactivate: "disable",
  delete: "delete",
};

const tenants = [
  { seedNumber: 1, template: "dataBricks", profile: "databricks-workspace", syncAll: false },
  { seedNumber: 2, template: "scim", profile: "rfc", syncAll: false },
  { seedNumber: 3, template: "dataBricks", profile: "databricks-account", syncAll: false },
  { seedNumber: 4, template: "scim", profile: "rfc", syncAll: true },
  { seedNumber: 5, template: "scim", profile: "rfc", syncAll: false, department: "Data" },
] as const;

/** Ids of members, in an order of their own. */
function idsOf(members: unknown): string[] {
  return ((members ?? []) as { value: string }[]).map(({ value }) => value).toSorted();
}

/** The schema with a scoping filter that leaves one department out. */
function withoutDepartment(schema: string, department: string): string {
  const json = JSON.parse(schema) as {
    synchronizationRules: { objectMappings: { sourceObjectName: string; scope: object | null }[] }[];
  };
  const users = json.synchronizationRules[0]!.objectMappings.find(
    ({ sourceObjectName }) => sourceObjectName === "User",
  )!;
  const clause = {
    sourceOperandName: "department",
    operatorName: "NOT EQUALS",
    targetOperand: { values: [department] },
  };
  users.scope = { groups: [{ name: "Others", clauses: [clause] }], inputFilterGroups: [], categoryFilterGroups: [] };
  return JSON.stringify(json);
}

describe("the score of what-if, against the service's log and against a second opinion", () => {
  it.each(tenants)("tenant $seedNumber: $template to $profile, everybody: $syncAll", async (setup) => {
    const { seedNumber, template, profile, syncAll } = setup;
    const random = new Random(seedNumber);
    const tenant = generateTenant({ users: size, groups: Math.ceil(size / 12), seedNumber });
    const { address, role, predict, cycle, scim, client, job } = await serviceOver(tenant, {
      template,
      syncAll,
      // Some of them are there already, and groups with members of their own.
      scim: { users: Math.ceil(size / 10), groups: 3, seedNumber, profile },
    });
    if ("department" in setup) job.putSchema(withoutDepartment(await readSchema(client, address), setup.department));
    const oracle = new ServiceOracle(tenant, address.servicePrincipalId, await readSchema(client, address), syncAll);
    appointManagers(tenant, random);
    // Some are disabled here and active at the target, and nobody ever provisioned them.
    const first = [...tenant.users.keys()].slice(0, Math.ceil(size / 10));
    for (const id of first) if (random.next() < 0.2) tenant.updateUser(id, { accountEnabled: false });
    assignSome(tenant, address.servicePrincipalId, role, random);

    const round = async () => {
      const before = await readTarget(scim);
      const verdicts = oracle.judge(before);
      const predicted = await predict();
      const foretold = new Map(predicted.plan.changes.map((change) => [change.sourceId!, change]));
      const wrong = [...verdicts].flatMap(([id, { action, writes }]) => {
        const change = foretold.get(id);
        foretold.delete(id);
        const expected = change === undefined ? "nothing" : actions[change.action];
        if (expected !== action) return [`${id}: what-if says ${expected}, the documentation ${action}`];
        if (change?.after === undefined) return [];
        return [...writes].flatMap(([path, wanted]) => {
          // Who is created now has no id yet.
          if (JSON.stringify(wanted).includes('"new"')) return [];
          const value = path === "members" ? idsOf(change.after!["members"]) : at(change.after!, path);
          return isDeepStrictEqual(value, path === "members" ? (wanted as string[]).toSorted() : wanted)
            ? []
            : [`${id}: ${path} would be ${String(value)}, not ${String(wanted)}`];
        });
      });
      expect(wrong).toEqual([]);
      expect([...foretold.values()].map(({ name }) => name)).toEqual([]);
      const score = scorePrediction(predicted.plan, await cycle());
      expect(score.differences).toEqual([]);
      const after = await readTarget(scim);
      oracle.settle(verdicts, after);
      // What was done is what the documentation wants: nothing is left to do.
      expect([...oracle.judge(after)].filter(([, { action }]) => action !== "nothing")).toEqual([]);
      const { objects, agreed, changes } = score;
      return { cycle: predicted.cycle, objects, agreed, changes: changes.objects, changesAgreed: changes.agreed };
    };

    const initial = await round();
    liveOn(tenant, address.servicePrincipalId, random);
    const incremental = await round();
    expect([initial.cycle, incremental.cycle]).toEqual(["initial", "incremental"]);
    expect(incremental.changes).toBeGreaterThan(0);
    if (process.env["SCIM_WHATIF_USERS"] !== undefined)
      console.log(JSON.stringify({ ...setup, users: size, initial, incremental }));
  });
});

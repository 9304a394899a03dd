import { describe, expect, it } from "vitest";
import type { EntraJobDetails } from "../../../../src/extension/entra/model.ts";
import { entraRowId, jobParts } from "../../../../src/extension/entra/model.ts";
import { renderEntraRow, type EntraView } from "../../../../src/extension/entra/view/renderEntra.ts";
import { renderTrouble } from "../../../../src/extension/entra/view/renderTrouble.ts";
import { graphError } from "../../../../src/graph/errors.ts";
import { defaultAccessRoleId } from "../../../../src/graph/types/applications.ts";
import type { SynchronizationJob } from "../../../../src/graph/types/synchronization.ts";

const now = new Date("2026-11-24T12:00:00.000Z");
const place = { tenant: "", servicePrincipalId: "sp", jobId: "job" };

type Status = NonNullable<SynchronizationJob["status"]>;

const execution = {
  state: "Succeeded",
  timeBegan: "2026-11-24T10:59:00Z",
  timeEnded: "2026-11-24T11:00:00Z",
  countImported: 1200,
  countExported: 7,
  countEscrowed: 0,
};

const details: EntraJobDetails = {
  schema: {
    state: "read",
    value: { users: { enabled: true, actions: ["create"], mappings: [], kept: [], scope: [] }, notes: [] },
  },
  settings: {
    state: "read",
    value: {
      baseUrl: "https://adb-1.2.azuredatabricks.net/api/2.0/preview/scim",
      syncAll: false,
      skipOutOfScopeDeletions: false,
      notificationEmail: "team@contoso.com",
      deleteThreshold: 500,
      hiddenKeys: ["SecretToken"],
    },
  },
  assignments: {
    state: "read",
    value: [
      {
        assignment: { id: "1", appRoleId: "r", principalId: "u", principalDisplayName: "Ada", principalType: "User" },
        role: "User",
        defaultAccess: false,
      },
      {
        assignment: { id: "2", appRoleId: defaultAccessRoleId, principalId: "v", principalDisplayName: "Bob" },
        role: "Default Access",
        defaultAccess: true,
      },
    ],
  },
};

function viewOf(status: Status, more: Partial<EntraJobDetails> = {}): EntraView {
  const job: SynchronizationJob = { id: "job", status };
  const application = { servicePrincipal: { id: "sp", displayName: "Databricks" }, jobs: [job] };
  return {
    readTenant: () => ({
      state: "read",
      value: { key: "", id: "t", name: "Contoso", applications: [application] },
    }),
    application: () => application,
    job: () => job,
    details: () => ({ ...details, ...more }),
  };
}

const draw = (kind: "job" | (typeof jobParts)[number], status: Status, more?: Partial<EntraJobDetails>) =>
  renderEntraRow({ kind, ...place }, viewOf(status, more), now);

describe("a job of the provisioning service as a row", () => {
  it("says that it is on, and when its last cycle ended", () => {
    const row = draw("job", { code: "Active", lastExecution: execution });
    expect(row).toMatchObject({ label: "Provisioning", icon: "pass", context: "entraJob.active.started" });
    expect(row.description).toMatch(/^on, last/);
    expect(row.tooltip).toContain("1,200 read, 7 written, 0 failing");
  });

  it("says how far a running cycle is", () => {
    const progress = [{ completedUnits: 1, totalUnits: 4, progressObservationDateTime: "" }];
    const row = draw("job", { code: "NotRun", progress });
    expect(row).toMatchObject({ icon: "sync~spin", description: "running, 25 % of its pages" });
  });

  it("counts down in quarantine, with the reason and what helps", () => {
    const status: Status = {
      code: "Quarantine",
      quarantine: {
        reason: "EncounteredQuarantineException",
        seriesBegan: "2026-11-04T12:00:00Z",
        nextAttempt: "2026-11-24T12:30:00Z",
        error: { code: "InvalidCredentials", message: "The target refuses the token." },
      },
    };
    expect(draw("job", status).description).toBe("quarantined, 8 days until it is turned off");
    const row = draw("quarantine", status);
    expect(row.label).toBe("EncounteredQuarantineException");
    expect(row.tooltip).toContain("The target refuses the token.");
    expect(row.tooltip).toContain("Mend tenant URL or token");
  });

  it("offers to start what is paused or not configured", () => {
    expect(draw("job", { code: "Paused" }).context).toBe("entraJob.paused.stopped");
    expect(draw("job", { code: "NotConfigured" })).toMatchObject({
      context: "entraJob.notConfigured.stopped",
      description: "no credentials are stored",
    });
  });

  it("takes the zeros before the first run for no cycle", () => {
    const lastExecution = { state: "Failed", timeBegan: "0001-01-01T00:00:00Z", error: { code: "None", message: "" } };
    expect(draw("cycle", { code: "NotRun", lastExecution }).description).toBe("none has run");
  });
});

describe("the parts of a job", () => {
  it("counts objects under management in words", () => {
    const synchronizedEntryCountByType = [
      { key: "User to urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", value: 1200 },
      { key: "Group to urn:ietf:params:scim:schemas:core:2.0:Group", value: 1 },
    ];
    expect(draw("entries", { synchronizedEntryCountByType }).description).toBe("1,200 users, 1 group");
  });

  it("shows scope, notification and threshold as they are at the service", () => {
    expect(draw("scope", {}).description).toBe("assigned users and groups");
    expect(draw("notification", {}).description).toBe("team@contoso.com, held from 500 deletions");
  });

  it("warns of who holds Default Access only", () => {
    expect(draw("assignments", {}).description).toBe("2 users and groups, 1 with Default Access only");
    const row = renderEntraRow({ kind: "assignment", at: 1, ...place }, viewOf({}), now);
    expect(row).toMatchObject({ label: "Bob", icon: "warning" });
    expect(row.tooltip).toContain("not effectively entitled");
  });

  it("names the permission that is missing where a part cannot be read", () => {
    const error = graphError(
      { status: 403, body: { error: { code: "Authorization_RequestDenied", message: "Insufficient privileges" } } },
      { method: "GET", path: "/servicePrincipals/sp/appRoleAssignedTo", purpose: "readAssignments" },
    );
    const row = draw("assignments", {}, { assignments: { state: "failed", error } });
    expect(row).toMatchObject({
      label: "Assignments",
      description: "Missing permission: Application.Read.All",
      command: { id: "scim.entra.signIn" },
    });
    expect(row.tooltip).toContain("Authorization_RequestDenied");
  });

  it("lets no name of the service deceive", () => {
    expect(renderTrouble(new Error("a\u202eb\nc")).label).toBe("a\ufffdb c");
  });

  it("has ids that tell rows of all kinds apart", () => {
    const ids = [...jobParts, "job" as const].map((kind) => entraRowId({ kind, ...place }));
    expect(new Set(ids).size).toBe(ids.length);
    expect(entraRowId({ kind: "application", tenant: "a/b", servicePrincipalId: "c" })).not.toBe(
      entraRowId({ kind: "application", tenant: "a", servicePrincipalId: "b/c" }),
    );
  });
});

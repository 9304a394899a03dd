import { describe, expect, it } from "vitest";
import type { Change } from "../../../src/changes/change.ts";
import { dialectFor } from "../../../src/scim/dialects/dialects.ts";
import type { ScimClient } from "../../../src/scim/client.ts";
import { ScimError } from "../../../src/scim/errors.ts";
import type { ScimDocument, ScimResource } from "../../../src/scim/resource.ts";
import { findProtected } from "../../../src/provisioning/protection.ts";

const members = (...ids: string[]) => ids.map((value) => ({ value }));

/** A service with admins, of whom some are users; counts what it is asked. */
function service(adminIds: readonly string[], users: Record<string, boolean>, me?: string) {
  const asked: string[] = [];
  const group = { id: "a", displayName: "admins", members: members(...adminIds) };
  const client: Pick<ScimClient, "dialect" | "me" | "findByAttribute" | "get"> = {
    dialect: dialectFor("databricks", "https://adb-1.2.azuredatabricks.net/api/2.0/preview/scim/v2"),
    me: () => {
      asked.push("me");
      return Promise.resolve(me === undefined ? undefined : { id: me });
    },
    findByAttribute: () => Promise.resolve([group]),
    get: (type, id): Promise<ScimResource> => {
      asked.push(`${type} ${id}`);
      if (type === "Group") return Promise.resolve(group);
      const active = users[id];
      if (active === undefined) return Promise.reject(new ScimError(404, "No such user."));
      return Promise.resolve({ id, active });
    },
  };
  return { client: client as ScimClient, asked };
}

const removal = (id: string, action: "deactivate" | "delete" = "deactivate"): Change => ({
  id: `c${id}`,
  action,
  resourceType: "User",
  name: id,
  targetId: id,
  requests: [],
  reason: "Left.",
});

const ofAdmins = (before: string[], after: string[]): Change => {
  const document = (ids: string[]): ScimDocument => ({ id: "a", displayName: "admins", members: members(...ids) });
  return {
    ...removal("a"),
    action: "update",
    resourceType: "Group",
    name: "admins",
    before: document(before),
    after: document(after),
  };
};

describe("who keeps access whatever the directory says", () => {
  it("asks nothing when nobody would lose any", async () => {
    const { client, asked } = service(["1"], { "1": true }, "1");
    expect(await findProtected(client, [{ ...removal("9"), action: "update" }])).toEqual(new Map());
    expect(asked).toEqual([]);
  });

  it("is the user of the token", async () => {
    const { client } = service(["1", "2"], { "1": true, "2": true }, "3");
    expect([...(await findProtected(client, [removal("3", "delete"), removal("4")])).keys()]).toEqual(["c3"]);
  });

  it("is the user of the token within the admins", async () => {
    const { client } = service(["1", "2"], { "1": true, "2": true }, "1");
    const kept = await findProtected(client, [ofAdmins(["1", "2"], ["2"])]);
    expect(kept.get("ca")).toBe("It would take the user of the token that provisions out of admins.");
    expect(await findProtected(client, [ofAdmins(["1", "2"], ["1"])])).toEqual(new Map());
  });

  it("are the last admins, all of them, also where the others are inactive or leave the group in the same plan", async () => {
    const both = [removal("1"), removal("2")];
    expect((await findProtected(service(["1", "2"], {}).client, both)).size).toBe(2);
    expect((await findProtected(service(["1", "2", "3"], { "3": false }).client, both)).size).toBe(2);
    const leaving = service(["1", "2", "3"], { "3": true });
    expect((await findProtected(leaving.client, [...both, ofAdmins(["1", "2", "3"], ["1", "2"])])).size).toBe(2);
  });

  it("are no admins while somebody active, or a service principal, stays", async () => {
    const both = [removal("1"), removal("2")];
    expect((await findProtected(service(["1", "2", "3"], { "3": true }).client, both)).size).toBe(0);
    expect((await findProtected(service(["1", "2", "principal"], {}).client, both)).size).toBe(0);
  });
});

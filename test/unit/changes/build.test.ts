import { describe, expect, it } from "vitest";
import { makeActivate, makeCreate, makeDeactivate, makeDelete, makeUpdate } from "../../../src/changes/build.ts";
import { urns } from "../../../src/scim/resource.ts";
import { ada, engineers, inDatabricks, inGeneric, reason } from "../../support/changeSamples.ts";

const manager = `${urns.enterpriseUser}:manager`;

describe("an update", () => {
  it("is the smallest PATCH from one document to the other", () => {
    const { change, notes } = makeUpdate(ada, { ...ada, displayName: "Ada King" }, inGeneric("User"), reason);
    expect(change).toMatchObject({
      action: "update",
      resourceType: "User",
      name: "ada@contoso.com",
      targetId: "42",
      reason: "The test wants it.",
      requests: [
        {
          method: "PATCH",
          path: "/Users/42",
          body: { schemas: [urns.patchOp], Operations: [{ op: "replace", path: "displayName", value: "Ada King" }] },
        },
      ],
    });
    expect(notes).toEqual([]);
  });

  it("is none when the documents mean the same", () => {
    const wanted = { ...ada, title: null, phoneNumbers: [], meta: { version: "other" }, groups: [] };
    expect(makeUpdate(ada, wanted, inGeneric("User"), reason)).toEqual({ notes: [] });
  });

  it("is a PUT of the whole document, without what the service owns, where there is no PATCH", () => {
    const context = { ...inGeneric("User"), patchSupported: false };
    const { change } = makeUpdate(ada, { ...ada, displayName: "Ada King" }, context, reason);
    const { groups: _groups, meta: _meta, ...rest } = ada;
    expect(change?.requests).toEqual([
      { method: "PUT", path: "/Users/42", body: { ...rest, displayName: "Ada King" } },
    ]);
  });

  it("that takes access away is a deactivation, whatever else it does", () => {
    const wanted = { ...ada, active: false, displayName: "Ada King" };
    expect(makeUpdate(ada, wanted, inGeneric("User"), reason).change?.action).toBe("deactivate");
  });

  it("leaves out what Databricks ignores, and says so", () => {
    const wanted = { ...ada, userName: "ada.king@contoso.com", displayName: "Ada King" };
    const { change, notes } = makeUpdate(ada, wanted, inDatabricks("User"), reason);
    expect(change?.after).toMatchObject({ userName: "ada@contoso.com", displayName: "Ada King" });
    expect(change?.requests[0]?.body).toMatchObject({ Operations: [{ path: "displayName" }] });
    expect(notes).toEqual([expect.stringContaining("userName")]);
    expect(change?.notes).toEqual(notes);
  });

  it("is none when all of it would be ignored, and says so", () => {
    const { change, notes } = makeUpdate(ada, { ...ada, userName: "else@contoso.com" }, inDatabricks("User"), reason);
    expect(change).toBeUndefined();
    expect(notes).toHaveLength(1);
  });

  it("of the letter case alone of a folded attribute is no change and no news", () => {
    expect(makeUpdate(ada, { ...ada, userName: "Ada@Contoso.com" }, inDatabricks("User"), reason)).toEqual({
      notes: [],
    });
  });

  it("never clears what the service fills again", () => {
    const { displayName: _name, ...wanted } = ada;
    const { change, notes } = makeUpdate(ada, wanted, inDatabricks("User"), reason);
    expect(change).toBeUndefined();
    expect(notes).toEqual([expect.stringContaining("displayName")]);
  });

  it("of members comes in portions of what the service takes in one operation and one request", () => {
    const members = Array.from({ length: 250 }, (_, at) => ({ value: `new${at}` }));
    const context = inGeneric("Group");
    const dialect = {
      ...context.dialect,
      patch: { ...context.dialect.patch, membersPerOperation: 50, operationsPerRequest: 2 },
    };
    const { change } = makeUpdate(engineers, { ...engineers, members }, { ...context, dialect }, reason);
    const operations = change?.requests.map(({ body }) => (body as { Operations: unknown[] }).Operations.length);
    expect(operations).toEqual([2, 2, 2, 1]);
  });

  it("refuses another id", () => {
    expect(() => makeUpdate(ada, { ...ada, id: "43" }, inGeneric("User"), reason)).toThrow(
      expect.objectContaining({ code: "idChanged" }),
    );
  });

  it("has the same id for the same object, and another for another action", () => {
    const one = makeUpdate(ada, { ...ada, title: "Countess" }, inGeneric("User"), reason).change;
    const two = makeUpdate(ada, { ...ada, title: "Analyst" }, inGeneric("User"), reason).change;
    expect(one?.id).toMatch(/^[0-9a-f]{16}$/);
    expect(two?.id).toBe(one?.id);
    expect(makeDelete(ada, inGeneric("User"), reason).id).not.toBe(one?.id);
  });
});

describe("activation and deactivation", () => {
  it("send active alone", () => {
    const off = makeDeactivate(ada, inDatabricks("User"), reason).change;
    expect(off?.action).toBe("deactivate");
    expect(off?.requests[0]?.body).toMatchObject({ Operations: [{ op: "replace", path: "active", value: false }] });
    const on = makeActivate({ ...ada, active: false }, inDatabricks("User"), reason).change;
    expect(on?.action).toBe("update");
    expect(on?.requests[0]?.body).toMatchObject({ Operations: [{ op: "replace", path: "active", value: true }] });
  });

  it("are nothing for who is in that state already", () => {
    expect(makeActivate(ada, inGeneric("User"), reason).change).toBeUndefined();
    expect(makeDeactivate({ ...ada, active: false }, inGeneric("User"), reason).change).toBeUndefined();
  });
});

describe("a create", () => {
  it("posts what a client may write, with the schemas that it uses", () => {
    const document = { ...ada, [urns.enterpriseUser]: { department: "Data" }, title: null, roles: [] };
    const { change } = makeCreate(document, inGeneric("User"), { ...reason, sourceId: "s1" });
    expect(change?.requests).toEqual([
      {
        method: "POST",
        path: "/Users",
        body: {
          schemas: [urns.user, urns.enterpriseUser],
          userName: "ada@contoso.com",
          displayName: "Ada Lovelace",
          name: { givenName: "Ada", familyName: "Lovelace" },
          emails: [{ value: "ada@contoso.com", type: "work", primary: true }],
          active: true,
          [urns.enterpriseUser]: { department: "Data" },
        },
      },
    ]);
    expect(change).toMatchObject({ action: "create", sourceId: "s1", name: "ada@contoso.com" });
    expect(change).not.toHaveProperty("before");
    expect(change).not.toHaveProperty("targetId");
  });

  it("writes userName as Databricks will store it, and says so", () => {
    const { change, notes } = makeCreate({ userName: "Ada@Contoso.com" }, inDatabricks("User"), reason);
    expect(change?.after).toMatchObject({ userName: "ada@contoso.com" });
    expect(change?.requests[0]?.body).toMatchObject({ userName: "ada@contoso.com" });
    expect(notes).toEqual([expect.stringContaining("lower case")]);
  });

  it("of a small group takes its members along", () => {
    const members = [{ value: "1" }, { value: "{s2}", type: "User" }];
    const { change } = makeCreate({ displayName: "Data", members }, inGeneric("Group"), { ...reason, sourceId: "g" });
    expect(change?.requests).toHaveLength(1);
    expect(change?.requests[0]?.body).toMatchObject({ members });
  });

  it("of a large group adds the members after it, to the id that it will get", () => {
    const members = Array.from({ length: 101 }, (_, at) => ({ value: String(at) }));
    const { change } = makeCreate({ displayName: "Data", members }, inGeneric("Group"), { ...reason, sourceId: "g" });
    expect(change?.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
      "POST /Groups",
      "PATCH /Groups/{g}",
    ]);
    expect(change?.requests[0]?.body).not.toHaveProperty("members");
    expect(change?.after).toMatchObject({ members });
  });

  it("refers to new groups and managers in requests of their own, since these may come later", () => {
    const nested = [{ value: "{other}", type: "Group" }];
    const group = makeCreate({ displayName: "Data", members: nested }, inGeneric("Group"), {
      ...reason,
      sourceId: "g",
    });
    expect(group.change?.requests.map(({ path }) => path)).toEqual(["/Groups", "/Groups/{g}"]);
    const person = { userName: "ada", [urns.enterpriseUser]: { department: "Data", manager: { value: "{boss}" } } };
    const user = makeCreate(person, inGeneric("User"), { ...reason, sourceId: "u" });
    expect(user.change?.requests[0]?.body).toMatchObject({ [urns.enterpriseUser]: { department: "Data" } });
    expect(user.change?.requests[1]).toMatchObject({
      method: "PATCH",
      path: "/Users/{u}",
      body: { Operations: [{ path: expect.stringContaining(manager) }] },
    });
  });

  it("needs a name", () => {
    expect(() => makeCreate({ displayName: "Ada" }, inGeneric("User"), reason)).toThrow(
      expect.objectContaining({ code: "missingAttribute", message: expect.stringContaining("userName") }),
    );
  });
});

describe("a system group", () => {
  const admins = { ...engineers, displayName: "admins" };

  it.each([
    ["deleted", () => makeDelete(admins, inDatabricks("Group"), reason)],
    ["renamed", () => makeUpdate(admins, { ...admins, displayName: "others" }, inDatabricks("Group"), reason)],
    ["emptied", () => makeUpdate(admins, { ...admins, members: [] }, inDatabricks("Group"), reason)],
  ])("is never %s", (what, make) => {
    expect(make).toThrow(expect.objectContaining({ code: "systemGroup", message: expect.stringContaining(what) }));
  });

  it("may gain and lose single members", () => {
    const members = [{ value: "1" }, { value: "9" }];
    expect(makeUpdate(admins, { ...admins, members }, inDatabricks("Group"), reason).change).toBeDefined();
  });
});

describe("a delete", () => {
  it("keeps the document for the record", () => {
    expect(makeDelete(ada, inGeneric("User"), reason)).toMatchObject({
      action: "delete",
      before: ada,
      requests: [{ method: "DELETE", path: "/Users/42" }],
    });
  });

  it("encodes ids that hold more than letters and digits", () => {
    expect(makeDelete({ ...ada, id: "a/b c" }, inGeneric("User"), reason).requests[0]?.path).toBe("/Users/a%2Fb%20c");
  });
});

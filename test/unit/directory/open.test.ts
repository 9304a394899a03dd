import { describe, expect, it } from "vitest";
import { flattenResource } from "../../../src/directory/flatten.ts";
import { JsonDirectory } from "../../../src/directory/json.ts";
import { openDirectory } from "../../../src/directory/open.ts";
import { DirectoryError } from "../../../src/directory/source.ts";
import { temporaryFolder } from "../../support/directoryReading.ts";

describe("opening the directory of a job", () => {
  it("finds files from the folder of the job", async () => {
    const baseDir = await temporaryFolder({ "users.csv": "id\nu1\n", "d.json": '{ "users": [{ "id": "u2" }] }' });
    const ids: string[] = [];
    for (const settings of [
      { type: "csv", users: "users.csv" },
      { type: "json", file: "d.json" },
    ] as const) {
      await using directory = openDirectory(settings, { baseDir });
      for await (const batch of directory.source.read().users()) ids.push(...batch.map((user) => user.id));
    }
    expect(ids).toEqual(["u1", "u2"]);
  });

  it("takes makers of directories that live above, and says so when one is missing", () => {
    const settings = { type: "graph", tenantId: "contoso.onmicrosoft.com" } as const;
    const source = new JsonDirectory({ type: "json", file: "d.json" }, "/");
    const made = { source, [Symbol.asyncDispose]: () => Promise.resolve() };
    expect(openDirectory(settings, { baseDir: "/", factories: { graph: () => made } })).toBe(made);
    expect(() => openDirectory(settings, { baseDir: "/" })).toThrow(DirectoryError);
  });

  it("refuses to send a token in the clear", () => {
    expect(() => openDirectory({ type: "scim", baseUrl: "http://scim.example.com" }, { baseDir: "/" })).toThrow(
      /https/,
    );
  });
});

describe("a SCIM resource as directory attributes", () => {
  it("has flat names, the first element of each type, and lists of values", () => {
    const enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
    const attributes = flattenResource({
      schemas: ["urn:ietf:params:scim:schemas:core:2.0:User"],
      id: "7",
      meta: { resourceType: "User" },
      userName: "zoe",
      active: false,
      name: { givenName: "Zoë" },
      emails: [
        { type: "work", value: "a@x", primary: true },
        { type: "work", value: "b@x" },
        { type: "home", value: "c@x" },
      ],
      roles: [{ value: "admin" }, { value: "user" }],
      groups: [{ value: "1" }],
      [enterprise]: { department: "Data", manager: { value: "9", displayName: "Ada" } },
    });
    expect({ ...attributes }).toEqual({
      id: "7",
      userName: "zoe",
      active: false,
      accountEnabled: false,
      "name.givenName": "Zoë",
      'emails[type eq "work"].value': "a@x",
      'emails[type eq "work"].primary': true,
      'emails[type eq "home"].value': "c@x",
      "emails.value": ["a@x", "b@x", "c@x"],
      "roles.value": ["admin", "user"],
      [`${enterprise}:department`]: "Data",
      [`${enterprise}:manager.value`]: "9",
      [`${enterprise}:manager.displayName`]: "Ada",
      manager: "9",
    });
  });
});

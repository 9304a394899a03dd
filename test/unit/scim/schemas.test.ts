import SCIMMY from "scimmy";
import { describe, expect, it } from "vitest";
import { parsePath } from "../../../src/scim/filter/parse.ts";
import type { ResourceType } from "../../../src/scim/resource.ts";
import { endpoints, urns } from "../../../src/scim/resource.ts";
import type { AttributeDefinition, SchemaDefinition } from "../../../src/scim/schema.ts";
import { resolveAttribute, topLevelAttributes } from "../../../src/scim/schemaLookup.ts";
import { builtinSchema, groupSchema, userSchema } from "../../../src/scim/schemas/builtin.ts";

/** One line for each attribute, without the descriptions, so that a difference names its place. */
function lines(attributes: readonly AttributeDefinition[], within = ""): string[] {
  return attributes.flatMap((each) => [
    [
      `${within}${each.name}`,
      each.type,
      each.multiValued,
      each.required,
      each.mutability,
      each.returned,
      each.uniqueness,
    ].join(" "),
    ...lines(each.subAttributes ?? [], `${each.name}.`),
  ]);
}

function caseExact(attributes: readonly AttributeDefinition[], within = ""): string[] {
  return attributes.flatMap((each) => [
    ...(each.caseExact ? [`${within}${each.name}`] : []),
    ...caseExact(each.subAttributes ?? [], `${each.name}.`),
  ]);
}

/** scimmy's definition, with the defaults of RFC 7643 where it leaves a characteristic out. */
function peer(definition: { describe(): unknown }): readonly AttributeDefinition[] {
  const complete = (each: AttributeDefinition): AttributeDefinition => ({
    ...{ multiValued: false, required: false, mutability: "readWrite", returned: "default", uniqueness: "none" },
    ...each,
    ...(each.subAttributes && { subAttributes: each.subAttributes.map(complete) }),
  });
  const described: SchemaDefinition = JSON.parse(JSON.stringify(definition.describe()));
  return described.attributes.map(complete);
}

describe("the built-in schemas", () => {
  const [enterprise] = userSchema.extensions;
  it.each([
    [
      "User",
      userSchema.core,
      SCIMMY.Schemas.User.definition,
      ["groups.value", "groups.$ref", "x509Certificates.value"],
    ],
    ["Group", groupSchema.core, SCIMMY.Schemas.Group.definition, ["members.value", "members.$ref"]],
    ["EnterpriseUser", enterprise!, SCIMMY.Schemas.EnterpriseUser.definition, ["manager.value", "manager.$ref"]],
  ])(
    "%s is what scimmy says, but that ids, their URLs and certificates compare with case",
    (_, ours, definition, exact) => {
      expect(lines(ours.attributes).sort()).toStrictEqual(lines(peer(definition)).sort());
      expect(caseExact(ours.attributes)).toStrictEqual(exact);
    },
  );

  it.each(Object.keys(endpoints) as ResourceType[])("%s names each attribute once and nests at most once", (type) => {
    const schema = builtinSchema(type);
    expect(schema.resourceType).toBe(type);
    for (const attributes of [topLevelAttributes(schema), ...schema.extensions.map((each) => each.attributes)]) {
      const names = attributes.map(({ name }) => name.toLowerCase());
      expect(new Set(names).size).toBe(names.length);
      for (const { type: kind, subAttributes = [] } of attributes) {
        expect(subAttributes.length > 0).toBe(kind === "complex");
        expect(subAttributes.filter((sub) => sub.type === "complex")).toStrictEqual([]);
      }
    }
  });
});

describe("resolveAttribute", () => {
  it.each([
    ["USERNAME", undefined, "userName", undefined],
    ["name.GIVENNAME", undefined, "name", "givenName"],
    ["meta.lastModified", undefined, "meta", "lastModified"],
    [`${urns.user}:id`, undefined, "id", undefined],
    [`${urns.enterpriseUser}:department`, urns.enterpriseUser, "department", undefined],
    [`${urns.enterpriseUser.toUpperCase()}:manager.value`, urns.enterpriseUser, "manager", "value"],
    ["manager", urns.enterpriseUser, "manager", undefined],
  ])("finds %s", (path, extension, attribute, sub) => {
    const found = resolveAttribute(userSchema, parsePath(path));
    expect([found?.extension, found?.attribute.name, found?.sub?.name]).toStrictEqual([extension, attribute, sub]);
  });

  it.each([
    "shoeSize",
    "name.shoe",
    "userName.x",
    `${urns.enterpriseUser}:userName`,
    `${urns.group}:members`,
    "toString",
  ])("finds nothing for %s", (path) => {
    expect(resolveAttribute(userSchema, parsePath(path))).toBeUndefined();
  });
});

import { describe, expect, it } from "vitest";
import { discoverDirectory } from "../../../src/entra/discover.ts";
import { prepareSchema, readSchema, schemaWith, writeSchema } from "../../../src/entra/schemaEdit.ts";
import { readServiceLanguage } from "../../../src/entra/serviceLanguage.ts";
import { importSchema } from "../../../src/mapping/entra/importSchema.ts";
import { functions } from "../../../src/mapping/expression/functions/catalogue.ts";
import { Tenant } from "../../../src/sandbox/graph/tenant.ts";
import { operators } from "../../../src/scope/rules.ts";
import { serviceOver } from "../../support/entraService.ts";
import { clientFor } from "../../support/graphFixture.ts";

const extension = "extension_0123456789abcdef0123456789abcdef_costCenter";

async function service() {
  const tenant = new Tenant();
  const user = { userPrincipalName: "ada@contoso.com", displayName: "Ada", [extension]: "4711" };
  tenant.addUser(user);
  return serviceOver(tenant);
}

describe("the language of the service", () => {
  it("is asked for, and knows every function and operator that a job can use", async () => {
    const { client, address } = await service();
    const language = await readServiceLanguage(client, address);
    expect(language.told).toEqual({ functions: true, operators: true });
    expect([...functions.keys()].filter((name) => !language.functions.has(name))).toEqual([]);
    expect(operators.filter((name) => !language.operators.has(name.toLowerCase()))).toEqual([]);
    expect(language.functions).toContain("DefaultDomain");
    expect(language.operators.get("is true")).toEqual({ name: "IS TRUE", types: ["Boolean"] });
  });

  it("is the documented one where the permission to ask is missing", async () => {
    const { graph, address } = await service();
    const client = clientFor(graph, { token: graph.access.issue(["Synchronization.Read.All"]) });
    const language = await readServiceLanguage(client, address);
    expect(language.told).toEqual({ functions: false, operators: false });
    expect(language.functions).toContain("Append");
    expect(language.operators.get("regex match")).toEqual({ name: "REGEX MATCH", types: [] });
  });

  it("is what an edit is checked against before it is written, and what-if before it is saved", async () => {
    const { client, address, predict } = await service();
    const base = await readSchema(client, address);
    const json = JSON.parse(base) as {
      synchronizationRules: {
        objectMappings: { sourceObjectName: string; attributeMappings: object[]; scope: object | null }[];
      }[];
    };
    const users = json.synchronizationRules[0]!.objectMappings.find(
      ({ sourceObjectName }) => sourceObjectName === "User",
    )!;
    const argument = {
      key: "source",
      value: { type: "Attribute", name: "mail", expression: "[mail]", parameters: [] },
    };
    users.attributeMappings.push({
      targetAttributeName: "title",
      source: { type: "Function", name: "ToLowre", expression: "ToLowre([mail])", parameters: [argument] },
      matchingPriority: 0,
      flowType: "Always",
    });
    const clause = (operatorName: string) => ({
      sourceOperandName: "displayName",
      operatorName,
      targetOperand: { values: operatorName === "CONTAINS" ? ["a"] : [] },
    });
    users.scope = { groups: [{ name: "g", clauses: [clause("CONTAINS"), clause("IS TRUE")] }] };
    const edited = JSON.stringify(json);
    const step = writeSchema(client, address, await prepareSchema(client, address, base, edited));
    expect(step.warnings.slice(1)).toEqual([
      "User: title calls ToLowre. It is none of the functions that the service names. Did you mean ToLower?",
      "User: the scoping filter on displayName uses CONTAINS. It is none of the operators that the service names.",
      "User: the scoping filter on displayName uses IS TRUE, which takes Boolean; displayName is String.",
    ]);
    users.scope = null;
    users.attributeMappings.pop();
    users.attributeMappings.push({
      targetAttributeName: "title",
      source: { type: "Constant", name: "x", expression: '"x"', parameters: [] },
      matchingPriority: 0,
      flowType: "Always",
    });
    const clean = await predict({ schema: JSON.stringify(json) });
    expect(clean.plan.notes!.filter((note) => /functions that|operators that/.test(note))).toEqual([]);
  });

  it("grows by directory extensions when the tenant is read again", async () => {
    const { client, address } = await service();
    const base = await readSchema(client, address);
    const step = discoverDirectory(client, address, base);
    expect(step.calls).toMatchObject([
      { method: "POST", path: expect.stringMatching(/AzureActiveDirectory\/discover$/) },
    ]);
    expect(await step.run()).toEqual({ directory: "Azure Active Directory", added: [`User.${extension}`] });
    const after = await readSchema(client, address);
    expect(after).toContain(extension);
    expect(await discoverDirectory(client, address, after).run()).toMatchObject({ added: [] });
    // What was read can be mapped, and what the edit began from is merged with it.
    const { users } = importSchema(base);
    const row = { target: "costCenter", source: { attribute: extension } };
    const edited = await schemaWith(client, address, base, { users: { mappings: [...users!.mappings, row] } });
    const edit = await prepareSchema(client, address, base, edited);
    expect(edit.merged).toBe(true);
    expect(edit.text).toContain(`"${extension}"`);
  });

  it("does not grow where the target does not support it, and names the directories for another", async () => {
    const { client, address } = await service();
    const base = await readSchema(client, address);
    await expect(discoverDirectory(client, address, base, "dataBricks").run()).rejects.toMatchObject({
      code: "badRequest",
      graphCode: "DiscoveryNotSupported",
    });
    expect(() => discoverDirectory(client, address, base, "Elsewhere")).toThrow(
      "The schema names no such directory. It has: Azure Active Directory, dataBricks.",
    );
  });
});

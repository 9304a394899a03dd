import { describe, expect, it } from "vitest";
import { parseOnDemand } from "../../../src/entra/onDemand.ts";

const inner = {
  action: "Create",
  modifiedProperties: [{ displayName: "userName", oldValue: null, newValue: "ada@contoso.com" }],
  provisioningSteps: [
    { name: "EntryImport", type: "Import", status: "Success", description: "Received Ada.", details: { active: true } },
    { name: "EntryExportAdd", type: "Export", status: "Success", description: "Created Ada." },
  ],
  statusInfo: { status: "Success" },
};

describe("the answer of provisioning on demand", () => {
  const expected = {
    result: "success",
    action: "create",
    reason: "",
    members: ["m"],
    modifiedProperties: [{ displayName: "userName", newValue: "ada@contoso.com" }],
    steps: [
      {
        name: "EntryImport",
        provisioningStepType: "import",
        status: "success",
        description: "Received Ada.",
        details: { active: "true" },
      },
      { name: "EntryExportAdd", provisioningStepType: "export", status: "success", description: "Created Ada." },
    ],
  };

  it("is read with the result in the key", () => {
    expect(parseOnDemand(JSON.stringify({ result: "Success", details: {} }), JSON.stringify(inner), ["m"])).toEqual(
      expected,
    );
  });

  it("is read with a type name in the key and a list in the value", () => {
    expect(parseOnDemand("Microsoft.SyncFabric.StatusInfo", JSON.stringify([inner]), ["m"])).toEqual(expected);
  });

  it("is read for a group, whose value is empty", () => {
    const key = JSON.stringify({
      result: "Skipped",
      details: { errorCode: "NotEffectivelyEntitled", errorMessage: "Not assigned." },
    });
    expect(parseOnDemand(key, "{}", [])).toMatchObject({
      result: "skipped",
      action: "other",
      reason: "NotEffectivelyEntitled: Not assigned.",
      steps: [],
    });
  });

  it("is a failure when it says nothing that can be read", () => {
    expect(parseOnDemand("", "not JSON", [])).toMatchObject({ result: "failure", steps: [] });
  });
});

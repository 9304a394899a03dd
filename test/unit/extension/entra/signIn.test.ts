import { describe, expect, it } from "vitest";
import { simpleStep } from "../../../../src/entra/step.ts";
import { providerOf, readPurposes, sessionScopes } from "../../../../src/extension/entra/access.ts";
import { questionDetail, stepText } from "../../../../src/extension/entra/callText.ts";
import { signInTrouble } from "../../../../src/extension/entra/trouble.ts";
import { GraphClient } from "../../../../src/graph/client.ts";
import { scopesFor } from "../../../../src/graph/permissions.ts";

const graphUrl = "https://graph.microsoft.us";

describe("the sign-in", () => {
  it("asks for no more than reading at first", () => {
    expect(scopesFor(graphUrl, readPurposes)).toEqual([
      `${graphUrl}/User.Read`,
      `${graphUrl}/Application.Read.All`,
      `${graphUrl}/Synchronization.Read.All`,
    ]);
  });

  it("goes to the provider of the cloud", () => {
    expect(providerOf("https://graph.microsoft.com")).toBe("microsoft");
    expect(providerOf(graphUrl)).toBe("microsoft-sovereign-cloud");
    expect(providerOf("https://microsoftgraph.chinacloudapi.cn")).toBe("microsoft-sovereign-cloud");
    expect(providerOf("http://127.0.0.1:4000")).toBe("microsoft");
  });

  it("names tenant and application registration only where they are set", () => {
    expect(sessionScopes(["a"], "", "")).toEqual(["a"]);
    expect(sessionScopes(["a"], "contoso.com", "id")).toEqual([
      "VSCODE_CLIENT_ID:id",
      "VSCODE_TENANT:contoso.com",
      "a",
    ]);
  });

  it("tells a refusal, a missing provider and another fault apart", () => {
    const scopes = [`${graphUrl}/Synchronization.Read.All`];
    expect(signInTrouble(new Error("User did not consent to login."), "microsoft", scopes)).toMatchObject({
      code: "consentRefused",
      message: expect.stringContaining("Synchronization.Read.All") as string,
    });
    expect(signInTrouble(new Error("AADSTS90094: admin consent"), "microsoft", scopes)).toMatchObject({
      code: "consentRefused",
    });
    const timeout = new Error("Timed out waiting for authentication provider 'microsoft' to register.");
    expect(signInTrouble(timeout, "microsoft", scopes)).toMatchObject({ code: "noProvider" });
    expect(signInTrouble(timeout, "microsoft-sovereign-cloud", scopes).message).toContain(
      "microsoft-sovereign-cloud.environment",
    );
    const other = new Error("network");
    expect(signInTrouble(other, "microsoft", scopes)).toBe(other);
  });
});

describe("what a step will call", () => {
  const client = new GraphClient({ graphUrl, token: "t" });
  const step = simpleStep(
    client,
    "Save the settings",
    [
      {
        method: "PUT",
        path: "/servicePrincipals/sp/synchronization/secrets",
        purpose: "changeSynchronization",
        body: { value: [{ key: "SecretToken", value: "dapi-secret" }] },
      },
    ],
    { warnings: ["Restart afterwards."], confirm: "It cannot be taken back." },
  );

  it("stands in the question, costs first, secrets blanked", () => {
    const detail = questionDetail(step);
    expect(detail.split("\n")[0]).toBe("It cannot be taken back.");
    expect(detail).toContain("PUT /servicePrincipals/sp/synchronization/secrets");
    expect(detail).toContain("•••");
    expect(detail).not.toContain("dapi-secret");
  });

  it("can be read in full, with the permission that it needs", () => {
    const text = stepText(step, graphUrl);
    expect(text).toContain(`PUT ${graphUrl}/v1.0/servicePrincipals/sp/synchronization/secrets`);
    expect(text).toContain("Needs Synchronization.ReadWrite.All");
    expect(text).not.toContain("dapi-secret");
  });

  it("stays short where there are many calls", () => {
    const many = { calls: Array.from({ length: 100 }, () => step.calls[0]!), warnings: [] };
    expect(questionDetail(many).length).toBeLessThan(1_500);
    expect(questionDetail(many)).toContain("It sends 100 requests:");
  });
});

import { describe, expect, it } from "vitest";
import { clouds, graphEndpoint } from "../../../src/graph/clouds.ts";
import { scopesFor } from "../../../src/graph/permissions.ts";

describe("the clouds of Microsoft", () => {
  it.each([
    ["global", "https://graph.microsoft.com", "https://login.microsoftonline.com"],
    ["usGovL4", "https://graph.microsoft.us", "https://login.microsoftonline.us"],
    ["usGovL5", "https://dod-graph.microsoft.us", "https://login.microsoftonline.us"],
    ["china", "https://microsoftgraph.chinacloudapi.cn", "https://login.chinacloudapi.cn"],
  ])("%s has its own Graph and sign-in", (id, graphUrl, loginUrl) => {
    expect(clouds.find((cloud) => cloud.id === id)).toMatchObject({ graphUrl, loginUrl });
    expect(graphEndpoint(graphUrl)).toEqual({ graphUrl, loginUrl });
    expect(graphEndpoint(`${graphUrl}/v1.0/`)).toEqual({ graphUrl, loginUrl });
    // A token is asked for the Graph of its cloud: one of another is worth nothing there.
    expect(scopesFor(graphUrl, ["readUsers", "readUsers"])).toEqual([`${graphUrl}/User.Read.All`]);
  });

  it("are all there is beside this machine: no other host gets a token, however alike its name", () => {
    expect(graphEndpoint()).toEqual(graphEndpoint("https://graph.microsoft.com"));
    expect(graphEndpoint("http://127.0.0.1:8080/v1.0")).toEqual({
      graphUrl: "http://127.0.0.1:8080",
      loginUrl: "http://127.0.0.1:8080",
    });
    for (const address of [
      "https://graph.microsoft.com.example.com",
      "https://graph.microsoft.com@example.com",
      "https://graph.microsoft.com:8443",
      "https://graph.windows.net",
    ])
      expect(() => graphEndpoint(address)).toThrow(/is no Microsoft Graph endpoint; nothing was sent|user|password/);
    expect(() => graphEndpoint("http://graph.microsoft.com")).toThrow();
  });
});

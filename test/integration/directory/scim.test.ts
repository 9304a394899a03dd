import { describe, expect, it, onTestFinished } from "vitest";
import { openDirectory } from "../../../src/directory/open.ts";
import { DirectoryError, type DirectoryRead } from "../../../src/directory/source.ts";
import { startSandbox } from "../../../src/sandbox/sandbox.ts";
import type { SandboxOptions } from "../../../src/sandbox/options.ts";
import { readWhole } from "../../support/directoryReading.ts";
import {
  errorAnswer,
  listAnswer,
  type Scripted,
  scriptedServer,
  type SeenRequest,
} from "../../support/scriptedServer.ts";

async function readSandbox(options: SandboxOptions) {
  const sandbox = await startSandbox(options);
  onTestFinished(() => sandbox.close());
  return read(sandbox.baseUrl, options.profile === "rfc" ? "generic" : "databricks", sandbox.token);
}

async function readScripted(script: (request: SeenRequest) => Scripted): Promise<DirectoryRead> {
  const server = await scriptedServer(script);
  onTestFinished(() => server.close());
  return read(server.origin, "generic", "secret");
}

function read(baseUrl: string, dialect: "databricks" | "generic", token: string): DirectoryRead {
  const directory = openDirectory({ type: "scim", baseUrl, dialect }, { baseDir: "/", scim: { token, attempts: 1 } });
  onTestFinished(() => directory[Symbol.asyncDispose]());
  return directory.source.read();
}

const ada = {
  userName: "ada.okafor@contoso.com",
  displayName: "Ada Okafor",
  active: true,
  name: { givenName: "Ada", familyName: "Okafor" },
  emails: [{ type: "work", value: "ada.okafor@contoso.com", primary: true }],
};

describe("another SCIM service as a directory", () => {
  it("gives users under the names that mappings use, groups with their members, and the proof of its pages", async () => {
    const whole = await readWhole(
      await readSandbox({
        profile: "rfc",
        seed: {
          users: [ada, { userName: "zoe@contoso.com", active: false }],
          groups: [{ displayName: "data", members: [ada.userName] }],
        },
      }),
    );
    expect(whole.problems).toEqual([]);
    const [first, second] = ["ada.okafor@contoso.com", "zoe@contoso.com"].map((name) =>
      whole.users.find((user) => user.attributes["userName"] === name),
    );
    expect(first?.attributes).toMatchObject({
      displayName: "Ada Okafor",
      accountEnabled: true,
      "name.givenName": "Ada",
      'emails[type eq "work"].value': "ada.okafor@contoso.com",
      "emails.value": ["ada.okafor@contoso.com"],
    });
    expect(second?.attributes["accountEnabled"]).toBe(false);
    const data = whole.groups.find((group) => group.attributes["displayName"] === "data");
    expect(data?.members).toEqual([first?.id]);
    expect(whole.assignments).toEqual([]);
    expect(whole.completeness.complete).toBe(true);
  });

  it("reads the members of each group alone where lists lack them (Databricks accounts)", async () => {
    const whole = await readWhole(
      await readSandbox({
        profile: "databricks-account",
        seed: { users: [ada], groups: [{ displayName: "data", members: [ada.userName] }] },
      }),
    );
    const data = whole.groups.find((group) => group.attributes["displayName"] === "data");
    const user = whole.users.find((one) => one.attributes["userName"] === ada.userName);
    expect(data?.members).toEqual([user?.id]);
  });

  it("reads every page", async () => {
    const whole = await readWhole(await readSandbox({ profile: "rfc", users: 350, groups: 3 }));
    expect(new Set(whole.users.map((user) => user.id)).size).toBe(whole.users.length);
    expect(whole.users.length).toBeGreaterThanOrEqual(350);
    expect(whole.completeness.complete).toBe(true);
  });

  it("is not complete when the service fails midway, and keeps what was read", async () => {
    const users = Array.from({ length: 100 }, (_, index) => ({ id: `u${index}`, userName: `u${index}` }));
    const whole = await readWhole(
      await readScripted(({ path, query }) => {
        if (path === "/Groups") return listAnswer([]);
        return (query.get("startIndex") ?? "1") === "1" ? listAnswer(users, 200) : errorAnswer(400, "No more.");
      }),
    );
    expect(whole.users).toHaveLength(100);
    expect(whole.problems[0]).toMatch(/^\/Users: .*No more\./);
    expect(whole.completeness.complete).toBe(false);
  });

  it("cannot be read at all when the token is refused", async () => {
    const reading = readWhole(await readScripted(() => errorAnswer(401, "Token expired.")));
    await expect(reading).rejects.toBeInstanceOf(DirectoryError);
  });
});

import { describe, expect, it } from "vitest";
import { freeName, parseConnections } from "../../../src/extension/connections/connection.ts";
import { ConnectionStore } from "../../../src/extension/connections/connectionStore.ts";
import { TokenStore } from "../../../src/extension/connections/tokens.ts";
import { Emitter } from "../../../src/extension/platform/emitter.ts";
import { baseUrl, connection } from "./support.ts";

function settings(start: unknown) {
  const changed = new Emitter<void>();
  let value = start;
  return {
    read: () => value,
    write: async (next: readonly unknown[]) => {
      value = next;
      changed.fire();
    },
    onDidChange: changed.event,
  };
}

describe("the setting scim.connections", () => {
  it("fills in what may be left out", () => {
    const { connections } = parseConnections([{ name: "A", baseUrl: "https://a.example/scim" }]);
    expect(connections).toEqual([{ name: "A", baseUrl: "https://a.example/scim", dialect: "generic", auth: "token" }]);
  });

  it("keeps good entries beside a broken one, and says what is wrong with that", () => {
    const { connections, problems } = parseConnections([
      { name: "A", baseUrl: "https://a.example" },
      { name: "B", baseUrl: "not an address" },
      { name: "a", baseUrl: "https://c.example" },
      { name: "D", baseUrl: "https://a.example" },
      7,
    ]);
    expect(connections.map(({ name }) => name)).toEqual(["A"]);
    expect(problems.map(({ position, name }) => [position, name])).toEqual([
      [2, "B"],
      [3, "a"],
      [4, "D"],
      [5, undefined],
    ]);
    expect(problems[0]?.message).toMatch(/baseUrl/);
  });

  it("is a problem as a whole when it is no list", () => {
    expect(parseConnections({ A: 1 }).problems).toHaveLength(1);
  });

  it("finds a free name", () => {
    expect(freeName("Sandbox", ["sandbox", "Sandbox 2"])).toBe("Sandbox 3");
  });
});

describe("the connections of a window", () => {
  it("saves without secrets and without defaults, and leaves broken entries alone", async () => {
    const setting = settings([{ broken: true }]);
    const store = new ConnectionStore(setting);
    await store.save({ ...connection, production: false });
    expect(setting.read()).toEqual([
      { broken: true },
      { name: "Databricks production", baseUrl, dialect: "databricks" },
    ]);
  });

  it("changes the entry of the same address in its place", async () => {
    const setting = settings([
      { name: "A", baseUrl },
      { name: "B", baseUrl: "https://b.example" },
    ]);
    const store = new ConnectionStore(setting);
    const [first] = store.all();
    await store.update(first!, { production: true, name: "A2" });
    expect(store.all().map(({ name, production }) => [name, production])).toEqual([
      ["A2", true],
      ["B", undefined],
    ]);
  });

  it("forgets a connection of this window without touching the setting", async () => {
    const setting = settings([{ name: "A", baseUrl: "https://a.example" }]);
    const store = new ConnectionStore(setting);
    let heard = 0;
    store.onDidChange(() => heard++);
    store.addTransient({ ...connection, origin: "sandbox" });
    expect(store.byUrl(baseUrl)?.origin).toBe("sandbox");
    await store.remove(store.byUrl(baseUrl)!);
    expect(store.all()).toHaveLength(1);
    expect(heard).toBe(2);
  });
});

describe("tokens", () => {
  const secrets = (held = new Map<string, string>()) => ({
    held,
    get: async (key: string) => held.get(key),
    store: async (key: string, value: string) => void held.set(key, value),
    delete: async (key: string) => void held.delete(key),
  });

  it("belong to the base URL, so that a changed URL gets none", async () => {
    const tokens = new TokenStore(secrets());
    await tokens.set(baseUrl, "dapi1");
    expect(await tokens.get(baseUrl)).toBe("dapi1");
    expect(await tokens.get(baseUrl.replace("adb-1", "adb-2"))).toBeUndefined();
  });

  it("are forgotten for good", async () => {
    const storage = secrets();
    const tokens = new TokenStore(storage);
    await tokens.set(baseUrl, "dapi1");
    await tokens.forget(baseUrl);
    expect(await tokens.get(baseUrl)).toBeUndefined();
    expect(storage.held.size).toBe(0);
  });

  it.each([
    ["throws", { store: () => Promise.reject(new Error("no keyring")) }],
    ["loses what it is given", { store: () => Promise.resolve() }],
  ])("stay in memory when the keyring %s, which is told once", async (_, broken) => {
    const tokens = new TokenStore({ ...secrets(), ...broken });
    let told = 0;
    tokens.onDidFallBack(() => told++);
    await tokens.set(baseUrl, "dapi1");
    await tokens.set("https://b.example", "dapi2");
    expect(await tokens.get(baseUrl)).toBe("dapi1");
    expect(told).toBe(1);
  });

  it("are missing when the keyring cannot be read", async () => {
    const tokens = new TokenStore({ ...secrets(), get: () => Promise.reject(new Error("locked")) });
    expect(await tokens.get(baseUrl)).toBeUndefined();
  });
});

import { describe, expect, it } from "vitest";
import { generate } from "../../../src/sandbox/generate.ts";
import { checkSeed, parseSeed, SeedError } from "../../../src/sandbox/seed.ts";

const people = checkSeed(generate({ users: 500, groups: 60, seedNumber: 1 }));

describe("generated people and groups", () => {
  it("are the same for the same seed number, and others for another", () => {
    expect(checkSeed(generate({ users: 500, groups: 60, seedNumber: 1 }))).toEqual(people);
    expect(checkSeed(generate({ users: 500, groups: 60, seedNumber: 2 }))).not.toEqual(people);
  });

  it("have unique names that any service takes, some people being inactive", () => {
    const userNames = people.users.map(({ userName }) => userName);
    expect(new Set(userNames).size).toBe(500);
    expect(userNames.every((name) => /^[a-z]+\.[a-z]+\d*@contoso\.com$/.test(name))).toBe(true);
    expect(new Set(people.groups.map(({ displayName }) => displayName.toLowerCase())).size).toBe(60);
    const inactive = people.users.filter(({ active }) => active === false).length;
    expect(inactive).toBeGreaterThan(5);
    expect(inactive).toBeLessThan(100);
  });

  it("are groups of mixed sizes, some empty, some within others without a circle", () => {
    const byName = new Map(people.groups.map((group) => [group.displayName, group.members ?? []]));
    const userNames = new Set(people.users.map(({ userName }) => userName));
    const sizes = new Set([...byName.values()].map((members) => members.length));
    expect(sizes.size).toBeGreaterThan(5);
    const height = (name: string, path: readonly string[] = []): number => {
      expect(path).not.toContain(name);
      const inner = (byName.get(name) ?? []).filter((member) => byName.has(member));
      return inner.length === 0 ? 0 : 1 + Math.max(...inner.map((member) => height(member, [...path, name])));
    };
    const heights = [...byName.keys()].map((name) => height(name));
    expect(Math.max(...heights)).toBeGreaterThan(0);
    expect(Math.max(...heights)).toBeLessThanOrEqual(10);
    for (const members of byName.values()) {
      expect(members.every((member) => userNames.has(member) || byName.has(member))).toBe(true);
    }
  });

  it("can be groups without people", () => {
    const { groups } = checkSeed(generate({ users: 0, groups: 5, seedNumber: 3 }));
    expect(groups).toHaveLength(5);
  });
});

describe("a seed file", () => {
  it("is refused with every problem and its place", () => {
    const parse = () => parseSeed(JSON.stringify({ users: [{}, { userName: "" }], extra: 1 }));
    expect(parse).toThrow(SeedError);
    expect(parse).toThrow(/users\.0\.userName: .*users\.1\.userName: .*extra/);
    expect(() => parseSeed("{ users")).toThrow(/not JSON/);
  });
});

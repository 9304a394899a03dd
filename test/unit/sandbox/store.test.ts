import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Entry } from "../../../src/sandbox/entry.ts";
import { Random } from "../../../src/sandbox/random.ts";
import { Store } from "../../../src/sandbox/store.ts";

const newStore = () => new Store("decimal", new Random(1), () => 0);
const user = (store: Store, userName: string) =>
  store.add({ type: "User", home: "rfc", levels: ["rfc"], shared: { userName } });
const group = (store: Store, displayName: string) =>
  store.add({ type: "Group", home: "rfc", levels: ["rfc"], shared: { displayName } });

describe("the store", () => {
  it("keeps list order, indexes and both directions of membership in step, whatever comes and goes", () => {
    const action = fc.record({
      kind: fc.constantFrom("add", "group", "join", "leave", "rename", "remove"),
      a: fc.nat(20),
      b: fc.nat(20),
    });
    fc.assert(
      fc.property(fc.array(action, { maxLength: 60 }), (actions) => {
        const store = newStore();
        const model: Entry[] = [];
        for (const [at, { kind, a, b }] of actions.entries()) {
          const first = model[a % Math.max(1, model.length)];
          const groups = model.filter(({ type }) => type === "Group");
          const holder = groups[b % Math.max(1, groups.length)];
          if (kind === "add") model.push(user(store, `U${at % 7}`));
          if (kind === "group") model.push(group(store, `G${at}`));
          if (kind === "join" && first && holder) store.changeMembers(holder, { add: [first] });
          if (kind === "leave" && first && holder) store.changeMembers(holder, { remove: [first] });
          if (kind === "rename" && first) store.update(first, { ...first.shared, displayName: `N${b}` });
          if (kind === "remove" && first) {
            store.remove(first);
            model.splice(model.indexOf(first), 1);
          }
        }
        for (const type of ["User", "Group"] as const) {
          expect(store.list("rfc", type)).toEqual(model.filter((entry) => entry.type === type));
        }
        for (const entry of model) {
          expect(store.get("rfc", entry.id)).toBe(entry);
          const { userName, displayName } = entry.shared as Record<string, string>;
          if (userName !== undefined) expect(store.find("User", "userName", userName.toUpperCase())).toContain(entry);
          if (displayName !== undefined) expect(store.find(entry.type, "displayName", displayName)).toContain(entry);
          const holders = model.filter(({ members }) => members?.has(entry.id));
          expect([...entry.parents].map(({ id }) => id).sort()).toEqual(holders.map(({ id }) => id).sort());
          for (const member of entry.members?.values() ?? []) expect(model).toContain(member);
        }
      }),
    );
  });

  it("forgets what is removed from every index", () => {
    const store = newStore();
    const entry = user(store, "Ada@example.org");
    expect(store.find("User", "userName", "ADA@EXAMPLE.ORG")).toEqual([entry]);
    store.remove(entry);
    expect(store.find("User", "userName", "ada@example.org")).toEqual([]);
    expect(store.getAnywhere(entry.id)).toBeUndefined();
  });

  it("changes the version once for a change of many members, and not for none", () => {
    const store = newStore();
    const holder = group(store, "g");
    const members = ["a", "b", "c"].map((name) => user(store, name));
    store.changeMembers(holder, { add: members });
    expect(holder.version).toBe(2);
    store.changeMembers(holder, { add: members });
    expect(holder.version).toBe(2);
  });
});

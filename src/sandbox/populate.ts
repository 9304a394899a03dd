import type { z } from "zod";
import type { Entry, Level } from "./entry.ts";
import { coreUrns } from "./levels.ts";
import { SeedError, type seedSchema } from "./seed.ts";
import type { Writer } from "./writer.ts";

/**
 * Fills a store from a seed: principals first, then groups, then members, so that groups may hold each other in any order.
 * @throws SeedError when a member is no one of the seed, or the service refuses a resource.
 */
export function populate(writer: Writer, level: Level, seed: z.output<typeof seedSchema>): void {
  const known = new Map<string, Entry>();
  const remember = (entry: Entry, ...names: readonly unknown[]) => {
    for (const name of names) if (typeof name === "string") known.set(name.toLowerCase(), entry);
  };
  const problems: string[] = [];
  const attempt = (where: string, action: () => void) => {
    try {
      action();
    } catch (error) {
      problems.push(`${where}: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  for (const [at, { key, ...user }] of seed.users.entries()) {
    attempt(`users.${at}`, () => {
      remember(writer.create(level, "User", { schemas: [coreUrns.User], ...user }), key, user.userName);
    });
  }
  for (const [at, { key, ...servicePrincipal }] of seed.servicePrincipals.entries()) {
    attempt(`servicePrincipals.${at}`, () => {
      remember(writer.create(level, "ServicePrincipal", servicePrincipal), key, servicePrincipal.applicationId);
    });
  }
  const groups = new Map<number, Entry>();
  for (const [at, { key, members: _members, ...group }] of seed.groups.entries()) {
    attempt(`groups.${at}`, () => {
      const entry = writer.create(level, "Group", { schemas: [coreUrns.Group], ...group });
      groups.set(at, entry);
      remember(entry, key, group.displayName);
    });
  }
  for (const [at, { members = [] }] of seed.groups.entries()) {
    const group = groups.get(at);
    if (!group || members.length === 0) continue;
    attempt(`groups.${at}.members`, () => {
      const value = members.map((name) => {
        const entry = known.get(name.toLowerCase());
        if (!entry) throw new Error(`${JSON.stringify(name)} is no key, userName or displayName of the seed`);
        return { value: entry.id };
      });
      writer.patch(level, group, { Operations: [{ op: "add", path: "members", value }] });
    });
  }
  if (problems.length > 0) throw new SeedError(problems.slice(0, 20));
}

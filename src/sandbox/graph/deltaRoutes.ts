import * as z from "zod";
import { GraphFault } from "./fault.ts";
import type { Tenant, Tracked } from "./tenant.ts";

const tokenSchema = z.object({
  kind: z.enum(["users", "groups"]),
  select: z.array(z.string()),
  /** Changes up to here are known to the client. */
  since: z.number(),
  /** Changes up to here are part of this round. */
  until: z.number(),
  skip: z.number(),
});
type Token = z.output<typeof tokenSchema>;

/** Most members of one group in one object; more come with the same group again. */
const membersPerObject = 1_000;

/**
 * One page of a delta query over users or groups. The token holds the whole question, as the service's does: a link is followed
 * without any further option.
 * @throws GraphFault 410 for a token that is too old, 400 for one that is none
 */
export function deltaPage(tenant: Tenant, kind: "users" | "groups", self: URL, pageSize: number): object {
  const token = readToken(self, kind, tenant);
  const objects = changes(tenant, token);
  const end = token.skip + pageSize;
  const base = `${self.origin}${self.pathname}`;
  const link = (name: string, next: Token) => `${base}?${encodeURIComponent(name)}=${writeToken(next)}`;
  const more = end < objects.length;
  return {
    "@odata.context": `${self.origin}/v1.0/$metadata#${kind}`,
    ...(more
      ? { "@odata.nextLink": link("$skiptoken", { ...token, skip: end }) }
      : { "@odata.deltaLink": link("$deltatoken", { ...token, since: token.until, until: 0, skip: 0 }) }),
    value: objects.slice(token.skip, end),
  };
}

function readToken(self: URL, kind: "users" | "groups", tenant: Tenant): Token {
  const text = self.searchParams.get("$deltatoken") ?? self.searchParams.get("$skiptoken");
  if (text === null || text === "") {
    const select = (self.searchParams.get("$select") ?? "").split(",").filter((name) => name !== "");
    return { kind, select, since: -1, until: tenant.change, skip: 0 };
  }
  const parsed = tokenSchema.safeParse(parseJson(Buffer.from(text, "base64url").toString()));
  if (!parsed.success || parsed.data.kind !== kind) {
    throw new GraphFault(400, "Directory_ResyncRequired", "Badly formed token.");
  }
  if (parsed.data.since >= 0 && parsed.data.since < tenant.oldestToken) {
    throw new GraphFault(410, "syncStateNotFound", "The sync state generation is not found.", {
      location: `${self.origin}${self.pathname}?$deltatoken=`,
    });
  }
  return parsed.data.until === 0 ? { ...parsed.data, until: tenant.change } : parsed.data;
}

function writeToken(token: Token): string {
  return Buffer.from(JSON.stringify(token)).toString("base64url");
}

function changes(tenant: Tenant, { kind, select, since, until }: Token): object[] {
  const first = since < 0;
  const wanted = new Set(select);
  const found: object[] = [];
  const isNew = (at: number) => at > since && at <= until;
  const own = ({ properties, id }: Tracked<object>) => ({
    ...Object.fromEntries(Object.entries(properties).filter(([name]) => wanted.size === 0 || wanted.has(name))),
    id,
  });
  const gone = (object: Tracked<object>): boolean => {
    if (object.removed === undefined) return false;
    if (!first && isNew(object.removed.at)) {
      found.push({ id: object.id, "@removed": { reason: object.removed.reason } });
    }
    return true;
  };
  if (kind === "users") {
    for (const user of tenant.users.values()) {
      if (gone(user) || !isNew(user.changed)) continue;
      const type = { "@odata.type": "#microsoft.graph.user" };
      const { manager: id, formerManager } = user;
      const lost =
        first || id !== undefined || formerManager === undefined
          ? []
          : [{ ...type, id: formerManager, "@removed": { reason: "deleted" } }];
      const manager = id === undefined ? lost : [{ ...type, id }];
      found.push({ ...own(user), ...(wanted.has("manager") && { "manager@delta": manager }) });
    }
    return found;
  }
  for (const group of tenant.groups.values()) {
    if (gone(group)) continue;
    const members = first
      ? [...group.members].map((id) => ({ id, removed: false }))
      : latest(group.memberChanges.filter(({ at }) => isNew(at)));
    if (!isNew(group.changed) && members.length === 0) continue;
    const references = wanted.has("members")
      ? members.map(({ id, removed }) => ({
          "@odata.type": tenant.groups.has(id) ? "#microsoft.graph.group" : "#microsoft.graph.user",
          id,
          ...(removed && { "@removed": { reason: "deleted" } }),
        }))
      : [];
    for (let start = 0; start === 0 || start < references.length; start += membersPerObject) {
      const portion = references.slice(start, start + membersPerObject);
      found.push({ ...own(group), ...(portion.length > 0 && { "members@delta": portion }) });
    }
  }
  return found;
}

/** Of several changes of one membership, the last one counts. */
function latest(all: readonly { readonly id: string; readonly removed: boolean }[]) {
  return [...new Map(all.map((each) => [each.id, each])).values()];
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import type { Tenant } from "../../src/sandbox/graph/tenant.ts";

/*
 * A second opinion on what a cycle of the provisioning service does, object by object, as slow and plain as the documentation
 * reads. It looks at the tenant, at the schema as JSON and at the target's raw answers, and shares no code with the engine:
 * nothing of src/provisioning, src/mapping, src/scope, src/directory, src/changes or src/scim.
 */

type Doc = Readonly<Record<string, unknown>>;
export type Action = "create" | "update" | "disable" | "delete" | "nothing";

/** What is to happen to one object, and the values that its rows are to have where they differ now. */
export interface Verdict {
  readonly action: Action;
  readonly writes: ReadonlyMap<string, unknown>;
}

/** Everybody at the target, as the service answers. */
export interface TargetState {
  readonly users: readonly Doc[];
  readonly groups: readonly Doc[];
}

/** Reads a whole target over HTTP, each group by itself, since some services list groups without their members. */
export async function readTarget({ baseUrl, token }: Sandbox): Promise<TargetState> {
  const get = async (path: string): Promise<Doc> => {
    const answer = await fetch(`${baseUrl}${path}`, { headers: { authorization: `Bearer ${token}` } });
    return (await answer.json()) as Doc;
  };
  const list = async (endpoint: string): Promise<Doc[]> => {
    const all: Doc[] = [];
    for (;;) {
      const page = await get(`${endpoint}?startIndex=${all.length + 1}&count=100`);
      const resources = (page["Resources"] ?? []) as Doc[];
      all.push(...resources);
      if (resources.length === 0 || all.length >= Number(page["totalResults"])) return all;
    }
  };
  const groups = await list("/Groups");
  return {
    users: await list("/Users"),
    groups: await Promise.all(groups.map(({ id }) => get(`/Groups/${String(id)}`))),
  };
}

interface Tree {
  readonly type: string;
  readonly name: string;
  readonly parameters?: readonly { readonly value: Tree }[];
}
interface Row {
  readonly targetAttributeName: string;
  readonly source: Tree;
  readonly matchingPriority: number;
  readonly flowType: string;
}
interface Filter {
  readonly groups: readonly {
    readonly clauses: readonly {
      sourceOperandName: string;
      operatorName: string;
      targetOperand: { values: string[] };
    }[];
  }[];
}
interface ObjectMapping {
  readonly sourceObjectName: string;
  readonly attributeMappings: readonly Row[];
  readonly scope: Filter | null;
}
interface Person {
  readonly id: string;
  readonly source: Doc;
  readonly enabled: boolean;
  readonly link: Linked | undefined;
  readonly found: Doc | undefined;
}
interface Linked {
  readonly targetId: string;
  /** It left the scope, and was disabled. */
  readonly out: boolean;
}

export class ServiceOracle {
  readonly #tenant: Tenant;
  readonly #application: string;
  readonly #syncAll: boolean;
  readonly #users: ObjectMapping;
  readonly #groups: ObjectMapping;
  readonly #links = { User: new Map<string, Linked>(), Group: new Map<string, Linked>() };

  constructor(tenant: Tenant, servicePrincipalId: string, schema: string, syncAll: boolean) {
    this.#tenant = tenant;
    this.#application = servicePrincipalId;
    this.#syncAll = syncAll;
    const { synchronizationRules } = JSON.parse(schema) as {
      synchronizationRules: { objectMappings: ObjectMapping[] }[];
    };
    const mapping = (name: string) =>
      synchronizationRules[0]!.objectMappings.find(({ sourceObjectName }) => sourceObjectName === name)!;
    this.#users = mapping("User");
    this.#groups = mapping("Group");
  }

  /** What the next cycle does to each object of the tenant, and to each that the service has linked. */
  judge(target: TargetState): Map<string, Verdict> {
    const verdicts = new Map<string, Verdict>();
    /** Where everybody will be who is provisioned: an id, or `new`. */
    const places = new Map<string, string>();
    const people: Person[] = [];
    for (const user of this.#tenant.users.values()) {
      if (user.removed?.reason === "deleted") continue;
      const link = this.#links.User.get(user.id);
      const properties: Doc = { ...user.properties };
      const enabled = properties["accountEnabled"] !== false && user.removed === undefined;
      const source = { ...properties, objectId: user.id, IsSoftDeleted: enabled ? "False" : "True" };
      const found = link
        ? target.users.find(({ id }) => id === link.targetId)
        : this.#match(this.#users, source, target.users);
      people.push({ id: user.id, source, enabled, link, found });
      if (this.#isUserInScope(user.id, source) && (enabled || link))
        places.set(user.id, found ? String(found["id"]) : "new");
    }
    for (const { id, source, enabled, link, found } of people) {
      // A manager who is not provisioned is left out, and what stands at the target stays.
      const manager = places.get(this.#tenant.users.get(id)?.manager ?? "");
      verdicts.set(id, this.#user(source, this.#isUserInScope(id, source), enabled, link, found, manager));
    }
    for (const [id, { targetId, out }] of this.#links.User) {
      if (verdicts.has(id)) continue;
      const found = target.users.find((each) => each["id"] === targetId);
      verdicts.set(id, !out && found && found["active"] !== false ? disable : nothing);
    }
    for (const group of this.#tenant.groups.values()) {
      if (group.removed !== undefined) continue;
      const link = this.#links.Group.get(group.id);
      const source: Doc = { ...group.properties, objectId: group.id };
      const inScope = this.#isInScope(this.#groups, this.#isAssigned(group.id), source);
      if (!inScope) {
        verdicts.set(group.id, link ? { action: "delete", writes: none } : nothing);
        continue;
      }
      const found = link
        ? target.groups.find(({ id }) => id === link.targetId)
        : this.#match(this.#groups, source, target.groups);
      const wanted = [...group.members].flatMap((id) => places.get(id) ?? []);
      const members = found === undefined ? wanted : this.#members(found, wanted, places);
      verdicts.set(group.id, this.#group(source, found, members));
    }
    for (const [id] of this.#links.Group) if (!verdicts.has(id)) verdicts.set(id, { action: "delete", writes: none });
    return verdicts;
  }

  /** Takes in that the cycle was carried out. */
  settle(verdicts: ReadonlyMap<string, Verdict>, target: TargetState): void {
    for (const [id, { action }] of verdicts) {
      const user = this.#tenant.users.get(id);
      const isUser = user !== undefined;
      const links = isUser ? this.#links.User : this.#links.Group;
      const link = links.get(id);
      if (action === "delete") {
        links.delete(id);
        continue;
      }
      const properties: Doc = { ...(user ?? this.#tenant.groups.get(id))?.properties, objectId: id };
      const inScope = isUser
        ? user.removed?.reason !== "deleted" && this.#isUserInScope(id, properties)
        : this.#isInScope(this.#groups, this.#isAssigned(id), properties);
      if (!inScope) {
        if (link) links.set(id, { ...link, out: true });
        continue;
      }
      const mapping = isUser ? this.#users : this.#groups;
      const found = this.#match(mapping, properties, isUser ? target.users : target.groups);
      const skipped = isUser && !link && properties["accountEnabled"] === false;
      if (link) links.set(id, { ...link, out: false });
      else if (found && !skipped) links.set(id, { targetId: String(found["id"]), out: false });
    }
  }

  #user(
    source: Doc,
    inScope: boolean,
    enabled: boolean,
    link: Linked | undefined,
    found: Doc | undefined,
    manager: string | undefined,
  ): Verdict {
    if (!inScope) return link && !link.out && found && found["active"] !== false ? disable : nothing;
    if (!enabled && !link) return nothing;
    const writes = rowsToWrite(this.#users.attributeMappings, source, found);
    const row = this.#users.attributeMappings.find(({ targetAttributeName: path }) => path.endsWith(":manager"));
    if (row !== undefined && manager !== undefined) {
      const actual = found && at(found, row.targetAttributeName);
      if ((actual as { value?: string } | undefined)?.value !== manager)
        writes.set(`${row.targetAttributeName}.value`, manager);
    }
    if (found === undefined) return enabled ? { action: "create", writes } : nothing;
    if (writes.size === 0) return nothing;
    return { action: writes.get("active") === false ? "disable" : "update", writes };
  }

  #group(source: Doc, found: Doc | undefined, members: readonly string[] | undefined): Verdict {
    const writes = rowsToWrite(this.#groups.attributeMappings, source, found);
    if (found === undefined) return { action: "create", writes };
    if (members !== undefined) writes.set("members", members);
    return writes.size === 0 ? nothing : { action: "update", writes };
  }

  /** The ids that a group is to have; `undefined` when it has them. Whom the service does not know stays. */
  #members(found: Doc, wanted: readonly string[], places: ReadonlyMap<string, string>): string[] | undefined {
    const ours = new Set([...places.values(), ...[...this.#links.User.values()].map(({ targetId }) => targetId)]);
    const present = ((found["members"] ?? []) as { value: string }[]).map(({ value }) => value);
    const kept = present.filter((id) => !ours.has(id) || wanted.includes(id));
    const added = wanted.filter((id) => !present.includes(id));
    return added.length === 0 && kept.length === present.length ? undefined : [...kept, ...added];
  }

  #isUserInScope(id: string, source: Doc): boolean {
    const through = [...this.#tenant.groups.values()].some(
      (group) => group.removed === undefined && group.members.has(id) && this.#isAssigned(group.id),
    );
    return this.#isInScope(this.#users, through || this.#isAssigned(id), source);
  }

  #isAssigned(id: string): boolean {
    return [...this.#tenant.assignments.values()].some(
      ({ principalId, resourceId }) => principalId === id && resourceId === this.#application,
    );
  }

  #isInScope({ scope }: ObjectMapping, assigned: boolean, source: Doc): boolean {
    if (!this.#syncAll && !assigned) return false;
    if (scope === null || scope.groups.length === 0) return true;
    return scope.groups.some(({ clauses }) =>
      clauses.every(({ sourceOperandName: name, operatorName, targetOperand: { values } }) => {
        const value = source[name];
        if (operatorName === "IS NOT NULL") return value != null && value !== "";
        if (value == null || value === "") return false;
        if (operatorName === "EQUALS") return textOf(value) === values[0];
        if (operatorName === "NOT EQUALS") return textOf(value) !== values[0];
        throw new Error(`The oracle does not know the operator ${operatorName}.`);
      }),
    );
  }

  #match({ attributeMappings }: ObjectMapping, source: Doc, all: readonly Doc[]): Doc | undefined {
    const { targetAttributeName: path, source: tree } = attributeMappings.find(({ matchingPriority: at }) => at === 1)!;
    const wanted = String(evaluate(tree, source)).toLowerCase();
    return all.find((doc) => String(at(doc, path)).toLowerCase() === wanted);
  }
}

const none: ReadonlyMap<string, unknown> = new Map();
const nothing: Verdict = { action: "nothing", writes: none };
const disable: Verdict = { action: "disable", writes: new Map([["active", false]]) };

/** Rows whose value the target does not have. Nothing at the source writes nothing; members are told apart. */
function rowsToWrite(rows: readonly Row[], source: Doc, found: Doc | undefined): Map<string, unknown> {
  const writes = new Map<string, unknown>();
  for (const { targetAttributeName: path, source: tree, flowType } of rows) {
    if (path === "members" || path.endsWith(":manager")) continue;
    if (found !== undefined && flowType === "ObjectAddOnly") continue;
    const text = evaluate(tree, source);
    if (text === null || text === "") continue;
    const wanted = path === "active" ? text === "True" : text;
    const actual = found && at(found, path);
    const same =
      path === "userName" ? String(actual).toLowerCase() === String(wanted).toLowerCase() : actual === wanted;
    if (found === undefined || !same) writes.set(path, wanted);
  }
  return writes;
}

/** What a row's tree gives: the few functions that the templates use. */
function evaluate({ type, name, parameters = [] }: Tree, source: Doc): string | null {
  if (type === "Constant") return name;
  if (type === "Attribute") {
    const value = source[name];
    return textOf(value);
  }
  const values = parameters.map(({ value }) => evaluate(value, source));
  if (name === "Join")
    return values
      .slice(1)
      .filter(Boolean)
      .join(values[0] ?? "");
  if (name !== "Switch") throw new Error(`The oracle does not know the function ${name}.`);
  // Source, then a default where the count leaves one over, then pairs.
  const pairs = values.slice(values.length % 2 === 0 ? 2 : 1);
  for (let pair = 0; pair < pairs.length; pair += 2) if (pairs[pair] === values[0]) return pairs[pair + 1] ?? null;
  return values.length % 2 === 0 ? (values[1] ?? null) : null;
}

/** A text, or a boolean or number as a text; nothing else is mapped here. */
function textOf(value: unknown): string | null {
  if (typeof value === "boolean") return value ? "True" : "False";
  return typeof value === "string" ? value : typeof value === "number" ? String(value) : null;
}

/** The value at a target path: `a`, `a.b`, `a[type eq "x"].b`, `urn:…:User:a`, `urn:…:User:a.b`. */
export function at(doc: Doc, path: string): unknown {
  const urn = /^(urn:.+):([^:]+)$/.exec(path);
  if (urn !== null) return at((doc[urn[1]!] ?? {}) as Doc, urn[2]!);
  const element = /^(\w+)\[type eq "(\w+)"\]\.(\w+)$/.exec(path);
  if (element !== null) {
    const all = (doc[element[1]!] ?? []) as Doc[];
    return all.find(({ type }) => type === element[2])?.[element[3]!];
  }
  const [name = "", sub] = path.split(".");
  return sub === undefined ? doc[name] : ((doc[name] ?? {}) as Doc)[sub];
}

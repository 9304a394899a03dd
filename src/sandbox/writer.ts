import { isDeepStrictEqual } from "node:util";
import { ScimError } from "../scim/errors.ts";
import { applyPatch } from "../scim/patch/apply.ts";
import type { PatchOperation, ResourceType, ScimDocument } from "../scim/resource.ts";
import type { ResourceSchema } from "../scim/schema.ts";
import { elementsOf } from "../scim/values.ts";
import { refuseConflict } from "./conflicts.ts";
import { readDatabricksOperation } from "./databricksPatch.ts";
import {
  completeNew,
  countNamedMembers,
  ignoredUpdates,
  isDatabricksId,
  missingApplicationId,
  refuseDocument,
  refuseEdit,
  refuseManyMembers,
  splitByLevel,
} from "./databricksRules.ts";
import type { Entry, Level } from "./entry.ts";
import { readResource, refuseForeignSchemas } from "./intake.ts";
import { coreUrns, levelRules } from "./levels.ts";
import { MembershipDraft } from "./membership.ts";
import { readOperations } from "./operations.ts";
import type { Limits, Switches } from "./options.ts";
import { patchGroup } from "./patchGroup.ts";
import type { Renderer } from "./render.ts";
import type { Store } from "./store.ts";
import type { SystemGroups } from "./systemGroups.ts";

/** Every change of the store that a request can ask for. Each is worked out first and stored whole, or not at all. */
export class Writer {
  readonly #store: Store;
  readonly #renderer: Renderer;
  readonly #switches: Switches;
  readonly #limits: Limits;
  readonly #system: SystemGroups | undefined;

  constructor(
    store: Store,
    renderer: Renderer,
    settings: { readonly switches: Switches; readonly limits: Limits; readonly system?: SystemGroups | undefined },
  ) {
    this.#store = store;
    this.#renderer = renderer;
    this.#switches = settings.switches;
    this.#limits = settings.limits;
    this.#system = settings.system;
  }

  /** POST (RFC 7644 section 3.3). A principal that the account knows and the workspace does not is assigned to it. */
  create(level: Level, type: ResourceType, body: unknown): Entry {
    const schema = this.#schema(level, type);
    const { members, ...read } = readResource(body, schema);
    const { databricks } = levelRules[level];
    if (!databricks) refuseForeignSchemas(body, schema);
    const document = databricks ? completeNew(type, read, this.#switches) : read;
    if (databricks) refuseDocument(level, type, document);
    if (databricks) refuseManyMembers(countNamedMembers(body), this.#switches);
    refuseConflict(this.#store, level, type, document);
    const draft = this.#draft(level, undefined);
    draft.add(elementsOf(members));
    draft.check(this.#limits);
    const { shared, own } = splitByLevel(level, document, undefined, type);
    const known = type === "Group" ? undefined : this.#known(type, document);
    if (known) {
      this.#store.update(known, { ...known.shared, ...shared }, own);
      this.#store.show(known, level);
      this.#system?.welcome(known);
      return known;
    }
    this.#refuseFull(level, type);
    const levels: readonly Level[] = level === "workspace" && type !== "Group" ? ["account", "workspace"] : [level];
    const home = level === "workspace" && type !== "Group" ? "account" : level;
    const entry = this.#store.add({ type, home, levels, shared, own });
    this.#store.changeMembers(entry, draft.changes());
    this.#system?.welcome(entry);
    return entry;
  }

  /** Assigns a resource of the account to the workspace. */
  assign(entry: Entry): void {
    this.#store.show(entry, "workspace");
    this.#system?.welcome(entry);
  }

  /** PUT (RFC 7644 section 3.5.1): what the body does not name is cleared. */
  replace(level: Level, entry: Entry, body: unknown): void {
    const { databricks } = levelRules[level];
    if (databricks) refuseEdit(level, entry, this.#switches);
    const schema = this.#schema(level, entry.type);
    const { members, ...document } = readResource(body, schema);
    if (!databricks) refuseForeignSchemas(body, schema);
    if (databricks) refuseManyMembers(countNamedMembers(body), this.#switches);
    if (databricks && entry.type === "ServicePrincipal" && document.applicationId === undefined) {
      if (this.#switches.azure && level === "workspace") throw missingApplicationId();
      document.applicationId = entry.shared.applicationId;
    }
    if (databricks && entry.type !== "Group") document.active ??= true;
    const draft = this.#draft(level, entry);
    // A plain replace would move members that stay to the end.
    const named = elementsOf(members);
    const ids = new Set(named.map((element) => (element as { value?: unknown }).value));
    draft.remove(draft.current().flatMap(({ id }) => (ids.has(id) ? [] : [id])));
    draft.add(named);
    this.#commit(level, entry, document, draft);
  }

  /** PATCH (RFC 7644 section 3.5.2). */
  patch(level: Level, entry: Entry, body: unknown): void {
    const { databricks } = levelRules[level];
    if (databricks) refuseEdit(level, entry, this.#switches);
    const schema = this.#schema(level, entry.type);
    if (databricks && entry.type === "Group") refuseManyMembers(countNamedMembers(body), this.#switches);
    const draft = this.#draft(level, entry);
    const bare = { schemas: [coreUrns[entry.type]], id: entry.id, ...this.#renderer.attributes(entry, level) };
    let document: ScimDocument = bare;
    for (const operation of readOperations(body, !databricks)) {
      const forms = databricks ? this.#databricksForms(operation, level, entry, document) : [operation];
      document =
        entry.type === "Group"
          ? patchGroup(document, forms, schema, draft, (member) => this.#renderer.member(member, level))
          : forms.length > 0
            ? applyPatch(document, forms, schema)
            : document;
    }
    const { schemas: _schemas, id: _id, meta: _meta, groups: _groups, ...next } = document;
    this.#commit(level, entry, next, draft);
  }

  /** DELETE (RFC 7644 section 3.6). In a workspace it ends the assignment; at the account it removes everywhere. */
  delete(level: Level, entry: Entry): void {
    if (entry.system) {
      throw new ScimError(
        403,
        `Group ${String(entry.shared.displayName)} belongs to the service and cannot be deleted.`,
      );
    }
    if (levelRules[level].databricks) refuseEdit(level, entry, this.#switches);
    if (level === "workspace") this.#store.hide(entry, level);
    else this.#store.remove(entry);
  }

  #commit(level: Level, entry: Entry, document: ScimDocument, draft: MembershipDraft): void {
    const before = this.#renderer.attributes(entry, level);
    const next = { ...document };
    if (levelRules[level].databricks) {
      for (const name of ignoredUpdates(entry.type, level, this.#switches)) {
        if (before[name] === undefined) Reflect.deleteProperty(next, name);
        else next[name] = before[name];
      }
      refuseDocument(level, entry.type, next, entry);
    }
    refuseConflict(this.#store, level, entry.type, next, entry);
    draft.check(this.#limits);
    if (!isDeepStrictEqual(before, next)) {
      const { shared, own } = splitByLevel(level, next, entry, entry.type);
      this.#store.update(entry, shared, own);
    }
    this.#store.changeMembers(entry, draft.changes());
  }

  #databricksForms(operation: PatchOperation, level: Level, entry: Entry, document: ScimDocument) {
    return readDatabricksOperation(operation, {
      level,
      switches: this.#switches,
      ignored: ignoredUpdates(entry.type, level, this.#switches),
      has: (attribute) => document[attribute] !== undefined,
    });
  }

  #draft(level: Level, group: Entry | undefined): MembershipDraft {
    return new MembershipDraft(group, (id) => {
      const member = this.#store.get(level, id);
      if (member) return member;
      // Databricks accepts an application id as a member and adds nobody.
      if (levelRules[level].databricks && !isDatabricksId(id)) return undefined;
      throw new ScimError(400, `The member ${JSON.stringify(id.slice(0, 80))} does not exist.`, "invalidValue");
    });
  }

  #schema(level: Level, type: ResourceType): ResourceSchema {
    const schema = levelRules[level].schemas[type];
    if (!schema) throw new ScimError(404, `This service has no resource type ${type}.`);
    return schema;
  }

  /** The account's own record of a principal. */
  #known(type: ResourceType, document: ScimDocument): Entry | undefined {
    const attribute = type === "User" ? "userName" : "applicationId";
    const name = document[attribute];
    return typeof name === "string" ? this.#store.find(type, attribute, name)[0] : undefined;
  }

  #refuseFull(level: Level, type: ResourceType): void {
    if (level === "rfc") return;
    const groups = this.#store.list(level, "Group").length;
    if (type === "Group" && groups >= this.#limits.groups) throw full(`${this.#limits.groups} groups`);
    const principals = this.#store.list(level, "User").length + this.#store.list(level, "ServicePrincipal").length;
    if (type !== "Group" && principals >= this.#limits.principals) {
      throw full(`${this.#limits.principals} users and service principals`);
    }
  }
}

function full(what: string): ScimError {
  return new ScimError(400, `The limit of ${what} is reached.`, "invalidValue");
}

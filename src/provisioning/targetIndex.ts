import type { Dialect } from "../scim/dialects/dialect.ts";
import { lookupValue } from "../scim/dialects/dialects.ts";
import type { ScimResource } from "../scim/resource.ts";
import type { ResourceSchema } from "../scim/schema.ts";
import type { AttributeReader } from "./attributeReader.ts";
import { attributeReader, isCaseExact } from "./attributeReader.ts";

/** Matching attributes by resource type, as target paths in order of precedence. */
export type MatchingPaths = Readonly<Record<"User" | "Group", readonly string[]>>;

/** The schemas of the target's resources. */
export type TargetSchemas = Readonly<Record<"User" | "Group", ResourceSchema>>;

/**
 * What is known of the target: its resources by id and by the values of the matching attributes. A value that the service
 * compares without case is found in any case, and so are folded ones.
 */
export class TargetIndex {
  readonly #byId: Record<"User" | "Group", Map<string, ScimResource>> = { User: new Map(), Group: new Map() };
  readonly #byValue: Record<"User" | "Group", Map<string, ValueIndex>> = { User: new Map(), Group: new Map() };

  constructor(paths: MatchingPaths, schemas: TargetSchemas, dialect: Dialect) {
    for (const type of ["User", "Group"] as const) {
      for (const path of paths[type]) this.#byValue[type].set(path, new ValueIndex(type, path, schemas[type], dialect));
    }
  }

  add(type: "User" | "Group", resource: ScimResource): void {
    if (this.#byId[type].has(resource.id)) return;
    this.#byId[type].set(resource.id, resource);
    for (const index of this.#byValue[type].values()) index.add(resource);
  }

  get(type: "User" | "Group", id: string): ScimResource | undefined {
    return this.#byId[type].get(id);
  }

  /** Puts a fuller copy in the place of a resource that is known already, for example a group with its members. */
  refresh(type: "User" | "Group", resource: ScimResource): void {
    const known = this.#byId[type].get(resource.id);
    this.#byId[type].set(resource.id, resource);
    for (const index of this.#byValue[type].values()) {
      if (known !== undefined) index.remove(known);
      index.add(resource);
    }
  }

  /** Every resource that has the value at the matching path; more than one is for a person to sort out. */
  find(type: "User" | "Group", path: string, value: string): readonly ScimResource[] {
    return this.#byValue[type].get(path)?.find(value) ?? [];
  }

  /** The form in which two values of a matching attribute count as the same. */
  key(type: "User" | "Group", path: string, value: string): string {
    return this.#byValue[type].get(path)?.key(value) ?? value;
  }

  size(type: "User" | "Group"): number {
    return this.#byId[type].size;
  }

  all(type: "User" | "Group"): Iterable<ScimResource> {
    return this.#byId[type].values();
  }
}

/** Resources by the value of one attribute. */
class ValueIndex {
  readonly #resources = new Map<string, ScimResource | ScimResource[]>();
  readonly #values: AttributeReader;
  readonly key: (value: string) => string;

  constructor(type: "User" | "Group", path: string, schema: ResourceSchema, dialect: Dialect) {
    this.#values = attributeReader(path, schema);
    // Folding both sides is right where the service folds what it stores, and where it compares without case.
    const folds = lookupValue(dialect, type, path, "A") === "a" || !isCaseExact(path, schema);
    this.key = folds ? (value) => value.toLowerCase() : (value) => value;
  }

  add(resource: ScimResource): void {
    for (const value of this.#values(resource)) {
      if (typeof value !== "string") continue;
      const key = this.key(value);
      const known = this.#resources.get(key);
      if (known === undefined) this.#resources.set(key, resource);
      else if (isList(known)) known.push(resource);
      else this.#resources.set(key, [known, resource]);
    }
  }

  remove(resource: ScimResource): void {
    for (const value of this.#values(resource)) {
      if (typeof value !== "string") continue;
      const key = this.key(value);
      const others = this.find(value).filter((other) => other !== resource);
      if (others.length === 0) this.#resources.delete(key);
      else this.#resources.set(key, others);
    }
  }

  find(value: string): readonly ScimResource[] {
    const found = this.#resources.get(this.key(value));
    return found === undefined ? [] : isList(found) ? found : [found];
  }
}

function isList(value: ScimResource | ScimResource[]): value is ScimResource[] {
  return Array.isArray(value);
}

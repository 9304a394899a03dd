import { hash } from "node:crypto";
import type { DirectoryGroup, DirectoryUser, SourceAttributes } from "../directory/source.ts";
import type { CompiledMappings } from "../mapping/compileMappings.ts";
import type { AppRole } from "../mapping/expression/context.ts";
import type { RoleIndex } from "../scope/roles.ts";
import type { ScopeCause, ScopeDecision } from "../scope/scope.ts";
import type { Link } from "./jobState.ts";
import type { Known } from "./known.ts";
import type { Skip, SkipReason } from "./plan.ts";
import { sourceName } from "./sourceName.ts";

/** One directory object that has to be compared with the target. */
export interface Considered {
  readonly type: "User" | "Group";
  readonly sourceId: string;
  /** What a person calls it in the directory. */
  readonly name: string;
  readonly attributes: SourceAttributes;
  /** The computed attributes that expressions read. */
  readonly computed: ComputedAttributes;
  /** Hash of all that the plan derives from the directory. */
  readonly hash: string;
  readonly link: Link | undefined;
  /** Matching values in order of precedence. */
  readonly matching: readonly MatchingValue[];
  /** Of a group: the members that are provisioned. */
  readonly members?: readonly Known[];
}

/** What expressions read of an object beside its attributes. */
export interface ComputedAttributes {
  /** The service's `IsSoftDeleted`: disabled in the directory. */
  readonly isSoftDeleted: boolean;
  /** The user's roles for the application; absent where no mapping reads them. */
  readonly appRoleAssignments?: readonly AppRole[];
}

export interface MatchingValue {
  /** Target path. */
  readonly path: string;
  readonly value: string;
}

/** What becomes of one directory object before the target is looked at. */
export type Consideration =
  | { readonly kind: "compare"; readonly object: Considered }
  /** Linked and the same as in the last cycle. */
  | { readonly kind: "unchanged" }
  /** Linked, and no longer in scope. */
  | {
      readonly kind: "leaving";
      readonly targetId: string;
      readonly name: string;
      readonly reason: string;
      readonly again?: true;
    }
  | { readonly kind: "skip"; readonly skip: Skip };

export interface ConsiderOptions {
  readonly type: "User" | "Group";
  readonly mappings: CompiledMappings;
  /** Compare everyone, whether or not they moved since the last cycle. */
  readonly everyone: boolean;
  /** Look also at users who have left the scope: one whose access was given back in the target leaves again. */
  readonly leftToo: boolean;
  /** Of users, where a mapping reads `appRoleAssignments`. */
  readonly roles?: RoleIndex | undefined;
}

const enabled: ComputedAttributes = { isSoftDeleted: false };
const disabled: ComputedAttributes = { isSoftDeleted: true };

/** The computed attributes of a user or group, by what scope says of it. */
export function computedAttributes(
  type: "User" | "Group",
  sourceId: string,
  { active }: Pick<ScopeDecision, "active">,
  roles: RoleIndex | undefined,
): ComputedAttributes {
  if (type === "Group") return enabled;
  const computed = active ? enabled : disabled;
  return roles === undefined ? computed : { ...computed, appRoleAssignments: roles.of(sourceId) };
}

/** Decides for each directory object whether it has to be compared with the target, and with which matching values. */
export class Considerer {
  readonly #options: ConsiderOptions;
  readonly #attributes: readonly string[];

  constructor(options: ConsiderOptions) {
    this.#options = options;
    this.#attributes = [...options.mappings.sourceAttributes].sort();
  }

  /**
   * @param name what a person calls the object: its `sourceName`
   * @param members of a group, the members that are provisioned
   */
  consider(
    source: DirectoryUser | DirectoryGroup,
    name: string,
    decision: ScopeDecision,
    link: Link | undefined,
    members?: readonly Known[],
  ): Consideration {
    const { type, everyone, leftToo, roles } = this.#options;
    if (!decision.inScope) {
      if (link === undefined)
        return this.#skip(source, decision.reason ?? "NotEffectivelyEntitled", decision.detail, decision.cause);
      if (link.scope === "out" && !leftToo) return { kind: "unchanged" };
      const leaving = { kind: "leaving", targetId: link.targetId, name, reason: decision.detail } as const;
      return link.scope === "out" ? { ...leaving, again: true } : leaving;
    }
    if (!decision.active && link === undefined) {
      const detail = `${decision.detail} It was never provisioned.`;
      return this.#skip(source, "NotEffectivelyEntitled", detail, decision.cause);
    }
    const computed = computedAttributes(type, source.id, decision, roles);
    const contentHash = this.#hash(source, computed, members);
    if (!everyone && link?.hash === contentHash && link.scope === "in" && link.deferred === undefined) {
      return { kind: "unchanged" };
    }
    const matching = this.#matchingValues(source.attributes, computed);
    if (typeof matching === "string") return this.#skip(source, "MappingFailed", matching);
    if (matching.length === 0 && link === undefined) {
      const paths = this.#options.mappings.matching.map(({ row }) => row.target.path).join(", ");
      return this.#skip(source, "ImportSkipped", `No value for any matching attribute (${paths}).`);
    }
    const object = {
      type,
      sourceId: source.id,
      name,
      attributes: source.attributes,
      computed,
      hash: contentHash,
      link,
      matching,
    };
    return { kind: "compare", object: members === undefined ? object : { ...object, members } };
  }

  #skip(source: DirectoryUser | DirectoryGroup, reason: SkipReason, detail: string, cause?: ScopeCause): Consideration {
    const { type } = this.#options;
    return {
      kind: "skip",
      skip: {
        ...{ sourceId: source.id, resourceType: type, name: sourceName(source), reason, detail },
        ...(cause !== undefined && { cause }),
      },
    };
  }

  #matchingValues(attributes: SourceAttributes, computed: ComputedAttributes): MatchingValue[] | string {
    const values: MatchingValue[] = [];
    for (const { row, value } of this.#options.mappings.matching) {
      try {
        const found = value(attributes, computed);
        if (found !== null) values.push({ path: row.target.path, value: found });
      } catch (error) {
        return `${row.target.path}: ${error instanceof Error ? error.message : String(error)}`;
      }
    }
    return values;
  }

  /** Only what is mapped counts: an attribute that nobody maps may change as it likes. */
  #hash(
    source: DirectoryUser | DirectoryGroup,
    { isSoftDeleted, appRoleAssignments }: ComputedAttributes,
    members: readonly Known[] | undefined,
  ): string {
    let text = isSoftDeleted ? "-" : "+";
    for (const name of this.#attributes) {
      const value = Object.hasOwn(source.attributes, name) ? source.attributes[name] : undefined;
      text += typeof value === "object" ? `\u0001${value.join("\u0002")}` : `\u0001${value ?? "\u0000"}`;
    }
    for (const { value, displayName } of appRoleAssignments ?? []) text += `\u0004${value}\u0002${displayName}`;
    if (members !== undefined)
      text += `\u0003${members
        .map(({ id }) => id)
        .sort()
        .join("\u0002")}`;
    return hash("sha1", text, "base64url");
  }
}

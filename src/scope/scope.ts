import type { Assignment, DirectoryGroup, DirectoryUser, SourceAttributes } from "../directory/source.ts";
import { parseBoolean } from "../directory/attributes.ts";
import { AssignmentIndex, type NestedMember, type Route } from "./assignments.ts";
import { type ClauseOutcome, ScopingFilter } from "./filter.ts";
import type { ScopeRules } from "./rules.ts";

/** What keeps an object from being provisioned. */
export type ScopeCause = "notAssigned" | "nested" | "defaultAccess" | "filter" | "disabled" | "deleted";

/** Whether an object is in scope, and why not. */
export interface ScopeDecision {
  /** Assigned (or everybody is), entitled, and through the filters. Says nothing of `active`. */
  readonly inScope: boolean;
  /** Enabled and not deleted in the directory. Who is in scope but not active is deactivated when provisioned, else not created. */
  readonly active: boolean;
  /** The provisioning service's skip reason; present unless the object is both in scope and active. */
  readonly reason?: "NotEffectivelyEntitled";
  /** Which rule decided; there with `reason`. */
  readonly cause?: ScopeCause;
  /** One sentence with the data that decided. */
  readonly detail: string;
}

/** One rule of the scope, with the names of the provisioning service's step details. */
export interface ScopeRule {
  readonly name:
    | "Active in the source system"
    | "Assigned to the application"
    | "User has the required role"
    | "Scoping filter evaluation passed";
  readonly passed: boolean;
  /** What decided, for example `through data-platform`. */
  readonly value: string;
}

/** A decision with every rule, whether or not an earlier one had decided already. */
export interface ScopeExplanation extends ScopeDecision {
  readonly rules: readonly ScopeRule[];
  readonly clauses: readonly ClauseOutcome[];
  readonly routes: readonly Route[];
  readonly nested?: NestedMember;
}

/** What scope needs to know of a directory. */
export interface ScopeIndex {
  readonly assignments: readonly Assignment[];
  /** Every group by id. */
  readonly groups: Pick<ReadonlyMap<string, DirectoryGroup>, "get">;
}

/** The scope of a job over one directory. */
export interface Scope {
  user(user: DirectoryUser): ScopeDecision;
  group(group: DirectoryGroup): ScopeDecision;
  /** Whether assignment lets an object in, whatever the filters and its own attributes say. */
  entitles(type: "User" | "Group", id: string): boolean;
  /** The same decision by the same rules, with everything that led to it. */
  explainUser(user: DirectoryUser): ScopeExplanation;
  explainGroup(group: DirectoryGroup): ScopeExplanation;
  /** Users and groups that an assigned group holds only through another group, by id; none when everybody is in scope. */
  leftOutByNesting(): ReadonlyMap<string, NestedMember>;
}

interface Subject {
  readonly id: string;
  readonly type: "User" | "Group";
  readonly attributes: SourceAttributes;
}

const inAndActive: ScopeDecision = { inScope: true, active: true, detail: "In scope." };

/**
 * Makes the scope of a job ready.
 * @throws ClauseError when a clause cannot be evaluated.
 */
export function compileScope(rules: ScopeRules, index: ScopeIndex): Scope {
  const assigned =
    rules.mode === "assigned"
      ? new AssignmentIndex(index.assignments, index.groups, rules.defaultAccess === "include")
      : undefined;
  const filters = { User: new ScopingFilter(rules.users), Group: new ScopingFilter(rules.groups) };

  const routeOf = ({ id, type }: Pick<Subject, "id" | "type">): Route | undefined =>
    type === "User" ? assigned?.user(id) : assigned?.group(id);

  const decide = (subject: Subject, trace?: (outcome: ClauseOutcome) => void): ScopeDecision => {
    const active = isActive(subject.attributes);
    const route = routeOf(subject);
    const passes = (): boolean => filters[subject.type].passes(subject.attributes, trace);
    const no = (cause: ScopeCause, detail: string): ScopeDecision => {
      const inScope = cause === "disabled" || cause === "deleted";
      return { inScope, active, reason: "NotEffectivelyEntitled", cause, detail };
    };
    // With a trace every clause is evaluated, whatever decided before.
    const passed = trace === undefined || passes();
    if (assigned !== undefined && route === undefined) {
      const nested = assigned.nested(subject.id);
      return no(nested === undefined ? "notAssigned" : "nested", notAssigned(nested));
    }
    if (route?.entitles === false) {
      const nested = assigned?.nested(subject.id);
      const also = nested === undefined ? "" : ` ${notAssigned(nested)}`;
      return no("defaultAccess", `Holds only the Default Access role${through(route)}, which does not entitle.${also}`);
    }
    if (trace === undefined ? !passes() : !passed) return no("filter", "No group of the scoping filter passes.");
    if (active) return inAndActive;
    return isSoftDeleted(subject.attributes)
      ? no("deleted", "Deleted in the directory (IsSoftDeleted True).")
      : no("disabled", "Disabled in the directory (accountEnabled False).");
  };

  const explain = (subject: Subject): ScopeExplanation => {
    const clauses: ClauseOutcome[] = [];
    const decision = decide(subject, (outcome) => clauses.push(outcome));
    const route = routeOf(subject);
    const nested = assigned?.nested(subject.id);
    const filter = filters[subject.type].passes(subject.attributes);
    const everybody = "scope is everybody";
    return {
      ...decision,
      rules: [
        { name: "Active in the source system", passed: decision.active, value: decision.active ? "True" : "False" },
        {
          name: "Assigned to the application",
          passed: assigned === undefined || route !== undefined,
          value:
            assigned === undefined
              ? everybody
              : route === undefined
                ? "not assigned"
                : route.group === undefined
                  ? "directly"
                  : through(route).trim(),
        },
        {
          name: "User has the required role",
          passed: assigned === undefined || route?.entitles === true,
          value:
            assigned === undefined
              ? everybody
              : route === undefined
                ? "no role"
                : route.entitles && route.role !== ""
                  ? route.role
                  : "Default Access only",
        },
        {
          name: "Scoping filter evaluation passed",
          passed: filter,
          value: clauses.length === 0 ? "no filter" : filter ? "True" : "False",
        },
      ],
      clauses,
      routes: assigned?.routes(subject.id, subject.type) ?? [],
      ...(nested && { nested }),
    };
  };

  const asUser = ({ id, attributes }: DirectoryUser): Subject => ({ id, type: "User", attributes });
  const asGroup = ({ id, attributes }: DirectoryGroup): Subject => ({ id, type: "Group", attributes });
  return {
    user: (user) => decide(asUser(user)),
    group: (group) => decide(asGroup(group)),
    entitles: (type, id) => assigned === undefined || routeOf({ id, type })?.entitles === true,
    explainUser: (user) => explain(asUser(user)),
    explainGroup: (group) => explain(asGroup(group)),
    leftOutByNesting: () => assigned?.leftOutByNesting() ?? new Map<string, NestedMember>(),
  };
}

/** Whether an object is enabled and not deleted in the directory; groups have neither attribute and are active. */
export function isActive(attributes: SourceAttributes): boolean {
  return isTrue(attributes["accountEnabled"] ?? true) && !isSoftDeleted(attributes);
}

function isSoftDeleted(attributes: SourceAttributes): boolean {
  return isTrue(attributes["isSoftDeleted"] ?? false) || isTrue(attributes["IsSoftDeleted"] ?? false);
}

function isTrue(value: SourceAttributes[string]): boolean {
  return typeof value === "string" ? parseBoolean(value) === true : value === true;
}

function notAssigned(nested: NestedMember | undefined): string {
  if (nested === undefined) return "Not assigned to the application.";
  const { inner, outer } = nested;
  if (inner === outer) return `Nested in ${nameOf(outer)}, which is assigned. Nested groups are not provisioned.`;
  return `Member of ${nameOf(inner)}, which is nested in the assigned group ${nameOf(outer)}. A group assignment brings direct members only.`;
}

function through(route: Route): string {
  return route.group === undefined ? "" : ` through ${nameOf(route.group)}`;
}

function nameOf(group: DirectoryGroup): string {
  const name = group.attributes["displayName"];
  return typeof name === "string" ? name : group.id;
}

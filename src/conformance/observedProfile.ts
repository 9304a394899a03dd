import type { ScimDocument } from "../scim/resource.ts";
import { property } from "../scim/values.ts";
import type { RuleResult } from "./rule.ts";

/** What a service was seen to do, as data that a client can stand on. A part that was not tried is absent. */
export interface ObservedProfile {
  readonly patch?: boolean;
  /** Filter operators that are evaluated. */
  readonly filterOperators?: readonly string[];
  readonly sort?: boolean;
  readonly etags?: boolean;
  readonly search?: boolean;
  readonly discovery?: boolean;
  /** Whether a list of groups carries members. */
  readonly listHasMembers?: boolean;
  /** The forms that take a member out. */
  readonly removeMember?: readonly ("filter" | "value")[];
  /** Whether paths may hold a value filter. */
  readonly filteredPaths?: boolean;
  /** Whether `active` may be sent as text. */
  readonly textBooleans?: boolean;
  /** Whether userName is stored as it is sent. */
  readonly keepsUserNameCase?: boolean;
  readonly userNameWritable?: boolean;
  readonly enterpriseUser?: boolean;
  /** Whether a deleted user is gone and its name free. */
  readonly hardDelete?: boolean;
}

/** What a service announces beside what it was seen to do. */
export interface Capability {
  readonly name: string;
  /** `undefined`: it says nothing of it. */
  readonly declared: boolean | undefined;
  /** `undefined`: not tried. */
  readonly observed: boolean | undefined;
}

/** Gathers what the results say of a service. */
export function observedProfile(results: readonly RuleResult[]): ObservedProfile {
  const seen = seenIn(results);
  const operators = ["eq", "ne", "co", "sw", "ew", "pr", "gt"].filter((name) => seen(`filter.${name}`) !== undefined);
  const forms = (["filter", "value"] as const).filter(
    (form) => seen(form === "filter" ? "group.removeMember" : "entra.removeMember") === true,
  );
  const known = {
    patch: seen("patch.replacePath"),
    sort: seen("list.sort"),
    etags: seen("version.etag"),
    search: seen("search.post"),
    discovery: seen("discovery.schemas"),
    listHasMembers: seen("list.groupMembers"),
    filteredPaths: seen("patch.filteredPath"),
    textBooleans: seen("entra.disable"),
    keepsUserNameCase: seen("create.asSent"),
    userNameWritable: seen("patch.userName"),
    enterpriseUser: seen("create.enterprise"),
    hardDelete: seen("delete.gone"),
  };
  return {
    ...Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined)),
    ...(operators.length > 0 && { filterOperators: operators.filter((name) => seen(`filter.${name}`)) }),
    ...(seen("group.removeMember") !== undefined && { removeMember: forms }),
  };
}

/** Sets what ServiceProviderConfig announces beside what the results show. */
export function compareCapabilities(
  config: ScimDocument | undefined,
  results: readonly RuleResult[],
): readonly Capability[] {
  const seen = seenIn(results);
  const declared = (name: string) => {
    const supported = property(property(config, name), "supported");
    return typeof supported === "boolean" ? supported : undefined;
  };
  return [
    { name: "patch", declared: declared("patch"), observed: seen("patch.replacePath") },
    { name: "filter", declared: declared("filter"), observed: seen("filter.eq") ?? seen("filter.nobody") },
    { name: "sort", declared: declared("sort"), observed: seen("list.sort") },
    { name: "etag", declared: declared("etag"), observed: seen("version.etag") },
    { name: "bulk", declared: declared("bulk"), observed: undefined },
    { name: "changePassword", declared: declared("changePassword"), observed: undefined },
  ];
}

function seenIn(results: readonly RuleResult[]): (id: string) => boolean | undefined {
  const verdicts = new Map(results.map(({ id, verdict }) => [id, verdict]));
  return (id) => {
    const verdict = verdicts.get(id);
    return verdict === undefined || verdict === "notTried" ? undefined : verdict === "passed";
  };
}

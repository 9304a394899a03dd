import type { ScimDocument } from "../scim/resource.ts";
import { property } from "../scim/values.ts";
import type { ObservedProfile } from "../scim/observed.ts";
import type { Lab } from "./lab.ts";
import { resourcesOf } from "./labAnswer.ts";
import type { RuleResult } from "./rule.ts";

/** What a service announces beside what it was seen to do. */
export interface Capability {
  readonly name: string;
  /** `undefined`: it says nothing of it. */
  readonly declared: boolean | undefined;
  /** `undefined`: not tried. */
  readonly observed: boolean | undefined;
}

/** More than any page that we ask for. */
const largestPage = 1000;

/** The most that a page holds, when the service has more and was asked for more; else that is not known. */
export async function observePageSize(lab: Lab): Promise<number | undefined> {
  const answer = await lab.list("User", { startIndex: "1", count: String(largestPage), attributes: "userName" });
  const received = resourcesOf(answer).length;
  const total = Number(property(answer.body, "totalResults"));
  return answer.status === 200 && received > 0 && received < Math.min(total, largestPage) ? received : undefined;
}

/** Gathers what the results say of a service. @param maxPageSize the most that a page was seen to hold */
export function observedProfile(results: readonly RuleResult[], maxPageSize?: number): ObservedProfile {
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
    ...(seen("filter.eq") === true &&
      seen("filter.caseExact") !== undefined && { caseSensitiveFilter: seen("filter.caseExact") === false }),
    ...(maxPageSize !== undefined && { maxPageSize }),
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

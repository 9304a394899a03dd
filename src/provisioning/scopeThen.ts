import type { ScopeCause, ScopeRule } from "../scope/scope.ts";
import type { ExplainDetail } from "./explanation.ts";
import type { LogRecord } from "./logRecord.ts";

/** The rules in the order in which a cycle looks at them; it ends at the first that keeps somebody out. */
const order: readonly ScopeRule["name"][] = [
  "Assigned to the application",
  "User has the required role",
  "Scoping filter evaluation passed",
  "Active in the source system",
];

const ruleOf: Readonly<Record<ScopeCause, ScopeRule["name"]>> = {
  notAssigned: "Assigned to the application",
  nested: "Assigned to the application",
  defaultAccess: "User has the required role",
  filter: "Scoping filter evaluation passed",
  disabled: "Active in the source system",
  deleted: "Active in the source system",
};

/** What a cycle decided by each rule, as far as its record tells; undefined when it does not. */
export function scopeThen(record: LogRecord): ((rule: string) => ExplainDetail["before"]) | undefined {
  const scoping = record.provisioningSteps.find(({ provisioningStepType }) => provisioningStepType === "scoping");
  if (record.provisioningAction === "disable" || record.provisioningAction === "delete") return undefined;
  if (scoping?.status !== "skipped") return (rule) => (isRule(rule) ? { value: "passed", passed: true } : undefined);
  const cause = scoping.details?.["cause"];
  const failing = cause !== undefined && Object.hasOwn(ruleOf, cause) ? ruleOf[cause as ScopeCause] : undefined;
  if (failing === undefined) return undefined;
  const end = order.indexOf(failing);
  return (rule) => {
    if (!isRule(rule)) return undefined;
    const at = order.indexOf(rule);
    if (at === end) return { value: scoping.description, passed: false };
    return at < end ? { value: "passed", passed: true } : { value: "not looked at" };
  };
}

function isRule(name: string): name is ScopeRule["name"] {
  return order.some((rule) => rule === name);
}

import type { Dialect } from "../scim/dialects/dialect.ts";

export type CheckStepId =
  | "address"
  | "connection"
  | "scim"
  | "authentication"
  | "permission"
  | "discovery"
  | "users"
  | "groups"
  | "filter"
  | "paging";

/** One rung of the ladder. */
export interface CheckStep {
  readonly id: CheckStepId;
  readonly title: string;
  /** `warned`: works, with something to know; `skipped`: not tried, since a rung below failed. */
  readonly status: "passed" | "failed" | "warned" | "skipped";
  /** Methods and redacted addresses, one a line. */
  readonly sent?: string;
  /** Status and short evidence. */
  readonly received?: string;
  readonly explanation: string;
  /** How to mend it; only of `failed` and `warned`. */
  readonly fix?: string;
}

/** The result of testing a connection. Holds no secret and no name of a person. */
export interface CheckReport {
  /** As normalised; as typed when it could not be. */
  readonly baseUrl: string;
  readonly dialect: Dialect["id"];
  readonly vendor: string;
  /** No step failed. */
  readonly healthy: boolean;
  readonly steps: readonly CheckStep[];
}

const marks = { passed: "ok  ", warned: "warn", failed: "FAIL", skipped: "skip" } as const;

/** The report as text for a terminal or an output channel; a failed or warned step shows its evidence and its fix. */
export function formatCheck(report: CheckReport): string {
  const lines = [`${report.vendor}  ${report.baseUrl}`, ""];
  const width = Math.max(...report.steps.map(({ title }) => title.length));
  for (const step of report.steps) {
    lines.push(`${marks[step.status]}  ${step.title.padEnd(width)}  ${step.explanation}`);
    if (step.status !== "failed" && step.status !== "warned") continue;
    const detail = (name: string, text: string | undefined) => {
      for (const [index, line] of (text ?? "").split("\n").entries()) {
        if (line !== "") lines.push(`${" ".repeat(width + 8)}${(index === 0 ? name : "").padEnd(10)}${line}`);
      }
    };
    detail("sent", step.sent);
    detail("received", step.received);
    detail("fix", step.fix);
  }
  lines.push("", verdict(report));
  return `${lines.join("\n")}\n`;
}

function verdict({ steps, healthy }: CheckReport): string {
  const warned = steps.filter(({ status }) => status === "warned").length;
  if (healthy) {
    return warned === 0 ? "Healthy." : `Healthy, with ${warned} ${warned === 1 ? "warning" : "warnings"}.`;
  }
  const failed = steps.filter(({ status }) => status === "failed").map(({ title }) => title);
  return `Not healthy: ${failed.join(", ")}.`;
}

import type { Change } from "../changes/change.ts";
import type { LogRecord } from "./logRecord.ts";
import type { Skip } from "./plan.ts";

/** One of the five steps of on-demand provisioning, with the service's names for them. */
export interface ExplainStep {
  readonly id: "connection" | "import" | "scope" | "match" | "action";
  readonly title: string;
  readonly status: "success" | "skipped" | "failure" | "notReached";
  /** What came out, in one sentence. */
  readonly summary: string;
  /** The data that decided, in order. */
  readonly details: readonly ExplainDetail[];
  /** How long it took, where it took time of its own. */
  readonly durationMs?: number;
}

export interface ExplainDetail {
  readonly name: string;
  readonly value: string;
  /** Only of rules: whether it holds. */
  readonly passed?: boolean;
  /** Only of rules: what the last cycle decided, as its record tells. */
  readonly before?: { readonly value: string; readonly passed?: boolean } | undefined;
}

/** Why one user or group is, or is not, provisioned. */
export interface Explanation {
  readonly job: string;
  readonly object?: { readonly type: "User" | "Group"; readonly sourceId: string; readonly name: string };
  /** The answer in one sentence. */
  readonly answer: string;
  readonly steps: readonly ExplainStep[];
  /** What the log last says of the object. */
  readonly last?: LogRecord;
  /** What would be done; absent when nothing would. */
  readonly change?: Change;
  readonly skip?: Skip;
}

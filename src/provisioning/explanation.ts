import type { Change } from "../changes/change.ts";
import type { Skip } from "./plan.ts";

/** One of the five steps of on-demand provisioning, with the service's names for them. */
export interface ExplainStep {
  readonly id: "import" | "scope" | "match" | "map" | "action";
  readonly title: string;
  readonly status: "success" | "skipped" | "failure" | "notReached";
  /** What came out, in one sentence. */
  readonly summary: string;
  /** The data that decided, in order. */
  readonly details: readonly ExplainDetail[];
}

export interface ExplainDetail {
  readonly name: string;
  readonly value: string;
  /** Only of rules: whether it holds. */
  readonly passed?: boolean;
}

/** Why one user or group is, or is not, provisioned. */
export interface Explanation {
  readonly job: string;
  readonly object?: { readonly type: "User" | "Group"; readonly sourceId: string; readonly name: string };
  /** The answer in one sentence. */
  readonly answer: string;
  readonly steps: readonly ExplainStep[];
  /** What would be done; absent when nothing would. */
  readonly change?: Change;
  readonly skip?: Skip;
}

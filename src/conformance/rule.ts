import type { Lab } from "./lab.ts";
import type { Exchange } from "./labAnswer.ts";

/** What a rule came to. */
export type Verdict =
  /** The service does as the rule says. */
  | "passed"
  /** The service does otherwise. */
  | "departed"
  /** An optional feature that the service does not have, and does not announce. */
  | "notOffered"
  /** Could not be tried: no data, no consent to write, or something that it stands on failed. */
  | "notTried";

export interface Finding {
  readonly verdict: Verdict;
  /** What the service did, and what that means. */
  readonly observed: string;
  /** How to mend or to live with it; only of `departed`. */
  readonly fix?: string;
}

/** Whose rule it is: the standard's, or that of a client whose requests are replayed. */
export type RuleOrigin = "RFC" | "Entra" | "Okta" | "JumpCloud";

/** One rule that a SCIM service is held to. */
export interface Rule {
  /** Stable, for example `patch.atomic`. */
  readonly id: string;
  readonly origin: RuleOrigin;
  /** Where it stands: "RFC 7644 section 3.5.2". */
  readonly source: string;
  /** What has to happen, in one sentence. */
  readonly expected: string;
  /** `write`: creates users or groups of its own, changes them, and removes them. */
  readonly kind: "read" | "write";
  readonly probe: (lab: Lab) => Promise<Finding>;
}

/** One rule with what became of it. */
export interface RuleResult extends Finding, Omit<Rule, "probe"> {
  /** What was sent and what came, in order. */
  readonly evidence: readonly Exchange[];
  readonly durationMs: number;
}

export function passed(observed = "As the rule says."): Finding {
  return { verdict: "passed", observed };
}

export function departed(observed: string, fix: string): Finding {
  return { verdict: "departed", observed, fix };
}

export function notOffered(observed: string): Finding {
  return { verdict: "notOffered", observed };
}

export function notTried(observed: string): Finding {
  return { verdict: "notTried", observed };
}

/** Passed when it holds, else departed. */
export function judged(holds: boolean, observed: string, fix: string): Finding {
  return holds ? passed(observed) : departed(observed, fix);
}

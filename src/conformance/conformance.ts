import { HttpError } from "../http/errors.ts";
import type { TokenProvider } from "../http/token.ts";
import { normalizeBaseUrl } from "../scim/baseUrl.ts";
import { Lab, LabError } from "./lab.ts";
import type { Observation } from "../scim/observed.ts";
import { compareCapabilities, observedProfile, observePageSize, type Capability } from "./observedProfile.ts";
import { notTried, type Finding, type Rule, type RuleResult, type Verdict } from "./rule.ts";
import { clientRules } from "./rules/clientRules.ts";
import { discoveryRules } from "./rules/discoveryRules.ts";
import { filterRules } from "./rules/filterRules.ts";
import { groupRules } from "./rules/groupRules.ts";
import { listRules } from "./rules/listRules.ts";
import { patchRules } from "./rules/patchRules.ts";
import { versionRules } from "./rules/versionRules.ts";
import { writeRules } from "./rules/writeRules.ts";

/** Every rule, in the order in which they are tried. */
export const conformanceRules: readonly Rule[] = [
  ...discoveryRules,
  ...listRules,
  ...versionRules,
  ...writeRules,
  ...filterRules,
  ...patchRules,
  ...groupRules,
  ...clientRules,
];

/** How a SCIM service keeps to the rules. Holds no secret; evidence of read-only rules may name people. */
export interface ConformanceReport extends Observation {
  readonly vendor: string;
  /** Whether rules that write were tried. */
  readonly wrote: boolean;
  /** No rule is departed from. */
  readonly conformant: boolean;
  readonly counts: Readonly<Record<Verdict, number>>;
  readonly results: readonly RuleResult[];
  /** What the service says of itself beside what it did. */
  readonly capabilities: readonly Capability[];
  /** Paths of test users and groups that could not be removed. */
  readonly leftBehind: readonly string[];
}

export interface ConformanceOptions {
  /** As a person typed it. */
  readonly baseUrl: string;
  readonly token: string | TokenProvider | undefined;
  /** Try the rules that write too: on users and groups that they create and remove. */
  readonly write: boolean;
  readonly signal?: AbortSignal | undefined;
  readonly ca?: readonly string[] | undefined;
  /** Called after each rule, for progress. */
  readonly onResult?: (result: RuleResult, done: number, total: number) => void;
}

/**
 * Holds a SCIM service to RFC 7643 and RFC 7644, and to the requests that Entra, Okta and JumpCloud send. Rules that only
 * read are tried always; those that write only when asked for, and what they create is removed at the end, even after a
 * failure.
 *
 * @throws HttpError when the address or the token is no good, or when the signal fires; LeftBehindError when it ended so and
 * something that it had created could not be removed
 */
export async function checkConformance(options: ConformanceOptions): Promise<ConformanceReport> {
  const { baseUrl, vendor } = normalizeBaseUrl(options.baseUrl);
  const lab = new Lab({ baseUrl, token: options.token, signal: options.signal, ca: options.ca });
  const results: RuleResult[] = [];
  let leftBehind: readonly string[];
  let capabilities: readonly Capability[];
  let pageSize: number | undefined;
  const observedAt = new Date().toISOString();
  try {
    await refuseBadToken(lab, baseUrl);
    for (const rule of conformanceRules) {
      const result = await tryRule(rule, lab, options.write);
      results.push(result);
      options.onResult?.(result, results.length, conformanceRules.length);
    }
    capabilities = compareCapabilities(await lab.config(), results);
    pageSize = await observePageSize(lab).catch(orThrowAborted);
  } catch (error) {
    const left = await lab.cleanUp();
    if (left.length > 0) throw new LeftBehindError(baseUrl, left, error);
    throw error;
  } finally {
    leftBehind = await lab.cleanUp();
    await lab.close();
  }
  const counts: Record<Verdict, number> = { passed: 0, departed: 0, notOffered: 0, notTried: 0 };
  for (const { verdict } of results) counts[verdict] += 1;
  return {
    baseUrl,
    observedAt,
    vendor,
    wrote: options.write,
    conformant: counts.departed === 0,
    counts,
    results,
    capabilities,
    profile: observedProfile(results, pageSize),
    leftBehind,
  };
}

/** The check ended early, and test users or groups are still there. */
export class LeftBehindError extends Error {
  readonly code = "leftBehind";

  constructor(baseUrl: string, paths: readonly string[], cause: unknown) {
    const shown =
      paths.length > 10 ? `${paths.slice(0, 10).join(", ")} and ${paths.length - 10} more` : paths.join(", ");
    super(
      `The check ended early, and what it had created at ${baseUrl} could not be removed: ${shown}. Remove it by hand.`,
      {
        cause,
      },
    );
  }
}

function orThrowAborted(error: unknown): undefined {
  if (error instanceof HttpError && error.code !== "aborted") return undefined;
  throw error;
}

/** Every rule would fail for the same reason; that is told once. */
async function refuseBadToken(lab: Lab, baseUrl: string): Promise<void> {
  const { status } = await lab.list("User", { count: "1" });
  lab.takeEvidence();
  if (status !== 401 && status !== 403) return;
  throw new HttpError(
    status === 401 ? "unauthorized" : "forbidden",
    `${baseUrl} ${status === 401 ? "does not accept the token (401)" : "does not let this token list users (403)"}.`,
    { fix: "Run the check without --conformance first: it tells what is the matter.", status },
  );
}

async function tryRule({ probe, ...rule }: Rule, lab: Lab, write: boolean): Promise<RuleResult> {
  const started = performance.now();
  const finding =
    rule.kind === "write" && !write ? notTried("It writes, and writing was not asked for.") : await run(probe, lab);
  const durationMs = Math.round(performance.now() - started);
  return { ...rule, ...finding, evidence: lab.takeEvidence(), durationMs };
}

async function run(probe: Rule["probe"], lab: Lab): Promise<Finding> {
  try {
    return await probe(lab);
  } catch (error) {
    if (error instanceof LabError) return notTried(error.message);
    if (error instanceof HttpError && error.code !== "aborted") return notTried(error.message);
    throw error;
  }
}

import * as z from "zod";
import type { GraphClient, GraphRequest } from "../graph/client.ts";
import { Pace } from "../graph/pace.ts";
import { modifiedProperty, provisioningStep } from "../graph/types/provisioningLog.ts";
import { provisionOnDemandAnswer } from "../graph/types/synchronization.ts";
import { parseSynchronizationSchema } from "../mapping/entra/synchronizationSchema.ts";
import type { LogAction, LogRecord, LogStep } from "../provisioning/logRecord.ts";
import { EntraError } from "./entraError.ts";
import { jobPath, type JobAddress } from "./jobs.ts";
import { actionOf, logStepOf, modifiedPropertiesOf } from "./logs.ts";
import { readSchema } from "./schemaEdit.ts";
import { previewCall, type Step } from "./step.ts";

/** What one run on demand came to. */
export interface OnDemandResult {
  readonly result: "success" | "skipped" | "failure";
  readonly action: LogAction;
  /** Why it was skipped or failed. */
  readonly reason: string;
  /** Import, scoping, matching, export: with the service's details. */
  readonly steps: readonly LogStep[];
  readonly modifiedProperties: LogRecord["modifiedProperties"];
  /** Of a group: the members that were in this portion. */
  readonly members: readonly string[];
}

/** Most members that one request takes. */
export const membersPerPortion = 5;

/**
 * Tutorial step "Provision on demand": one user, or one group with chosen direct members in portions of five, no more than five
 * requests in ten seconds.
 *
 * @param memberIds of a group: members that are provisioned with it; without any, only the group itself is handled (inferred)
 * @param onPortion told after each request
 */
export async function provisionOnDemand(
  client: GraphClient,
  address: JobAddress,
  subject: { readonly id: string; readonly type: "User" | "Group"; readonly name: string },
  memberIds: readonly string[] = [],
  onPortion?: (done: number, total: number) => void,
): Promise<Step<OnDemandResult[]>> {
  const ruleId = ruleOf(await readSchema(client, address));
  const portions: (readonly string[])[] = [];
  if (subject.type === "Group") {
    for (let start = 0; start < memberIds.length; start += membersPerPortion) {
      portions.push(memberIds.slice(start, start + membersPerPortion));
    }
  }
  if (portions.length === 0) portions.push([]);
  const requests = portions.map((members): GraphRequest => ({
    method: "POST",
    path: `${jobPath(address)}/provisionOnDemand`,
    purpose: "changeSynchronization",
    body: {
      parameters: [
        {
          ruleId,
          subjects: [
            {
              objectId: subject.id,
              objectTypeName: subject.type,
              ...(members.length > 0 && {
                links: { members: members.map((objectId) => ({ objectId, objectTypeName: "User" })) },
              }),
            },
          ],
        },
      ],
    },
    idempotent: true,
  }));
  return {
    title: `Provision ${subject.name} on demand`,
    calls: requests.map(previewCall),
    warnings: [
      "It is written to the target at once, whether or not provisioning is on.",
      ...(subject.type === "Group" ? ["Nested groups are left out."] : []),
    ],
    run: async (signal) => {
      const pace = new Pace(5, 10_000, client.clock);
      const results: OnDemandResult[] = [];
      for (const [at, request] of requests.entries()) {
        await pace.next(signal);
        const answer = await client.call(request, provisionOnDemandAnswer, signal);
        results.push(parseOnDemand(answer.key ?? "", answer.value ?? "", portions[at] ?? []));
        onPortion?.(at + 1, requests.length);
      }
      return results;
    },
  };
}

/** The rule that provisioning on demand names: the editable one that says that it supports it, else the first editable one. */
function ruleOf(schema: string): string {
  const rules = parseSynchronizationSchema(schema).synchronizationRules.filter(({ editable }) => editable !== false);
  const supports = (rule: (typeof rules)[number]) =>
    /supportsProvisionOnDemand"\s*,\s*"value"\s*:\s*"true/i.test(JSON.stringify(rule));
  const id = (rules.find(supports) ?? rules[0])?.id;
  if (id != null) return id;
  throw new EntraError("invalidSchema", "The schema has no rule that provisioning on demand could name.");
}

const keySchema = z.looseObject({
  result: z.string(),
  details: z.looseObject({ errorCode: z.string().nullish(), errorMessage: z.string().nullish() }).nullish(),
});
const valueSchema = z.looseObject({
  action: z.string().nullish(),
  modifiedProperties: z.array(modifiedProperty).nullish(),
  provisioningSteps: z.array(provisioningStep.extend({ type: z.string().nullish() })).nullish(),
  statusInfo: z
    .looseObject({ status: z.string().nullish(), errorCode: z.string().nullish(), reason: z.string().nullish() })
    .nullish(),
});

/**
 * Reads an answer in both documented encodings: the result in `key` and one object in `value`, or a type name in `key` and a list
 * of objects in `value`. Of a group, `value` can be an empty object.
 */
export function parseOnDemand(key: string, value: string, members: readonly string[]): OnDemandResult {
  const head = keySchema.safeParse(parseJson(key));
  const body = parseJson(value);
  const first: unknown = Array.isArray(body) ? (body as readonly unknown[])[0] : body;
  const parsed = valueSchema.safeParse(first);
  const { action, modifiedProperties, provisioningSteps, statusInfo } = parsed.success
    ? parsed.data
    : ({} as z.output<typeof valueSchema>);
  const said = (head.success ? head.data.result : undefined) ?? statusInfo?.status ?? "";
  const details = head.success ? head.data.details : undefined;
  const code = statusInfo?.errorCode ?? details?.errorCode ?? "";
  const reason = statusInfo?.reason ?? details?.errorMessage ?? "";
  return {
    result: /^success$/i.test(said) ? "success" : /^skip/i.test(said) ? "skipped" : "failure",
    action: actionOf(action),
    reason: [code, reason].filter((text) => text !== "").join(": "),
    steps: (provisioningSteps ?? []).map((step) => logStepOf({ ...step, type: step.type })),
    modifiedProperties: modifiedPropertiesOf(modifiedProperties),
    members,
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

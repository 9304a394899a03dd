import * as z from "zod";
import type { ProvisioningObjectSummary, StringKeyStringValuePair } from "@microsoft/microsoft-graph-types";
import { GraphFault } from "./fault.ts";
import type { ProvisioningJob } from "./provisioningJob.ts";

interface Subject {
  readonly objectId: string;
  readonly objectTypeName: string;
  readonly links?: { readonly members?: readonly Subject[] | undefined } | undefined;
}
const subjectSchema: z.ZodType<Subject> = z.lazy(() =>
  z.looseObject({
    objectId: z.string(),
    objectTypeName: z.string(),
    links: z.looseObject({ members: z.array(subjectSchema).optional() }).optional(),
  }),
);
const requestSchema = z.object({
  parameters: z.array(z.looseObject({ ruleId: z.string(), subjects: z.array(subjectSchema).min(1) })).min(1),
});

/** Most members of one request. */
const mostMembers = 5;

/**
 * Provisions one user, or a group with up to five of its members, and answers in one of the two encodings that the
 * documentation shows. That the named members themselves are provisioned before the group is inferred.
 */
export async function provisionOnDemand(
  job: ProvisioningJob,
  body: unknown,
  encoding: 1 | 2,
): Promise<StringKeyStringValuePair> {
  const parsed = requestSchema.safeParse(body);
  if (!parsed.success) throw new GraphFault(400, "BadRequest", "The parameters of provisionOnDemand are not valid.");
  const [parameter] = parsed.data.parameters;
  const [subject] = parameter?.subjects ?? [];
  if (parameter === undefined || subject === undefined || parameter.subjects.length > 1) {
    throw new GraphFault(400, "BadRequest", "Exactly one subject can be provisioned on demand.");
  }
  if (!job.schemaText.includes(parameter.ruleId))
    throw new GraphFault(400, "BadRequest", `The rule ${parameter.ruleId} does not exist.`);
  if (/group/i.test(subject.objectTypeName)) {
    const members = (subject.links?.members ?? []).map(({ objectId }) => objectId);
    if (members.length > mostMembers)
      throw new GraphFault(400, "BadRequest", `At most ${mostMembers} members can be provisioned on demand.`);
    for (const id of members) await job.onDemand(id);
    const entry = await job.onDemand(subject.objectId, { groupId: subject.objectId, memberIds: new Set(members) });
    return answer(entry, encoding, subject.objectId);
  }
  return answer(await job.onDemand(subject.objectId), encoding, subject.objectId);
}

function answer(
  entry: ProvisioningObjectSummary | undefined,
  encoding: 1 | 2,
  objectId: string,
): StringKeyStringValuePair {
  const status = entry?.provisioningStatusInfo?.status ?? "skipped";
  const error = entry?.provisioningStatusInfo?.errorInformation;
  const result = status === "success" ? "Success" : status === "failure" ? "Failure" : "Skipped";
  const details = { errorCode: error?.errorCode ?? "", errorMessage: error?.reason ?? "", undefined: "undefined" };
  const value = {
    action: capital(entry?.provisioningAction ?? "other"),
    changeId: entry?.changeId ?? "",
    startTime: entry?.activityDateTime ?? "",
    endTime: entry?.activityDateTime ?? "",
    modifiedProperties: entry?.modifiedProperties ?? [],
    provisioningSteps: (entry?.provisioningSteps ?? []).map((step) => ({
      name: step.name,
      type: capital(step.provisioningStepType ?? "import"),
      status: capital(step.status ?? "success"),
      description: step.description,
      timestamp: entry?.activityDateTime ?? "",
      details: step.details ?? {},
    })),
    statusInfo: {
      status: result,
      errorCode: error?.errorCode ?? (entry === undefined ? "RedundantExport" : ""),
      reason: error?.reason ?? (entry === undefined ? "The object agrees with the target already." : ""),
      additionalDetails: error?.additionalDetails ?? null,
      errorCategory: error?.errorCategory ?? "success",
      recommendedAction: error?.recommendedAction ?? null,
    },
    sourceIdentity: identity(entry?.sourceIdentity, objectId),
    targetIdentity: identity(entry?.targetIdentity, ""),
  };
  return encoding === 1
    ? { key: JSON.stringify({ result, details }), value: JSON.stringify(value) }
    : {
        key: "Microsoft.Identity.Health.CPP.Common.DataContracts.SyncFabric.StatusInfo",
        value: JSON.stringify([value]),
      };
}

function identity(of: ProvisioningObjectSummary["sourceIdentity"], id: string) {
  return { id: of?.id ?? id, type: of?.identityType ?? "", displayName: of?.displayName ?? "", details: {} };
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

import * as z from "zod";

const identity = z.looseObject({
  id: z.string().nullish(),
  displayName: z.string().nullish(),
  identityType: z.string().nullish(),
  details: z.record(z.string(), z.unknown()).nullish(),
});

/** A value that was written. */
export const modifiedProperty = z.looseObject({
  displayName: z.string().nullish(),
  oldValue: z.string().nullish(),
  newValue: z.string().nullish(),
});
export type ModifiedProperty = z.output<typeof modifiedProperty>;

/** What a step says, in the log and in the answer of provisioning on demand, which name its type differently. */
export const provisioningStep = z.looseObject({
  name: z.string().nullish(),
  status: z.string().nullish(),
  description: z.string().nullish(),
  details: z.record(z.string(), z.unknown()).nullish(),
});

/** One entry of `auditLogs/provisioning`. Enum values differ in letter case between pages, so they are read as texts. */
export const provisioningObjectSummary = z.looseObject({
  id: z.string().min(1),
  activityDateTime: z.string(),
  jobId: z.string().nullish(),
  cycleId: z.string().nullish(),
  changeId: z.string().nullish(),
  provisioningAction: z.string().nullish(),
  durationInMilliseconds: z.number().nullish(),
  initiatedBy: z
    .looseObject({ id: z.string().nullish(), displayName: z.string().nullish(), initiatorType: z.string().nullish() })
    .nullish(),
  servicePrincipal: z.unknown().optional(),
  sourceIdentity: identity.nullish(),
  targetIdentity: identity.nullish(),
  modifiedProperties: z.array(modifiedProperty).nullish(),
  provisioningSteps: z.array(provisioningStep.extend({ provisioningStepType: z.string().nullish() })).nullish(),
  provisioningStatusInfo: z
    .looseObject({
      status: z.string().nullish(),
      errorInformation: z
        .looseObject({
          errorCode: z.string().nullish(),
          reason: z.string().nullish(),
          additionalDetails: z.string().nullish(),
          errorCategory: z.string().nullish(),
          recommendedAction: z.string().nullish(),
        })
        .nullish(),
    })
    .nullish(),
});
export type ProvisioningObjectSummary = z.output<typeof provisioningObjectSummary>;

import * as z from "zod";

/**
 * One decision about one object, with the names of the Microsoft Graph type `provisioningObjectSummary`, so that one
 * viewer reads the service's log and ours.
 */
export const logRecordSchema = z.object({
  /** Unique within the log; orders records of the same instant. */
  id: z.string(),
  /** ISO 8601, UTC. */
  activityDateTime: z.string(),
  jobId: z.string(),
  cycleId: z.string(),
  /** Id of the planned change; absent for a skip. */
  changeId: z.string().optional(),
  provisioningAction: z.enum(["create", "update", "delete", "disable", "stagedDelete", "other"]),
  durationInMilliseconds: z.number(),
  /** Who asked: `schedule`, `person`, `command line`. */
  initiatedBy: z.string().optional(),
  /** The note that a person gave with the push. */
  note: z.string().optional(),
  sourceIdentity: z.object({ id: z.string(), displayName: z.string(), identityType: z.string() }),
  targetIdentity: z.object({ id: z.string(), displayName: z.string(), identityType: z.string() }).optional(),
  provisioningStatusInfo: z.object({
    status: z.enum(["success", "failure", "skipped", "warning"]),
    errorInformation: z
      .object({
        errorCode: z.string(),
        reason: z.string(),
        additionalDetails: z.string().optional(),
        recommendedAction: z.string().optional(),
      })
      .optional(),
    /** Of a skip: its reason. */
    skipReason: z.string().optional(),
  }),
  provisioningSteps: z.array(
    z.object({
      name: z.string(),
      provisioningStepType: z.enum(["import", "scoping", "matching", "processing", "referenceResolution", "export"]),
      status: z.enum(["success", "failure", "skipped", "warning"]),
      description: z.string(),
      details: z.record(z.string(), z.string()).optional(),
    }),
  ),
  modifiedProperties: z.array(
    z.object({ displayName: z.string(), oldValue: z.string().optional(), newValue: z.string().optional() }),
  ),
});

export type LogRecord = z.infer<typeof logRecordSchema>;
export type LogStatus = LogRecord["provisioningStatusInfo"]["status"];
export type LogAction = LogRecord["provisioningAction"];
export type LogStep = LogRecord["provisioningSteps"][number];

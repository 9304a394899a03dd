import * as z from "zod";

const keyValue = z.looseObject({ key: z.string().nullish(), value: z.string().nullish() });

/** An error of the synchronization service. */
export const synchronizationError = z.looseObject({
  code: z.string().nullish(),
  message: z.string().nullish(),
  tenantActionable: z.boolean().nullish(),
});

/** What one run did. Before the first run the service sends one of zeros with year-0001 times. */
export const taskExecution = z.looseObject({
  activityIdentifier: z.string().nullish(),
  state: z.string().nullish(),
  timeBegan: z.string().nullish(),
  timeEnded: z.string().nullish(),
  countEntitled: z.number().nullish(),
  countEntitledForProvisioning: z.number().nullish(),
  countImported: z.number().nullish(),
  countImportedDeltas: z.number().nullish(),
  countImportedReferenceDeltas: z.number().nullish(),
  countExports: z.number().nullish(),
  countExported: z.number().nullish(),
  countEscrowed: z.number().nullish(),
  countEscrowedRaw: z.number().nullish(),
  error: synchronizationError.nullish(),
});
export type TaskExecution = z.output<typeof taskExecution>;

export const quarantine = z.looseObject({
  reason: z.string().nullish(),
  currentBegan: z.string().nullish(),
  nextAttempt: z.string().nullish(),
  seriesBegan: z.string().nullish(),
  seriesCount: z.number().nullish(),
  error: synchronizationError.nullish(),
});

export const synchronizationStatus = z.looseObject({
  code: z.string().nullish(),
  countSuccessiveCompleteFailures: z.number().nullish(),
  escrowsPruned: z.boolean().nullish(),
  lastExecution: taskExecution.nullish(),
  lastSuccessfulExecution: taskExecution.nullish(),
  lastSuccessfulExecutionWithExports: taskExecution.nullish(),
  progress: z
    .array(
      z.looseObject({
        completedUnits: z.number().nullish(),
        totalUnits: z.number().nullish(),
        units: z.string().nullish(),
        progressObservationDateTime: z.string().nullish(),
      }),
    )
    .nullish(),
  quarantine: quarantine.nullish(),
  steadyStateFirstAchievedTime: z.string().nullish(),
  steadyStateLastAchievedTime: z.string().nullish(),
  synchronizedEntryCountByType: z.array(z.looseObject({ key: z.string(), value: z.number() })).nullish(),
  troubleshootingUrl: z.string().nullish(),
});

export const synchronizationJob = z.looseObject({
  id: z.string().min(1),
  templateId: z.string().nullish(),
  schedule: z
    .looseObject({ interval: z.string().nullish(), expiration: z.string().nullish(), state: z.string().nullish() })
    .nullish(),
  status: synchronizationStatus.nullish(),
  synchronizationJobSettings: z
    .array(z.looseObject({ name: z.string().nullish(), value: z.string().nullish() }))
    .nullish(),
});
export type SynchronizationJob = z.output<typeof synchronizationJob>;

export const synchronizationTemplate = z.looseObject({
  id: z.string().min(1),
  applicationId: z.string().nullish(),
  default: z.boolean().nullish(),
  description: z.string().nullish(),
  metadata: z.array(keyValue).nullish(),
});
export type SynchronizationTemplate = z.output<typeof synchronizationTemplate>;

/** The list of secrets; the service gives keys back, and the values of those that are none. */
export const secrets = z.looseObject({
  value: z.array(z.looseObject({ key: z.string(), value: z.string().nullish() })),
});

/** A function of the service's expression language. Samples print `name`, the metadata knows `id` alone (inferred: the same text). */
export const functionSchema = z.looseObject({ id: z.string().nullish(), name: z.string().nullish() });

/** An operator of the service's scoping filters, named as functions are. */
export const filterOperatorSchema = z.looseObject({
  id: z.string().nullish(),
  name: z.string().nullish(),
  supportedAttributeTypes: z.array(z.string()).nullish(),
});

/** What a schema knows of one of its two directories. */
export const directoryDefinition = z.looseObject({
  id: z.string().nullish(),
  name: z.string().nullish(),
  readOnly: z.boolean().nullish(),
  discoverabilities: z.string().nullish(),
  objects: z
    .array(
      z.looseObject({
        name: z.string().nullish(),
        attributes: z.array(z.looseObject({ name: z.string().nullish(), type: z.string().nullish() })).nullish(),
      }),
    )
    .nullish(),
});
export type DirectoryDefinition = z.output<typeof directoryDefinition>;

/** A node of a parsed expression. */
export interface ParsedExpression {
  readonly type: string;
  readonly name?: string | null | undefined;
  readonly expression?: string | null | undefined;
  readonly parameters?: readonly { readonly key: string; readonly value: ParsedExpression }[] | null | undefined;
}
const parsedExpression: z.ZodType<ParsedExpression> = z.lazy(() =>
  z.looseObject({
    type: z.string(),
    name: z.string().nullish(),
    expression: z.string().nullish(),
    parameters: z.array(z.looseObject({ key: z.string(), value: parsedExpression })).nullish(),
  }),
);

export const parseExpressionAnswer = z.looseObject({
  parsingSucceeded: z.boolean(),
  evaluationSucceeded: z.boolean().nullish(),
  evaluationResult: z.array(z.string()).nullish(),
  parsedExpression: parsedExpression.nullish(),
  error: z.looseObject({ code: z.string().nullish(), message: z.string().nullish() }).nullish(),
});

/** Both parts hold JSON text; see `src/entra/onDemandAnswer.ts`. */
export const provisionOnDemandAnswer = z.looseObject({ key: z.string().nullish(), value: z.string().nullish() });

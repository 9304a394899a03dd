import * as z from "zod";

/** A node of a parsed expression, and the source of a row (Microsoft Graph `attributeMappingSource`). */
export interface EntraSource {
  readonly type: string;
  readonly name?: string | null | undefined;
  readonly expression?: string | null | undefined;
  readonly parameters?: readonly { readonly key: string; readonly value: EntraSource }[] | null | undefined;
}

/** Deepest nesting that is read: an expression nested 100 deep takes three levels of JSON for each call. */
const maximumTreeDepth = 400;

const sourceSchema: z.ZodType<EntraSource> = z.lazy(() =>
  z.looseObject({
    type: z.string(),
    name: z.string().nullish(),
    expression: z.string().nullish(),
    parameters: z.array(z.looseObject({ key: z.string(), value: sourceSchema })).nullish(),
  }),
);

const attributeMappingSchema = z.looseObject({
  targetAttributeName: z.string().min(1),
  source: sourceSchema.nullish(),
  defaultValue: z.string().nullish(),
  matchingPriority: z.int().min(0).nullish(),
  flowType: z.string().nullish(),
});

const clauseSchema = z.looseObject({
  sourceOperandName: z.string().min(1),
  operatorName: z.string().min(1),
  targetOperand: z.looseObject({ values: z.array(z.string()).nullish() }).nullish(),
});

const filterSchema = z.looseObject({
  groups: z.array(z.looseObject({ name: z.string().nullish(), clauses: z.array(clauseSchema) })).nullish(),
  inputFilterGroups: z.array(z.unknown()).nullish(),
  categoryFilterGroups: z.array(z.unknown()).nullish(),
});

const objectMappingSchema = z.looseObject({
  sourceObjectName: z.string(),
  targetObjectName: z.string().nullish(),
  enabled: z.boolean().nullish(),
  flowTypes: z.string().nullish(),
  scope: filterSchema.nullish(),
  attributeMappings: z.array(attributeMappingSchema),
});

/**
 * The parts of a synchronization schema (Microsoft Graph `synchronizationSchema`, v1.0 and beta) that a job has words for.
 * Everything else passes through.
 */
export const synchronizationSchema = z.looseObject({
  synchronizationRules: z
    .array(
      z.looseObject({
        id: z.string().nullish(),
        name: z.string().nullish(),
        editable: z.boolean().nullish(),
        objectMappings: z.array(objectMappingSchema),
      }),
    )
    .min(1, "The schema holds no synchronization rule."),
});

export type SynchronizationSchema = z.output<typeof synchronizationSchema>;
export type EntraObjectMapping = z.output<typeof objectMappingSchema>;
export type EntraAttributeMapping = z.output<typeof attributeMappingSchema>;
export type EntraFilter = z.output<typeof filterSchema>;

/** A text that is no synchronization schema; `problems` names every place. */
export class SynchronizationSchemaError extends Error {
  readonly code = "invalidSynchronizationSchema";
  readonly problems: readonly { readonly path: string; readonly message: string }[];

  constructor(problems: SynchronizationSchemaError["problems"]) {
    const [first] = problems;
    const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : "";
    const place = first === undefined || first.path === "" ? "" : `${first.path}: `;
    super(`This is not a synchronization schema. ${place}${first?.message ?? ""}${more}`);
    this.name = "SynchronizationSchemaError";
    this.problems = problems;
  }
}

/**
 * Reads a synchronization schema from the text that Graph or the portal's export gives.
 *
 * @throws SynchronizationSchemaError
 */
export function parseSynchronizationSchema(text: string): SynchronizationSchema {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new SynchronizationSchemaError([{ path: "", message: "The text is not JSON." }]);
  }
  if (depthOf(json) > maximumTreeDepth) {
    throw new SynchronizationSchemaError([
      { path: "", message: `The text is nested more than ${maximumTreeDepth} deep.` },
    ]);
  }
  const parsed = synchronizationSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new SynchronizationSchemaError(
    parsed.error.issues.slice(0, 50).map(({ path, message }) => ({ path: path.map(String).join("."), message })),
  );
}

/** How deep a JSON value is nested, without recursion. */
function depthOf(json: unknown): number {
  let depth = 0;
  for (let level: unknown[] = [json]; level.length > 0; depth++) {
    level = level.flatMap((value): unknown[] =>
      typeof value === "object" && value !== null ? Object.values(value) : [],
    );
    if (depth > maximumTreeDepth) break;
  }
  return depth;
}

/** The outbound rule that a client may edit, and the places of its users and groups. */
export interface EditableRule {
  readonly index: number;
  readonly users?: { readonly index: number; readonly mapping: EntraObjectMapping };
  readonly groups?: { readonly index: number; readonly mapping: EntraObjectMapping };
}

/** Finds the rule to edit: the first editable one that maps users or groups. */
export function editableRule(schema: SynchronizationSchema): EditableRule | undefined {
  for (const [index, rule] of schema.synchronizationRules.entries()) {
    if (rule.editable === false) continue;
    const find = (name: string) => {
      const place = rule.objectMappings.findIndex(({ sourceObjectName }) => sourceObjectName.toLowerCase() === name);
      const mapping = rule.objectMappings[place];
      return mapping === undefined ? undefined : { index: place, mapping };
    };
    const users = find("user");
    const groups = find("group");
    if (users !== undefined || groups !== undefined) {
      return { index, ...(users !== undefined && { users }), ...(groups !== undefined && { groups }) };
    }
  }
  return undefined;
}

import * as z from "zod";
import { HttpError } from "../http/errors.ts";
import { ScimError } from "./errors.ts";
import { endpoints, type ResourceType } from "./resource.ts";
import type { AttributeDefinition, AttributeType, ResourceSchema, SchemaDefinition } from "./schema.ts";
import { builtinSchema } from "./schemas/builtin.ts";

const supported = z.looseObject({ supported: z.boolean() });

/** ServiceProviderConfig (RFC 7643 section 5, RFC 9865 section 4); every part is optional, since services leave parts out. */
export const serviceProviderConfigSchema = z.looseObject({
  documentationUri: z.string().nullish(),
  patch: supported.nullish(),
  bulk: z
    .looseObject({ supported: z.boolean(), maxOperations: z.number().nullish(), maxPayloadSize: z.number().nullish() })
    .nullish(),
  filter: z.looseObject({ supported: z.boolean(), maxResults: z.number().nullish() }).nullish(),
  changePassword: supported.nullish(),
  sort: supported.nullish(),
  etag: supported.nullish(),
  pagination: z
    .looseObject({
      cursor: z.boolean().nullish(),
      index: z.boolean().nullish(),
      defaultPaginationMethod: z.string().nullish(),
      defaultPageSize: z.number().nullish(),
      maxPageSize: z.number().nullish(),
      cursorTimeout: z.number().nullish(),
    })
    .nullish(),
  authenticationSchemes: z.array(z.looseObject({ type: z.string().nullish(), name: z.string().nullish() })).nullish(),
});

export type ServiceProviderConfig = z.infer<typeof serviceProviderConfigSchema>;

const resourceTypeSchema = z.looseObject({
  name: z.string(),
  endpoint: z.string(),
  schema: z.string(),
  schemaExtensions: z.array(z.looseObject({ schema: z.string(), required: z.boolean().nullish() })).nullish(),
});

export type ResourceTypeDescription = z.infer<typeof resourceTypeSchema>;

const attributeTypes = [
  "string",
  "boolean",
  "decimal",
  "integer",
  "dateTime",
  "binary",
  "reference",
  "complex",
] as const;

/** Services spell these in other cases, and invent values; what is not known falls back to the RFC's default. */
function oneOf<const T extends string>(values: readonly T[], fallback: NoInfer<T>) {
  return z
    .string()
    .nullish()
    .transform((text): T => values.find((value) => value.toLowerCase() === text?.toLowerCase()) ?? fallback);
}

const plainAttribute = {
  name: z.string().min(1),
  type: oneOf<AttributeType>(attributeTypes, "string"),
  multiValued: z.boolean().nullish(),
  description: z.string().nullish(),
  required: z.boolean().nullish(),
  caseExact: z.boolean().nullish(),
  mutability: oneOf(["readOnly", "readWrite", "immutable", "writeOnly"], "readWrite"),
  returned: oneOf(["always", "never", "default", "request"], "default"),
  uniqueness: oneOf(["none", "server", "global"], "none"),
  canonicalValues: z.array(z.unknown()).nullish(),
  referenceTypes: z.array(z.string()).nullish(),
};
const subAttributeSchema = z.object(plainAttribute);
const attributeSchema = z.object({ ...plainAttribute, subAttributes: z.array(subAttributeSchema).nullish() });
const schemaSchema = z.object({
  id: z.string().min(1),
  name: z.string().nullish(),
  description: z.string().nullish(),
  attributes: z.array(attributeSchema).nullish(),
});

/** What is known of a service. */
export interface ServiceProfile {
  /** Absent when the service has no ServiceProviderConfig. */
  readonly config?: ServiceProviderConfig;
  /** As the service describes them; empty when it does not. */
  readonly resourceTypes: readonly ResourceTypeDescription[];
  /** For every resource type that the service serves. */
  readonly schemas: Readonly<Partial<Record<ResourceType, ResourceSchema>>>;
  /** `builtin`: the service has no usable /Schemas, so those of the RFCs stand in. */
  readonly source: "service" | "builtin";
  /** What was missing or unreadable; whole sentences. */
  readonly notes: readonly string[];
}

type Fetch = (path: string) => Promise<{ readonly body: unknown }>;

/**
 * Reads the three discovery endpoints (RFC 7644 section 4). Any of them may be missing or malformed: the schemas of the
 * RFCs stand in then. Only what makes every request fail is thrown.
 *
 * @param types the resource types that the dialect knows; a type that the service does not list is left out
 * @throws HttpError when the service cannot be reached, or refuses the token
 */
export async function discover(fetch: Fetch, types: readonly ResourceType[]): Promise<ServiceProfile> {
  const notes: string[] = [];
  const [configBody, typesBody, schemasBody] = await Promise.all([
    optional(fetch, "/ServiceProviderConfig", notes),
    optional(fetch, "/ResourceTypes", notes),
    optional(fetch, "/Schemas", notes),
  ]);
  const config = read(serviceProviderConfigSchema, configBody, "/ServiceProviderConfig", notes);
  const resourceTypes = elements(resourceTypeSchema, typesBody, "/ResourceTypes", notes);
  const served = new Map(
    elements(schemaSchema, schemasBody, "/Schemas", notes).map((schema) => [
      schema.id.toLowerCase(),
      definition(schema),
    ]),
  );

  const schemas: Partial<Record<ResourceType, ResourceSchema>> = {};
  let fromService = false;
  for (const type of types) {
    const described = resourceTypes.find(
      ({ endpoint }) => endpoint.replace(/^\//, "").toLowerCase() === endpoints[type].toLowerCase(),
    );
    if (resourceTypes.length > 0 && described === undefined) continue;
    const builtin = builtinSchema(type);
    const core = served.get((described?.schema ?? builtin.core.id).toLowerCase());
    if (core === undefined) {
      schemas[type] = builtin;
      continue;
    }
    fromService = true;
    const extensionIds =
      described?.schemaExtensions?.map(({ schema }) => schema) ?? builtin.extensions.map(({ id }) => id);
    const extensions = extensionIds.flatMap(
      (id) => served.get(id.toLowerCase()) ?? builtin.extensions.filter((extension) => extension.id === id),
    );
    schemas[type] = { resourceType: type, core: core, extensions };
  }
  return {
    ...(config !== undefined && { config }),
    resourceTypes,
    schemas,
    source: fromService ? "service" : "builtin",
    notes,
  };
}

async function optional(fetch: Fetch, path: string, notes: string[]): Promise<unknown> {
  try {
    return (await fetch(path)).body;
  } catch (error) {
    const absent =
      error instanceof ScimError ||
      (error instanceof HttpError && ["notScim", "invalidJson", "forbidden"].includes(error.code));
    if (!absent) throw error;
    notes.push(`${path} is not available (${error instanceof ScimError ? error.status : error.code}).`);
    return undefined;
  }
}

function read<T>(schema: z.ZodType<T>, body: unknown, path: string, notes: string[]): T | undefined {
  if (body === undefined) return undefined;
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  notes.push(
    `${path} cannot be read: ${parsed.error.issues[0]?.path.join(".") ?? ""} ${parsed.error.issues[0]?.message ?? ""}.`,
  );
  return undefined;
}

/** The elements of a ListResponse, or of a bare array as some services send; one that cannot be read is noted and left out. */
function elements<T>(schema: z.ZodType<T>, body: unknown, path: string, notes: string[]): T[] {
  const list = Array.isArray(body)
    ? body
    : (z.looseObject({ Resources: z.array(z.unknown()) }).safeParse(body).data?.Resources ?? []);
  return list.flatMap((element) => read(schema, element, path, notes) ?? []);
}

function definition(schema: z.infer<typeof schemaSchema>): SchemaDefinition {
  return {
    id: schema.id,
    name: schema.name ?? schema.id,
    ...(schema.description != null && { description: schema.description }),
    attributes: (schema.attributes ?? []).map((attribute) => ({
      ...attributeDefinition(attribute),
      ...(attribute.subAttributes != null && { subAttributes: attribute.subAttributes.map(attributeDefinition) }),
    })),
  };
}

function attributeDefinition(attribute: z.infer<typeof subAttributeSchema>): AttributeDefinition {
  return {
    name: attribute.name,
    type: attribute.type,
    multiValued: attribute.multiValued ?? false,
    ...(attribute.description != null && { description: attribute.description }),
    required: attribute.required ?? false,
    caseExact: attribute.caseExact ?? false,
    mutability: attribute.mutability,
    returned: attribute.returned,
    uniqueness: attribute.uniqueness,
    ...(attribute.canonicalValues != null && {
      canonicalValues: attribute.canonicalValues.filter((value) => typeof value === "string"),
    }),
    ...(attribute.referenceTypes != null && { referenceTypes: attribute.referenceTypes }),
  };
}

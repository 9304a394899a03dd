import * as z from "zod";
import { jobSchema } from "./job.ts";

/** A JSON Schema document or a part of one, as far as it is walked here. */
interface JsonSchema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly const?: unknown;
}

/** The JSON Schema (draft-07, which VS Code reads) of a job file, made from the schema that also parses it. */
export function jobJsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(jobSchema, { target: "draft-7", io: "input" });
  return { ...schema, allowComments: true };
}

/** The text of `media/job.schema.json`. */
export function jobSchemaText(): string {
  return `${JSON.stringify(jobJsonSchema(), undefined, 2)}\n`;
}

/** It follows from the code alone and costs a millisecond, so that it is made once, when it is first needed. */
const schemaOnce = once(jobJsonSchema);

function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => (made ??= { value: make() }).value;
}

/**
 * The keys that an object at a path may hold.
 * @param root the value of the whole file: `directory.type` decides what else a directory may hold.
 */
export function knownKeys(root: unknown, path: readonly PropertyKey[]): readonly string[] {
  let schemas: readonly JsonSchema[] = [schemaOnce()];
  let value = root;
  for (const key of path) {
    value = typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
    const next = schemas
      .flatMap(alternatives)
      .map((schema) => (typeof key === "number" ? schema.items : schema.properties?.[String(key)]));
    schemas = next.filter((schema) => schema !== undefined);
  }
  const fitting = schemas.flatMap(alternatives).filter((schema) => fits(schema, value));
  return [...new Set(fitting.flatMap((schema) => Object.keys(schema.properties ?? {})))];
}

function alternatives(schema: JsonSchema): readonly JsonSchema[] {
  return schema.anyOf ?? schema.oneOf ?? [schema];
}

/** Whether every constant that the schema asks for (such as `type`) has that value. */
function fits(schema: JsonSchema, value: unknown): boolean {
  return Object.entries(schema.properties ?? {}).every(
    ([name, property]) =>
      property.const === undefined ||
      (typeof value === "object" && value !== null && Reflect.get(value, name) === property.const),
  );
}

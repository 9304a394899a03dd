import * as z from "zod";
import type { Random } from "../../src/sandbox/random.ts";

type JsonSchema = z.core.JSONSchema.JSONSchema;

/** Makes values that fit a zod schema, each choice at random: what a well-behaved sender could say. */
export class SchemaSample {
  readonly #root: JsonSchema;
  readonly #random: Random;
  readonly #words: readonly string[];

  constructor(schema: z.ZodType, random: Random, words: readonly string[]) {
    this.#root = z.toJSONSchema(schema, { target: "draft-7", io: "input", unrepresentable: "any" });
    this.#random = random;
    this.#words = words;
  }

  next(): unknown {
    return this.#of(this.#root, 8);
  }

  #of(schema: JsonSchema | boolean | undefined, depth: number): unknown {
    const random = this.#random;
    if (typeof schema !== "object" || depth < 0) return null;
    if (schema.$ref !== undefined) return this.#of(this.#resolve(schema.$ref), depth - 1);
    if ("const" in schema) return schema.const;
    if (schema.enum) return random.pick(schema.enum);
    const options = schema.anyOf ?? schema.oneOf;
    if (options) return this.#of(random.pick<JsonSchema | boolean>(options), depth - 1);
    switch (schema.type) {
      case "object": {
        const entries = Object.entries(schema.properties ?? {})
          .filter(([name]) => schema.required?.includes(name) === true || random.next() < 0.7)
          .map(([name, part]) => [name, this.#of(part as JsonSchema, depth - 1)]);
        return Object.fromEntries(entries);
      }
      case "array": {
        const size = Math.max(schema.minItems ?? 0, random.integer(0, 3));
        return Array.from({ length: size }, () => this.#of(schema.items as JsonSchema, depth - 1));
      }
      case "integer":
        return random.pick([0, 1, 2, 7, 1000, schema.minimum ?? 0, 2 ** 31]);
      case "number":
        return random.pick([0, 0.5, 12, 1e9]);
      case "boolean":
        return random.next() < 0.5;
      case "null":
        return null;
      case "string":
      case undefined:
      default:
        return random.pick(this.#words).slice(0, schema.maxLength ?? 200);
    }
  }

  #resolve(ref: string): JsonSchema | undefined {
    if (ref === "#") return this.#root;
    return Reflect.get(this.#root.definitions ?? {}, ref.replace("#/definitions/", "")) as JsonSchema | undefined;
  }
}

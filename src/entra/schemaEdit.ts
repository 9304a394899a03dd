import { isDeepStrictEqual } from "node:util";
import * as z from "zod";
import type { GraphClient, GraphRequest } from "../graph/client.ts";
import { parseExpressionAnswer } from "../graph/types/synchronization.ts";
import { exportSchema, type ExportedObject } from "../mapping/entra/exportSchema.ts";
import { parseSynchronizationSchema, type EntraSource } from "../mapping/entra/synchronizationSchema.ts";
import { EntraError } from "./entraError.ts";
import { jobPath, type JobAddress } from "./jobs.ts";
import { mergeJson } from "./mergeJson.ts";
import { previewCall, type Step } from "./step.ts";

const schemaRequest = (address: JobAddress): GraphRequest => ({
  method: "GET",
  path: `${jobPath(address)}/schema`,
  purpose: "readSynchronization",
});

/**
 * The schema of a job as the service sends it, byte for byte: the base of an edit.
 * @throws SynchronizationSchemaError when the answer is none
 */
export async function readSchema(client: GraphClient, address: JobAddress, signal?: AbortSignal): Promise<string> {
  const { text } = await client.send(schemaRequest(address), signal);
  parseSynchronizationSchema(text);
  return text;
}

/** What the rows, filters and settings of a job would be in a schema, with the service's own trees where ours are not enough. */
export async function schemaWith(
  client: GraphClient,
  address: JobAddress,
  base: string,
  job: { readonly users?: ExportedObject | undefined; readonly groups?: ExportedObject | undefined },
): Promise<string> {
  const first = exportSchema(base, job);
  if (first.needTree.length === 0) return first.text;
  const trees = new Map<string, EntraSource>();
  for (const expression of first.needTree) trees.set(expression, await treeOf(client, address, expression));
  return exportSchema(base, job, { trees }).text;
}

async function treeOf(client: GraphClient, address: JobAddress, expression: string): Promise<EntraSource> {
  const request: GraphRequest = {
    method: "POST",
    path: `${jobPath(address)}/schema/parseExpression`,
    purpose: "changeSynchronization",
    body: { expression, targetAttributeDefinition: null, testInputObject: null },
    idempotent: true,
  };
  const answer = await client.call(request, parseExpressionAnswer);
  if (answer.parsingSucceeded && answer.parsedExpression != null) return answer.parsedExpression;
  throw new EntraError(
    "invalidSchema",
    `The service cannot parse ${expression}: ${answer.error?.message ?? "no reason named"}`,
  );
}

/** A schema edit that is ready to be written. */
export interface SchemaEdit {
  /** The service's text as it is now. */
  readonly current: string;
  /** What will be written; equal to `current` when there is nothing to do. */
  readonly text: string;
  /** Somebody else changed the schema meanwhile, elsewhere; their changes are kept. */
  readonly merged: boolean;
}

/**
 * Brings an edit onto what the service holds now. There is no ETag, so the schema is read again: where only the edit moved, it
 * stands; where only the service moved, the service's value stays; where both moved, nothing is written.
 *
 * @param base the text that the edit began from
 * @param edited the text that is wanted
 * @throws EntraError `schemaConflict` naming the places, `invalidSchema` when a target attribute has two rows
 */
export async function prepareSchema(
  client: GraphClient,
  address: JobAddress,
  base: string,
  edited: string,
  signal?: AbortSignal,
): Promise<SchemaEdit> {
  checkSchema(edited);
  const current = await readSchema(client, address, signal);
  if (current === base || isDeepStrictEqual(JSON.parse(current), JSON.parse(base))) {
    return { current, text: edited, merged: false };
  }
  const { text, conflicts } = mergeJson(base, edited, current);
  if (conflicts.length === 0) return { current, text, merged: true };
  throw new EntraError(
    "schemaConflict",
    `Somebody else changed the schema at the service since it was read, in the same places: ${conflicts.slice(0, 5).join("; ")}. Nothing was written. Read it again and decide for each.`,
  );
}

/**
 * Writes a prepared edit and reads it back.
 * @throws EntraError `schemaConflict` when the service moved between preparing and writing
 */
export function writeSchema(client: GraphClient, address: JobAddress, edit: SchemaEdit): Step<string> {
  const request: GraphRequest = {
    method: "PUT",
    path: `${jobPath(address)}/schema`,
    purpose: "changeSynchronization",
    bodyText: edit.text,
    idempotent: true,
  };
  return {
    title: "Write the attribute mappings and scoping filters",
    calls: [previewCall(request)],
    warnings: [
      "The next cycle evaluates everybody again.",
      ...(edit.merged ? ["Somebody else changed the schema meanwhile, in other places; their changes are kept."] : []),
    ],
    run: async (signal) => {
      if ((await readSchema(client, address, signal)) !== edit.current) {
        throw new EntraError(
          "schemaConflict",
          "The schema at the service changed while this edit was reviewed. Nothing was written. Review it again.",
        );
      }
      await client.send(request, signal);
      return readSchema(client, address, signal);
    },
  };
}

const named = z.looseObject({
  attributeMappings: z.array(
    z.looseObject({ targetAttributeName: z.string(), matchingPriority: z.number().nullish() }),
  ),
});

/** What the service does not refuse and should: two rows of one target, an object without a matching attribute. */
function checkSchema(text: string): void {
  const schema = parseSynchronizationSchema(text);
  for (const rule of schema.synchronizationRules) {
    for (const mapping of rule.objectMappings) {
      const { attributeMappings: rows } = named.parse(mapping);
      const names = rows.map(({ targetAttributeName }) => targetAttributeName);
      const twice = names.find((name, at) => names.indexOf(name) !== at);
      if (twice !== undefined)
        throw new EntraError(
          "invalidSchema",
          `${mapping.sourceObjectName}: the attribute ${twice} has two rows. Keep one.`,
        );
      if (
        mapping.enabled !== false &&
        rows.length > 0 &&
        !rows.some(({ matchingPriority }) => (matchingPriority ?? 0) > 0)
      )
        throw new EntraError(
          "invalidSchema",
          `${mapping.sourceObjectName}: no row is a matching attribute, so nobody could be found at the target. Give one a matching precedence.`,
        );
    }
  }
}

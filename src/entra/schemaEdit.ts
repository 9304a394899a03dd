import { isDeepStrictEqual } from "node:util";
import * as z from "zod";
import type { GraphClient, GraphRequest } from "../graph/client.ts";
import { exportSchema, type ExportedObject } from "../mapping/entra/exportSchema.ts";
import { parseSynchronizationSchema, type EntraSource } from "../mapping/entra/synchronizationSchema.ts";
import { EntraError, SchemaConflictError } from "./entraError.ts";
import { jobPath, type JobAddress } from "./jobs.ts";
import { mergeJson, type Decisions } from "./mergeJson.ts";
import { treeOf, withTrees } from "./schemaTrees.ts";
import { languageWarnings, readServiceLanguage } from "./serviceLanguage.ts";
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

/** A schema edit that is ready to be written. */
export interface SchemaEdit {
  /** The service's text as it is now. */
  readonly current: string;
  /** What will be written; equal to `current` when there is nothing to do. */
  readonly text: string;
  /** Somebody else changed the schema meanwhile, elsewhere; their changes are kept. */
  readonly merged: boolean;
  /** Functions and filter operators that the service does not know. */
  readonly warnings: readonly string[];
}

/**
 * Brings an edit onto what the service holds now. There is no ETag, so the schema is read again: where only the edit moved, it
 * stands; where only the service moved, the service's value stays; where both moved, nothing is written.
 *
 * @param base the text that the edit began from
 * @param edited the text that is wanted
 * @param options.decided who wins at the places of an earlier conflict
 * @throws SchemaConflictError with the places; EntraError `invalidSchema` when a target attribute has two rows
 */
export async function prepareSchema(
  client: GraphClient,
  address: JobAddress,
  base: string,
  edited: string,
  { decided, signal }: { readonly decided?: Decisions; readonly signal?: AbortSignal } = {},
): Promise<SchemaEdit> {
  checkSchema(edited);
  const wanted = await withTrees(client, address, base, edited, signal);
  const warningsOf = async (text: string) => languageWarnings(text, await readServiceLanguage(client, address, signal));
  const current = await readSchema(client, address, signal);
  if (current === base || isDeepStrictEqual(JSON.parse(current), JSON.parse(base))) {
    return { current, text: wanted, merged: false, warnings: await warningsOf(wanted) };
  }
  const { text, conflicts } = mergeJson(base, wanted, current, decided);
  if (conflicts.length === 0) return { current, text, merged: true, warnings: await warningsOf(text) };
  throw new SchemaConflictError(current, conflicts);
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
      ...edit.warnings,
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

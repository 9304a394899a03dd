import { isDeepStrictEqual } from "node:util";
import type { GraphClient, GraphRequest } from "../graph/client.ts";
import { parseExpressionAnswer } from "../graph/types/synchronization.ts";
import { expressionToTree } from "../mapping/entra/expressionTree.ts";
import { JsonEdits } from "../mapping/entra/jsonEdits.ts";
import { parseSynchronizationSchema, type EntraSource } from "../mapping/entra/synchronizationSchema.ts";
import { ExpressionError } from "../mapping/expression/expressionError.ts";
import { EntraError } from "./entraError.ts";
import { jobPath, type JobAddress } from "./jobs.ts";

/** The tree that the service makes of an expression. @throws EntraError `invalidSchema` when it cannot parse it */
export async function treeOf(
  client: GraphClient,
  address: JobAddress,
  expression: string,
  signal?: AbortSignal,
): Promise<EntraSource> {
  const request: GraphRequest = {
    method: "POST",
    path: `${jobPath(address)}/schema/parseExpression`,
    purpose: "changeSynchronization",
    body: { expression, targetAttributeDefinition: null, testInputObject: null },
    idempotent: true,
  };
  const answer = await client.call(request, parseExpressionAnswer, signal);
  if (answer.parsingSucceeded && answer.parsedExpression != null) return answer.parsedExpression;
  throw new EntraError(
    "invalidSchema",
    `The service cannot parse ${expression}: ${answer.error?.message ?? "no reason named"}`,
  );
}

/**
 * Gives the expressions of an edit their trees, which stand in the schema as text alone while they are edited. Rows that are as
 * they were stay byte for byte.
 *
 * @param base the schema that the edit began from
 * @throws EntraError `invalidSchema`, naming the row, for an expression that cannot be parsed
 */
export async function withTrees(
  client: GraphClient,
  address: JobAddress,
  base: string,
  edited: string,
  signal?: AbortSignal,
): Promise<string> {
  const before = new Map(sourcesOf(base).map(({ key, source }) => [key, source]));
  const edits = new JsonEdits(edited);
  for (const { key, target, source, path } of sourcesOf(edited)) {
    const { type, expression, parameters } = source;
    if (type !== "Function" || expression == null || (parameters?.length ?? 0) > 0) continue;
    if (isDeepStrictEqual(before.get(key), source)) continue;
    edits.set(path, "source", ourTree(expression, target) ?? (await treeOf(client, address, expression, signal)));
  }
  return edits.apply();
}

function ourTree(expression: string, target: string): EntraSource | undefined {
  try {
    return expressionToTree(expression);
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    throw new EntraError(
      "invalidSchema",
      `The expression of ${target} cannot be used: ${error.message} Mend it; nothing was sent.`,
    );
  }
}

function sourcesOf(text: string) {
  return parseSynchronizationSchema(text).synchronizationRules.flatMap(({ objectMappings }, rule) =>
    objectMappings.flatMap(({ sourceObjectName, attributeMappings }, object) =>
      attributeMappings.flatMap(({ targetAttributeName: target, source }, row) =>
        source == null
          ? []
          : {
              key: JSON.stringify([rule, sourceObjectName, target]),
              target,
              source,
              path: ["synchronizationRules", rule, "objectMappings", object, "attributeMappings", row],
            },
      ),
    ),
  );
}

import type * as z from "zod";
import { GraphError } from "../graph/errors.ts";
import type { GraphClient } from "../graph/client.ts";
import { filterOperatorSchema, functionSchema } from "../graph/types/synchronization.ts";
import { parseSynchronizationSchema, type EntraSource } from "../mapping/entra/synchronizationSchema.ts";
import { functions, unavailableFunctions } from "../mapping/expression/functions/catalogue.ts";
import { nearestName } from "../mapping/expression/suggest.ts";
import { operators } from "../scope/rules.ts";
import { directoriesOf } from "./discover.ts";
import { jobPath, type JobAddress } from "./jobs.ts";

/** What mappings and scoping filters may be written with. */
export interface ServiceLanguage {
  /** Names of functions; letter case counts. */
  readonly functions: ReadonlySet<string>;
  /** Operators by name in lower case, with the attribute types that they take; an empty list says nothing. */
  readonly operators: ReadonlyMap<string, { readonly name: string; readonly types: readonly string[] }>;
  /** Whether the service itself told each list, or the public documentation stands in for it. */
  readonly told: { readonly functions: boolean; readonly operators: boolean };
}

/** The functions of the documentation, and two that the samples of Graph name besides. */
const documentedFunctions = [...functions.keys(), "AppRoleAssignments", "DefaultDomain"];

/**
 * Asks the service which functions and filter operators it knows. What it does not tell is taken from the documentation, since
 * a check that cannot be made must not keep anybody from working.
 *
 * @throws HttpError when the service cannot be reached
 */
export async function readServiceLanguage(
  client: GraphClient,
  address: JobAddress,
  signal?: AbortSignal,
): Promise<ServiceLanguage> {
  const list = async <Schema extends z.ZodType>(name: string, schema: Schema): Promise<z.output<Schema>[]> => {
    try {
      return await client.all(`${jobPath(address)}/schema/${name}`, "changeSynchronization", schema, { signal });
    } catch (error) {
      if (!(error instanceof GraphError)) throw error;
      return [];
    }
  };
  const [told, toldOperators] = await Promise.all([
    list("functions", functionSchema),
    list("filterOperators", filterOperatorSchema),
  ]);
  const names = told.flatMap(({ name, id }) => name ?? id ?? []);
  const known = toldOperators.flatMap(({ name, id, supportedAttributeTypes }) => {
    const own = name ?? id;
    return own == null ? [] : [{ name: own, types: supportedAttributeTypes ?? [] }];
  });
  const byName = known.length > 0 ? known : operators.map((name) => ({ name, types: [] }));
  return {
    functions: new Set(names.length > 0 ? names : documentedFunctions),
    operators: new Map(byName.map((operator) => [operator.name.toLowerCase(), operator])),
    told: { functions: names.length > 0, operators: known.length > 0 },
  };
}

/** What of a schema the service's language does not hold, a sentence each. */
export function languageWarnings(schemaText: string, language: ServiceLanguage): string[] {
  const warnings = new Set<string>();
  const directories = directoriesOf(schemaText);
  const by = (told: boolean) => (told ? "the service names" : "the documentation names");
  for (const rule of parseSynchronizationSchema(schemaText).synchronizationRules) {
    if (rule.editable === false) continue;
    for (const { sourceObjectName, attributeMappings, scope } of rule.objectMappings) {
      for (const { targetAttributeName, source } of attributeMappings) {
        for (const name of functionsOf(source)) {
          if (language.functions.has(name)) continue;
          const nearest = nearestName(name, language.functions);
          const hint = nearest === undefined ? "" : ` Did you mean ${nearest}?`;
          const elsewhere = unavailableFunctions.get(name);
          const why = elsewhere ?? `It is none of the functions that ${by(language.told.functions)}.${hint}`;
          warnings.add(`${sourceObjectName}: ${targetAttributeName} calls ${name}. ${why}`);
        }
      }
      for (const { clauses } of scope?.groups ?? []) {
        for (const { operatorName, sourceOperandName } of clauses) {
          const place = `${sourceObjectName}: the scoping filter on ${sourceOperandName}`;
          const operator = language.operators.get(operatorName.toLowerCase());
          const type = typeOf(directories, sourceObjectName, sourceOperandName);
          if (operator === undefined) {
            const what = `It is none of the operators that ${by(language.told.operators)}.`;
            warnings.add(`${place} uses ${operatorName}. ${what}`);
          } else if (type !== undefined && operator.types.length > 0 && !operator.types.includes(type)) {
            const types = operator.types.join(", ");
            warnings.add(`${place} uses ${operator.name}, which takes ${types}; ${sourceOperandName} is ${type}.`);
          }
        }
      }
    }
  }
  return [...warnings];
}

function* functionsOf(source: EntraSource | null | undefined): Generator<string> {
  if (source == null) return;
  if (source.type === "Function" && source.name != null) yield source.name;
  for (const { value } of source.parameters ?? []) yield* functionsOf(value);
}

/** The type of an attribute of the source directory, as the schema tells it. */
function typeOf(directories: ReturnType<typeof directoriesOf>, object: string, attribute: string): string | undefined {
  for (const { readOnly, objects } of directories) {
    if (readOnly !== true) continue;
    const found = objects?.find(({ name }) => name === object)?.attributes?.find(({ name }) => name === attribute);
    if (found?.type != null) return found.type;
  }
  return undefined;
}

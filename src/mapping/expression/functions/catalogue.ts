import { dateFunctions } from "./date.ts";
import type { FunctionDefinition, Parameter } from "./definition.ts";
import { encodingFunctions } from "./encoding.ts";
import { listFunctions } from "./list.ts";
import { logicFunctions } from "./logic.ts";
import { numberFunctions } from "./number.ts";
import { randomFunctions } from "./random.ts";
import { replaceFunction } from "./replace.ts";
import { roleFunctions } from "./roles.ts";
import { textFunctions } from "./text.ts";

/** Every function of the expression language, by name, in alphabetical order. */
export const functions: ReadonlyMap<string, FunctionDefinition> = new Map(
  [
    ...textFunctions,
    replaceFunction,
    ...logicFunctions,
    ...numberFunctions,
    ...dateFunctions,
    ...listFunctions,
    ...encodingFunctions,
    ...randomFunctions,
    ...roleFunctions,
  ]
    .sort((a, b) => (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1))
    .map((definition) => [definition.name, definition]),
);

/** Functions that exist elsewhere, with the reason why they cannot be used here. */
export const unavailableFunctions: ReadonlyMap<string, string> = new Map([
  ...["ConvertFromBase64", "Contains", "DNComponent", "Error", "StringFromSID", "Trim"].map(
    (name) => [name, `${name} exists in Entra Cloud Sync only, not in application provisioning.`] as const,
  ),
  ...["AppRoleAssignments", "DefaultDomain"].map(
    (name) => [name, `${name} is known to the provisioning service only; its rules are not published.`] as const,
  ),
]);

/** The parameter that an argument fills, in the short form of the function when the call has that many arguments. */
export function parameterAt(definition: FunctionDefinition, index: number, count: number): Parameter | undefined {
  const parameters = definition.shortForm?.length === count ? definition.shortForm : definition.parameters;
  const fixed = parameters[index];
  const repeated = definition.repeated;
  if (fixed !== undefined || repeated === undefined) return fixed;
  return repeated[(index - parameters.length) % repeated.length];
}

/** A signature as argument hints show it: `Join(separator, source, …)`. */
export function signatureText(definition: FunctionDefinition): string {
  const names = definition.parameters.map(({ name, optional }) => (optional ? `${name}?` : name));
  if (definition.repeated !== undefined) names.push(...definition.repeated.map(({ name }) => `${name}2`), "…");
  return `${definition.name}(${names.join(", ")})`;
}

import { clouds } from "../../graph/clouds.ts";
import { functions } from "../../mapping/expression/functions/catalogue.ts";
import { referenceKind } from "../../mapping/reference.ts";
import { resolveTarget } from "../../mapping/targetPath.ts";
import type { AttributeDefinition, ResourceSchema } from "../../scim/schema.ts";
import { builtinSchema } from "../../scim/schemas/builtin.ts";
import { operandKind, operators } from "../../scope/rules.ts";
import { displayText } from "../platform/text.ts";
import type { FunctionOffer, Offers } from "./messages/job.ts";
import type { Kind } from "./messages/view.ts";

/**
 * Everything that the pages of a job offer for choice.
 *
 * @param schemas of the service, once they are read; those of RFC 7643 until then
 * @param service the connection's name
 * @param attributes of the directory's objects
 */
export function makeOffers(
  schemas: Readonly<Record<Kind, ResourceSchema>> | undefined,
  service: string | undefined,
  attributes: Offers["attributes"],
): Offers {
  return {
    kind: "offers",
    functions: functionOffers(),
    operators: operatorOffers(),
    clouds: clouds.map(({ name, graphUrl }) => ({ name, graphUrl })),
    targets: {
      users: targetOffers(schemas?.users ?? builtinSchema("User")),
      groups: targetOffers(schemas?.groups ?? builtinSchema("Group")),
    },
    targetsFrom: schemas === undefined || service === undefined ? "RFC 7643" : displayText(service),
    attributes,
  };
}

/** The functions of expressions, with what completion and argument hints say of them. */
function functionOffers(): FunctionOffer[] {
  return [...functions.values()].map(({ name, doc, example, parameters, repeated = [] }) => ({
    name,
    doc,
    example,
    parameters: [
      ...parameters.map((each) => ({ name: each.name, doc: each.doc, optional: each.optional === true })),
      ...repeated.map((each) => ({ name: each.name, doc: each.doc, optional: true })),
    ],
    repeated: repeated.length,
  }));
}

/** The operators of scoping filters, with what stands at their right. */
function operatorOffers(): Offers["operators"] {
  return operators.map((id) => ({ id, operand: operandKind(id) }));
}

/** Elements that are picked by type when the schema names no types itself (RFC 7643 section 4.1.2). */
const usualTypes = ["work", "home", "other"];

/** Every target path that a mapping can write, by the schema of the service: core attributes first. */
export function targetOffers(schema: ResourceSchema): Offers["targets"]["users"] {
  const core = schema.core.attributes.flatMap((attribute) => paths(attribute, ""));
  const extended = schema.extensions.flatMap(({ id, attributes }) =>
    attributes.flatMap((attribute) => paths(attribute, `${id}:`)),
  );
  return [...core, ...extended].map(([path, { type, required, description }]) => ({
    path,
    detail: [required ? `${type}, required` : type, firstSentence(description)]
      .filter((part) => part !== "")
      .join(". "),
  }));

  function paths(attribute: AttributeDefinition, prefix: string): [string, AttributeDefinition][] {
    const { name, mutability, subAttributes = [], multiValued } = attribute;
    const path = `${prefix}${name}`;
    if (mutability === "readOnly") return [];
    if (attribute.type !== "complex") return [[path, attribute]];
    if (referenceKind(resolveTarget(path, schema)) !== undefined) return [[path, attribute]];
    const writable = subAttributes.filter((sub) => sub.mutability !== "readOnly");
    if (!multiValued) return writable.map((sub) => [`${path}.${sub.name}`, sub]);
    const type = writable.find((sub) => sub.name === "type");
    if (type === undefined) return [[path, attribute]];
    const types = type.canonicalValues ?? usualTypes;
    const values = writable.filter(({ name: sub }) => !["type", "primary", "display"].includes(sub));
    return types.flatMap((each) =>
      values.map((sub): [string, AttributeDefinition] => [`${path}[type eq "${each}"].${sub.name}`, sub]),
    );
  }
}

function firstSentence(text = ""): string {
  return (/^[^.]{1,160}/.exec(text)?.[0] ?? "").trim();
}

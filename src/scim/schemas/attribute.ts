import type { AttributeDefinition } from "../schema.ts";

type Characteristics = Partial<Omit<AttributeDefinition, "name" | "description">>;

/** Completes an attribute definition with the defaults of RFC 7643 section 2.2. */
export function attribute(
  name: string,
  description: string,
  characteristics: Characteristics = {},
): AttributeDefinition {
  return {
    name,
    description,
    type: "string",
    multiValued: false,
    required: false,
    caseExact: false,
    mutability: "readWrite",
    returned: "default",
    uniqueness: "none",
    ...characteristics,
  };
}

/** A complex attribute of the given sub-attributes. */
export function complex(
  name: string,
  description: string,
  subAttributes: readonly AttributeDefinition[],
  characteristics: Characteristics = {},
): AttributeDefinition {
  return attribute(name, description, { type: "complex", subAttributes, ...characteristics });
}

/** A multi-valued complex attribute with the sub-attributes of RFC 7643 section 2.4: value, display, type, primary. */
export function plural(
  name: string,
  description: string,
  value: Characteristics & { readonly description: string },
  types: readonly string[] = [],
): AttributeDefinition {
  const { description: valueDescription, ...valueCharacteristics } = value;
  return complex(
    name,
    description,
    [
      attribute("value", valueDescription, valueCharacteristics),
      attribute("display", "A name for this value that a person can read."),
      attribute("type", "What the value is used for.", types.length > 0 ? { canonicalValues: types } : {}),
      attribute("primary", "Whether this is the preferred value; true at most once.", { type: "boolean" }),
    ],
    { multiValued: true },
  );
}

import type {
  AttributeMappingFunctionSchema,
  AttributeType,
  FilterOperatorSchema,
} from "@microsoft/microsoft-graph-types";
import { functions } from "../../mapping/expression/functions/catalogue.ts";
import type { Parameter, ValueType } from "../../mapping/expression/functions/definition.ts";
import { operandKind, operators, type Operator } from "../../scope/rules.ts";

/** Samples print `name`; the public types know `id` alone. */
type Named = { readonly name: string };

/** The functions as the service lists them; two that its samples name have no public rules and are listed for their names. */
export function functionSchemas(): (AttributeMappingFunctionSchema & Named)[] {
  const known = [...functions.values()].map(({ name, parameters, repeated }) => ({
    name,
    parameters: [
      ...parameters.map((parameter) => parameterSchema(parameter, false)),
      ...(repeated ?? []).map((parameter) => parameterSchema(parameter, true)),
    ],
  }));
  const source = parameterSchema({ name: "source", type: "text", doc: "" }, false);
  return [...known, { name: "DefaultDomain", parameters: [] }, { name: "AppRoleAssignments", parameters: [source] }];
}

function parameterSchema({ name, type, optional }: Parameter, allowMultipleOccurrences: boolean) {
  return { allowMultipleOccurrences, name, required: optional !== true, type: attributeTypes[type] };
}

const attributeTypes: Readonly<Record<ValueType, AttributeType>> = {
  text: "String",
  number: "Integer",
  boolean: "Boolean",
  date: "DateTime",
  list: "String",
  roles: "String",
  condition: "Boolean",
  attribute: "String",
  any: "String",
};

/** The operators of scoping filters as the service lists them. */
export function filterOperatorSchemas(): (FilterOperatorSchema & Named)[] {
  return operators.map((name) => ({
    name,
    arity: operandKind(name) === "none" ? "Unary" : "Binary",
    multivaluedComparisonType: "All",
    supportedAttributeTypes: supportedTypes[name],
  }));
}

/** Only those of EQUALS are published; the others follow from what the operators do (inferred). */
const comparable: AttributeType[] = ["String", "Integer"];
const present: AttributeType[] = ["String", "Integer", "Boolean", "Reference", "Binary", "DateTime"];
const supportedTypes: Readonly<Record<Operator, AttributeType[]>> = {
  EQUALS: comparable,
  "NOT EQUALS": comparable,
  "IS TRUE": ["Boolean"],
  "IS FALSE": ["Boolean"],
  "IS NULL": present,
  "IS NOT NULL": present,
  "REGEX MATCH": ["String"],
  "NOT REGEX MATCH": ["String"],
  Greater_Than: comparable,
  Greater_Than_OR_EQUALS: comparable,
  Includes: ["String"],
  ENDS_WITH: ["String"],
  "&": comparable,
  "!&": comparable,
};

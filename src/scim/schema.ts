/** Attribute types (RFC 7643 section 2.3). */
export type AttributeType =
  "string" | "boolean" | "decimal" | "integer" | "dateTime" | "binary" | "reference" | "complex";

/** The definition of one attribute with every default of RFC 7643 section 2.2 filled in. */
export interface AttributeDefinition {
  readonly name: string;
  readonly type: AttributeType;
  readonly multiValued: boolean;
  readonly description?: string;
  readonly required: boolean;
  readonly caseExact: boolean;
  readonly mutability: "readOnly" | "readWrite" | "immutable" | "writeOnly";
  readonly returned: "always" | "never" | "default" | "request";
  readonly uniqueness: "none" | "server" | "global";
  readonly canonicalValues?: readonly string[];
  readonly referenceTypes?: readonly string[];
  /** Only of `complex`; never nests another complex attribute. */
  readonly subAttributes?: readonly AttributeDefinition[];
}

/** One schema: a URN and its attributes (RFC 7643 section 7). */
export interface SchemaDefinition {
  readonly id: string;
  readonly name: string;
  readonly description?: string;
  readonly attributes: readonly AttributeDefinition[];
}

/** Everything that can stand in a resource of one type: the core schema, its extensions, the common attributes. */
export interface ResourceSchema {
  readonly resourceType: string;
  readonly core: SchemaDefinition;
  readonly extensions: readonly SchemaDefinition[];
}

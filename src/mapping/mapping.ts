/** Where the value of a mapping row comes from: exactly one of the three. */
export type MappingSource =
  { readonly attribute: string } | { readonly constant: string } | { readonly expression: string };

/** One row of a mapping table, as it stands in a job file. */
export interface Mapping {
  /** A SCIM attribute path: `userName`, `name.givenName`, `emails[type eq "work"].value`, `urn:…:User:department`. */
  readonly target: string;
  readonly source: MappingSource;
  /** Matching precedence, 1 first; absent for a row that is not matched by. */
  readonly matching?: number | undefined;
  /** Written on create when the source gives no value. */
  readonly default?: string | undefined;
  /** `create`: only when the object is created. `always` when absent. */
  readonly apply?: "always" | "create" | undefined;
}

/** Something wrong or doubtful in a mapping table. */
export interface MappingProblem {
  /** Index of the row; absent when the table as a whole is meant. */
  readonly row?: number;
  readonly field: "target" | "source" | "matching" | "default" | "rows";
  readonly severity: "error" | "warning";
  readonly code: string;
  readonly message: string;
  /** 0-based place within the text of the field, where one part of it is at fault. */
  readonly position?: number;
  readonly length?: number;
}

/** A mapping table that cannot be compiled; `problems` holds everything found, warnings included. */
export class MappingsError extends Error {
  readonly code = "invalidMappings";
  readonly problems: readonly MappingProblem[];

  constructor(problems: readonly MappingProblem[]) {
    const errors = problems.filter(({ severity }) => severity === "error");
    const [first] = errors;
    const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : "";
    super(`The mappings cannot be used: ${first?.message ?? "they hold errors."}${more}`);
    this.name = "MappingsError";
    this.problems = problems;
  }
}

/** A place in a job file: `["users", "mappings", 2, "source"]`. */
export type JobPath = readonly (string | number)[];

/** A replacement of a part of the text; offsets are in UTF-16 code units. */
export interface TextEdit {
  readonly offset: number;
  readonly length: number;
  readonly content: string;
}

/** One change of a job file. */
export type JobEdit =
  /** Writes a value; missing objects on the way are made. */
  | { readonly kind: "set"; readonly path: JobPath; readonly value: unknown }
  /** Puts a value into a list, before the element that stands at the index now. */
  | { readonly kind: "insert"; readonly path: JobPath; readonly value: unknown }
  /** Takes a key or a list element away. */
  | { readonly kind: "remove"; readonly path: JobPath }
  /** Moves a list element to another index of its list, the comments within it included. */
  | { readonly kind: "move"; readonly path: JobPath; readonly to: number };

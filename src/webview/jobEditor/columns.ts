/** The columns of the mapping table, in their order. */
export const columns = ["mark", "target", "type", "source", "matching", "default", "apply", "result"] as const;

export type Column = (typeof columns)[number];

export const heads: Readonly<Record<Column, string>> = {
  mark: "State",
  target: "Target",
  type: "Type",
  source: "Source or expression",
  matching: "Matching",
  default: "Default",
  apply: "Apply",
  result: "Result",
};

export const applyWords = { always: "Always", create: "Only during creation" } as const;

export const applyOptions = [
  { id: "always", label: applyWords.always },
  { id: "create", label: applyWords.create },
] as const;

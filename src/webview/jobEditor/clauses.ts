import type { EditMessage } from "../../extension/jobEditor/messages.ts";
import type { Clause, ClauseGroup, Offers } from "../../extension/jobEditor/messages/job.ts";
import type { Kind } from "../../extension/jobEditor/messages/view.ts";

type Operand = Offers["operators"][number]["operand"];

/** The clause that a group or a new line begins with: complete as it stands, so that the file is never broken by it. */
const firstClause = (attribute: string) => ({ attribute, operator: "IS NOT NULL" });

const at = (kind: Kind, ...rest: (string | number)[]): EditMessage["path"] => ["scope", kind, ...rest];

export function addGroup(kind: Kind, groups: readonly ClauseGroup[], attribute: string): EditMessage {
  const value = { clauses: [firstClause(attribute)] };
  // The list itself may not stand in the file yet.
  if (groups.length === 0) return { kind: "set", path: at(kind), value: [value] };
  return { kind: "insert", path: at(kind, groups.length), value };
}

export function removeGroup(kind: Kind, group: number): EditMessage {
  return { kind: "remove", path: at(kind, group) };
}

export function addClause(kind: Kind, group: number, { clauses }: ClauseGroup, attribute: string): EditMessage {
  return { kind: "insert", path: at(kind, group, "clauses", clauses.length), value: { ...firstClause(attribute) } };
}

/** A group without clauses would pass everybody, so it goes with its last clause. */
export function removeClause(kind: Kind, group: number, clause: number, { clauses }: ClauseGroup): EditMessage {
  return clauses.length === 1 ? removeGroup(kind, group) : { kind: "remove", path: at(kind, group, "clauses", clause) };
}

export function setAttribute(kind: Kind, group: number, clause: number, attribute: string): EditMessage {
  return { kind: "set", path: at(kind, group, "clauses", clause, "attribute"), value: attribute };
}

export function setValue(kind: Kind, group: number, clause: number, value: string): EditMessage {
  return { kind: "set", path: at(kind, group, "clauses", clause, "value"), value };
}

/** Another operator in one gesture with the operand that it needs, or without the one that it does not take. */
export function setOperator(
  kind: Kind,
  group: number,
  clause: number,
  { value }: Clause,
  operator: string,
  operand: Operand,
): EditMessage[] {
  const path = at(kind, group, "clauses", clause);
  const edits: EditMessage[] = [{ kind: "set", path: [...path, "operator"], value: operator }];
  if (operand === "none") {
    if (value !== undefined) edits.push({ kind: "remove", path: [...path, "value"] });
  } else if (value === undefined)
    edits.push({ kind: "set", path: [...path, "value"], value: operand === "integer" ? "0" : "" });
  else if (operand === "integer" && !/^\d+$/.test(value)) {
    edits.push({ kind: "set", path: [...path, "value"], value: "0" });
  }
  return edits;
}

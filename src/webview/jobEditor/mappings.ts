import type { EditMessage } from "../../extension/jobEditor/messages.ts";
import type { MappingRow } from "../../extension/jobEditor/messages/job.ts";
import type { Kind } from "../../extension/jobEditor/messages/view.ts";

/** How a row gets its value, in the words of the provisioning service. */
export type SourceType = "direct" | "constant" | "expression";

export const sourceTypes: readonly { readonly id: SourceType; readonly label: string }[] = [
  { id: "direct", label: "Direct" },
  { id: "constant", label: "Constant" },
  { id: "expression", label: "Expression" },
];

export function sourceType({ source }: MappingRow): SourceType {
  return "attribute" in source ? "direct" : "constant" in source ? "constant" : "expression";
}

export function sourceText({ source }: MappingRow): string {
  return "attribute" in source ? source.attribute : "constant" in source ? source.constant : source.expression;
}

const sourceKeys = { direct: "attribute", constant: "constant", expression: "expression" } as const;

/** The edit that gives a row another source text. */
export function setSourceText(kind: Kind, row: number, mapping: MappingRow, text: string): EditMessage {
  return { kind: "set", path: [kind, "mappings", row, "source", sourceKeys[sourceType(mapping)]], value: text };
}

/** The edit that gives a row another type of source and keeps as much of what stood there as the type can hold. */
export function setSourceType(kind: Kind, row: number, mapping: MappingRow, type: SourceType): EditMessage | undefined {
  const from = sourceType(mapping);
  if (from === type) return undefined;
  const text = sourceText(mapping);
  const value = { [sourceKeys[type]]: convert(text, from, type) };
  return { kind: "set", path: [kind, "mappings", row, "source"], value };
}

function convert(text: string, from: SourceType, to: SourceType): string {
  if (to === "direct") return /\[([^\]]+)\]/.exec(text)?.[1]?.trim() ?? "displayName";
  if (to === "constant") return from === "direct" ? "" : (/^"((?:\\["\\]|[^"\\])*)"$/.exec(text)?.[1] ?? "");
  return from === "direct" ? `[${text}]` : JSON.stringify(text);
}

/** The edit of a value that has a default: what is at its default is not written. */
export function setOrRemove(path: EditMessage["path"], value: string | number | undefined): EditMessage {
  return value === undefined ? { kind: "remove", path } : { kind: "set", path, value };
}

export function setMatching(kind: Kind, row: number, mapping: MappingRow, value: number | undefined): EditMessage[] {
  if (mapping.matching === value) return [];
  return [setOrRemove([kind, "mappings", row, "matching"], value)];
}

export function setDefault(kind: Kind, row: number, mapping: MappingRow, value: string): EditMessage[] {
  const wanted = value === "" ? undefined : value;
  if (mapping.default === wanted) return [];
  return [setOrRemove([kind, "mappings", row, "default"], wanted)];
}

export function setApply(kind: Kind, row: number, mapping: MappingRow, value: string): EditMessage[] {
  if (mapping.apply === value) return [];
  return [setOrRemove([kind, "mappings", row, "apply"], value === "create" ? value : undefined)];
}

/** The row that a new target begins with: the directory attribute of the same name, when there is one. */
export function newMapping(
  target: string,
  attributes: readonly string[],
): { target: string; source: { attribute: string } } {
  const name = target.replace(/^.*[:.\]]/, "").replace(/\[.*$/, "");
  const wanted = name.toLowerCase();
  const attribute =
    attributes.find((each) => each.toLowerCase() === wanted) ??
    attributes.find((each) => each.toLowerCase().endsWith(wanted)) ??
    "displayName";
  return { target, source: { attribute } };
}

/** A target path as a narrow column shows it: a URN is shortened in its middle. */
export function shortTarget(target: string): string {
  const match = /^urn:.*:(\d+(?:\.\d+)?:[^:]+:[^:]+)$/i.exec(target);
  return match?.[1] === undefined ? target : `urn:…:${match[1]}`;
}

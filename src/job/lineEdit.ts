import { findNodeAtLocation, type Node } from "jsonc-parser";
import type { JobEdit, JobPath, TextEdit } from "./jobEdit.ts";

/**
 * The edits of a change where the things around it stand on one line, such as a mapping row: they stay on one line, and their
 * neighbours are not touched. `undefined` where that is not so, or a comment stands in between.
 */
export function lineEdit(text: string, root: Node, edit: JobEdit): TextEdit[] | undefined {
  const key = edit.path.at(-1);
  const container = findNodeAtLocation(root, [...edit.path.slice(0, -1)]);
  if (key === undefined || container === undefined) return undefined;
  switch (edit.kind) {
    case "set":
      return set(text, root, container, edit.path, edit.value);
    case "insert":
      return typeof key === "number" && container.type === "array"
        ? insert(text, container.children ?? [], key, edit.value)
        : undefined;
    case "remove":
      return remove(text, root, container, edit.path);
    case "move":
      return undefined;
  }
}

function set(text: string, root: Node, container: Node, path: JobPath, value: unknown): TextEdit[] | undefined {
  const existing = findNodeAtLocation(root, [...path]);
  if (existing !== undefined) {
    const content = replacement(text, container, existing, value);
    return content === undefined ? undefined : [{ offset: existing.offset, length: existing.length, content }];
  }
  const key = path.at(-1);
  const last = container.type === "object" ? container.children?.at(-1) : undefined;
  if (last === undefined || !isOneLine(text, container)) return undefined;
  const content = `, ${JSON.stringify(String(key))}: ${oneLine(value)}`;
  return [{ offset: last.offset + last.length, length: 0, content }];
}

function replacement(text: string, container: Node, existing: Node, value: unknown): string | undefined {
  // A value that is no object is written on one line anyhow, and where it stands.
  if (typeof value !== "object" || value === null || isOneLine(text, container)) return oneLine(value);
  const elements = existing.type === "array" ? (existing.children ?? []) : [];
  const [first] = elements;
  const last = elements.at(-1);
  if (!Array.isArray(value) || first === undefined || last === undefined) return undefined;
  if (!elements.every((element) => isOneLine(text, element))) return undefined;
  const gap = spaceBefore(text, first.offset);
  const end = spaceBefore(text, existing.offset + existing.length - 1);
  return value.length === 0 ? "[]" : `[${gap}${value.map(oneLine).join(`,${gap}`)}${end}]`;
}

function insert(text: string, elements: readonly Node[], index: number, value: unknown): TextEdit[] | undefined {
  const next = elements[index];
  const neighbour = next ?? elements.at(-1);
  if (neighbour === undefined || !isOneLine(text, neighbour)) return undefined;
  const gap = spaceBefore(text, neighbour.offset) || " ";
  if (next !== undefined) return [{ offset: next.offset, length: 0, content: `${oneLine(value)},${gap}` }];
  const end = neighbour.offset + neighbour.length;
  const comment = /^[ \t]*(?:\/\/[^\r\n]*|\/\*[^\r\n]*?\*\/)/.exec(text.slice(end))?.[0] ?? "";
  if (comment === "") return [{ offset: end, length: 0, content: `,${gap}${oneLine(value)}` }];
  // A comment behind the last element stays on its line.
  return [
    { offset: end, length: 0, content: "," },
    { offset: end + comment.length, length: 0, content: `${gap}${oneLine(value)}` },
  ];
}

function remove(text: string, root: Node, container: Node, path: JobPath): TextEdit[] | undefined {
  const value = findNodeAtLocation(root, [...path]);
  if (value === undefined) return undefined;
  const node = container.type === "object" ? value.parent : value;
  const siblings = container.children ?? [];
  const at = node === undefined ? -1 : siblings.indexOf(node);
  if (node === undefined || at === -1) return undefined;
  const previous = siblings[at - 1];
  const next = siblings[at + 1];
  const end = node.offset + node.length;
  const cut =
    previous !== undefined
      ? { from: previous.offset + previous.length, to: end }
      : next !== undefined
        ? { from: node.offset, to: next.offset }
        : { from: container.offset + 1, to: container.offset + container.length - 1 };
  const between = text.slice(cut.from, Math.max(cut.from, node.offset)) + text.slice(end, Math.max(end, cut.to));
  if (/[^\s,]/.test(between)) return undefined;
  return [{ offset: cut.from, length: cut.to - cut.from, content: "" }];
}

function isOneLine(text: string, { offset, length }: Node): boolean {
  return !/[\r\n]/.test(text.slice(offset, offset + length));
}

function spaceBefore(text: string, offset: number): string {
  return /\s*$/.exec(text.slice(0, offset))?.[0] ?? "";
}

/** JSON on one line, with the spaces that people write. */
function oneLine(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(oneLine).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const pairs = Object.entries(value).filter(([, each]) => each !== undefined);
  return pairs.length === 0
    ? "{}"
    : `{ ${pairs.map(([key, each]) => `${JSON.stringify(key)}: ${oneLine(each)}`).join(", ")} }`;
}

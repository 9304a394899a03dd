import { applyEdits, findNodeAtLocation, type FormattingOptions, modify, parseTree } from "jsonc-parser";
import { tooDeepAt } from "../scim/jsonDepth.ts";
import type { JobEdit, JobPath, TextEdit } from "./jobEdit.ts";
import { lineEdit } from "./lineEdit.ts";

/** An edit that does not fit the text. */
export class JobEditError extends Error {
  readonly code = "invalidJobEdit";

  constructor(message: string) {
    super(message);
    this.name = "JobEditError";
  }
}

/**
 * The smallest text edits that make one change and leave formatting and comments elsewhere as they are. All refer to the text
 * as given, in ascending order and without overlap.
 * @throws JobEditError when the place is not there.
 */
export function editJob(text: string, edit: JobEdit): readonly TextEdit[] {
  const { path } = edit;
  if (tooDeepAt(text) !== undefined) throw new JobEditError("The text is nested too deep to be edited here.");
  const root = parseTree(text);
  const within = root && lineEdit(text, root, edit);
  if (within !== undefined) return within;
  switch (edit.kind) {
    case "set":
      return checked(text, path, edit.value, {});
    case "insert":
      return checked(text, path, edit.value, { isArrayInsertion: true });
    case "remove":
      if (nodeAt(text, path) === undefined) throw new JobEditError(`There is nothing at ${path.join(".")} to remove.`);
      return checked(text, path, undefined, {});
    case "move":
      return move(text, path, edit.to);
  }
}

/** The text after one change. @throws JobEditError as {@link editJob}. */
export function applyJobEdit(text: string, edit: JobEdit): string {
  return applyEdits(text, [...editJob(text, edit)]);
}

function checked(
  text: string,
  path: JobPath,
  value: unknown,
  options: { readonly isArrayInsertion?: boolean },
): TextEdit[] {
  try {
    return modify(text, [...path], value, { ...options, formattingOptions: formattingOf(text) }).toSorted(
      (a, b) => a.offset - b.offset,
    );
  } catch (error) {
    throw new JobEditError(
      `${path.join(".")} cannot be changed: ${error instanceof Error ? error.message : String(error)}.`,
    );
  }
}

/**
 * Moving exchanges the texts of the elements between both places: separators, indentation and comments between elements stay
 * where they are.
 */
function move(text: string, path: JobPath, to: number): TextEdit[] {
  const from = path.at(-1);
  const list = nodeAt(text, path.slice(0, -1));
  if (typeof from !== "number" || list?.type !== "array")
    throw new JobEditError(`${path.join(".")} is no element of a list.`);
  const elements = list.children ?? [];
  if (from < 0 || from >= elements.length || to < 0 || to >= elements.length) {
    throw new JobEditError(`${path.join(".")} cannot move to ${to}: the list has ${elements.length} elements.`);
  }
  const order = elements.map((_, index) => index);
  order.splice(to, 0, ...order.splice(from, 1));
  return elements.flatMap((place, index) => {
    const element = elements[order[index] ?? index];
    if (element === undefined || element === place) return [];
    const content = text.slice(element.offset, element.offset + element.length);
    return [{ offset: place.offset, length: place.length, content }];
  });
}

function nodeAt(text: string, path: JobPath) {
  const root = parseTree(text);
  return root === undefined ? undefined : findNodeAtLocation(root, [...path]);
}

/** The indentation and line ends that the text has already. */
function formattingOf(text: string): FormattingOptions {
  const indent = /\n([ \t]+)\S/.exec(text)?.[1] ?? "  ";
  return { insertSpaces: !indent.startsWith("\t"), tabSize: indent.length, eol: text.includes("\r\n") ? "\r\n" : "\n" };
}

import { applyEdits } from "jsonc-parser";
import { applyJobEdit, editJob } from "../../job/edit.ts";
import type { JobEdit, TextEdit } from "../../job/jobEdit.ts";

/**
 * The text edits that make the changes of one gesture, each change on what the one before left.
 * @throws JobEditError when a place is not there.
 */
export function textEditsOf(text: string, edits: readonly JobEdit[]): readonly TextEdit[] {
  const [first, ...more] = edits;
  if (first === undefined) return [];
  if (more.length === 0) return editJob(text, first).map((edit) => trimmed(text, edit));
  return [difference(text, edits.reduce(applyJobEdit, text))].filter(
    ({ length, content }) => length > 0 || content !== "",
  );
}

/** Without what both sides have in common at their ends, so that the cursor of a text editor beside stays where it is. */
function trimmed(text: string, edit: TextEdit): TextEdit {
  const before = text.slice(edit.offset, edit.offset + edit.length);
  const inner = difference(before, edit.content);
  return { ...inner, offset: edit.offset + inner.offset };
}

/** The one replacement that turns a text into another. */
export function difference(before: string, after: string): TextEdit {
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before[start] === after[start]) start++;
  let end = 0;
  while (end < most - start && before.at(-1 - end) === after.at(-1 - end)) end++;
  return { offset: start, length: before.length - start - end, content: after.slice(start, after.length - end) };
}

/** The text after the edits of {@link textEditsOf}. */
export function applyTextEdits(text: string, edits: readonly TextEdit[]): string {
  return applyEdits(text, [...edits]);
}

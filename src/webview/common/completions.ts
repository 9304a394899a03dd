import { completingAt } from "./expressionText.ts";

/** One thing to insert. */
export interface Completion {
  readonly label: string;
  readonly detail: string;
  readonly insert: string;
  /** Where the caret goes, from the end of what is inserted. */
  readonly back: number;
}

/** What can be inserted at a place, and which part of the text it takes the place of. */
export interface Completions {
  readonly start: number;
  readonly end: number;
  readonly offers: readonly Completion[];
}

const mostShown = 40;

/**
 * What completes the name that is being written at a place; undefined within a text.
 * @param always whether an empty name is completed too: with everything
 */
export function completionsAt(
  text: string,
  offset: number,
  names: {
    readonly functions: readonly { readonly name: string; readonly doc: string }[];
    readonly attributes: readonly string[];
  },
  always: boolean,
): Completions | undefined {
  const completing = completingAt(text, offset);
  if (completing === undefined) return undefined;
  const isAttribute = completing.kind === "attribute";
  if (!always && !isAttribute && completing.prefix === "") return undefined;
  const prefix = completing.prefix.trim().toLowerCase();
  const fits = (name: string) => name.toLowerCase().includes(prefix);
  const attributes = names.attributes.filter(fits).map((name): Completion => {
    return { label: `[${name}]`, detail: "attribute", insert: isAttribute ? name : `[${name}]`, back: 0 };
  });
  const functions = isAttribute
    ? []
    : names.functions
        .filter(({ name }) => fits(name))
        .map(({ name, doc }): Completion => ({ label: name, detail: doc, insert: `${name}()`, back: 1 }));
  const rank = ({ label }: Completion) => (label.replace("[", "").toLowerCase().startsWith(prefix) ? 0 : 1);
  const offers = [...functions, ...attributes].sort((a, b) => rank(a) - rank(b)).slice(0, mostShown);
  return offers.length === 0 ? undefined : { start: completing.start, end: completing.end, offers };
}

/** The text with a completion in it, and where the caret goes: between the parentheses of a call, behind an attribute. */
export function complete(
  text: string,
  { start, end }: Completions,
  { insert, back }: Completion,
): { readonly text: string; readonly caret: number } {
  const hasCall = insert.endsWith("()") && /^\s*\(/.test(text.slice(end));
  let inserted = hasCall ? insert.slice(0, -2) : insert;
  let caret = start + inserted.length - (hasCall ? 0 : back);
  if (text[start - 1] === "[" && !inserted.startsWith("[")) {
    if (text[end] !== "]") inserted += "]";
    caret = start + insert.length + 1;
  }
  return { text: `${text.slice(0, start)}${inserted}${text.slice(end)}`, caret };
}

/** No document that we read is nested so deep; parsers that call themselves fail at some thousand levels. */
const deepest = 100;

/** Texts and comments, whose brackets do not count, and brackets that do. */
const tokens = /"(?:[^"\\\n]|\\.)*"?|\/\/[^\n]*|\/\*[^]*?(?:\*\/|$)|[[\]{}]/g;

/** Where a JSON text, with comments or without, nests too deep to be parsed; `undefined` when it does not. */
export function tooDeepAt(text: string): number | undefined {
  let depth = 0;
  for (const { 0: token, index } of text.matchAll(tokens)) {
    if (token === "[" || token === "{") depth++;
    else if (token === "]" || token === "}") depth--;
    if (depth > deepest) return index;
  }
  return undefined;
}

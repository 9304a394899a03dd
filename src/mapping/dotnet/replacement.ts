/** Stands for the whole text until it is known; no character of any text. */
const wholeText = "\uffff";

/**
 * Translates a .NET replacement pattern (`$1`, `${name}`, `$$`, `$&`, `` $` ``, `$'`, `$_`) into JavaScript's. A reference to a
 * group that the pattern does not have stays as text, as in .NET.
 *
 * @param groups the JavaScript number of each .NET group.
 * @returns the replacement for a text; only `$_`, the whole text, makes it depend on it.
 */
export function translateReplacement(
  replacement: string,
  groups: ReadonlyMap<string, number>,
): (text: string) => string {
  const translated = replacement.replace(
    /\$(?:(\d+)|\{([\p{L}\p{N}_]+)\}|([$&`'_])|)/gu,
    (found, number: string | undefined, name: string | undefined, mark: string | undefined) => {
      const group = groups.get(number ?? name ?? "");
      if (group === 0) return "$&";
      if (group !== undefined) return `$${String(group).padStart(2, "0")}`;
      if (mark === "_") return wholeText;
      return mark === undefined ? `$${found}` : found;
    },
  );
  return translated.includes(wholeText)
    ? (text) => translated.replaceAll(wholeText, () => text.replaceAll("$", "$$$$"))
    : () => translated;
}

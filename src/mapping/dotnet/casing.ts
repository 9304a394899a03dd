const ascii = /^[\x00-\x7f]*$/;

/**
 * Text in lower or upper case by .NET's rules: character by character, never changing the length (`ß` has no upper case),
 * and dotless and dotted i keep themselves without a culture.
 *
 * @param culture `null` for the invariant culture.
 * @returns `undefined` when the culture name is malformed.
 */
export function toCase(text: string, direction: "lower" | "upper", culture: string | null): string | undefined {
  if (culture === null) {
    if (ascii.test(text)) return direction === "lower" ? text.toLowerCase() : text.toUpperCase();
    return mapCharacters(text, (character) => {
      if (character === "ı" || character === "İ") return character;
      return direction === "lower" ? character.toLowerCase() : character.toUpperCase();
    });
  }
  try {
    const locale = Intl.getCanonicalLocales(culture);
    return mapCharacters(text, (character) =>
      direction === "lower" ? character.toLocaleLowerCase(locale) : character.toLocaleUpperCase(locale),
    );
  } catch {
    return undefined;
  }
}

function mapCharacters(text: string, map: (character: string) => string): string {
  let result = "";
  for (const character of text) {
    const mapped = map(character);
    result += Array.from(mapped).length === 1 ? mapped : character;
  }
  return result;
}

/** A word of .NET's ToTitleCase: a letter and what follows it up to white space, punctuation or a symbol; an apostrophe stays inside. */
const word = /\p{L}[\p{L}\p{M}\p{N}\p{Cs}\p{Co}\p{Cn}']*/gu;

/**
 * Title case as PCase does it: everything lowered first, then the first letter of each word raised. Without separators the
 * words are those of .NET's TextInfo.ToTitleCase; with them only these characters end a word.
 */
export function toTitleCase(text: string, separators: string | null): string {
  const lowered = toCase(text, "lower", null) ?? text;
  if (separators === null) return lowered.replace(word, raiseFirst);
  const ends = new Set(separators);
  let begins = true;
  let result = "";
  for (const character of lowered) {
    result += begins ? raiseFirst(character) : character;
    begins = ends.has(character);
  }
  return result;
}

function raiseFirst(text: string): string {
  const first = String.fromCodePoint(text.codePointAt(0) ?? 0);
  return (toCase(first, "upper", null) ?? first) + text.slice(first.length);
}

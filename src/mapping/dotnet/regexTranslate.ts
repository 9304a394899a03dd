import { translateClass } from "./regexClass.ts";
import { literal, PatternCursor, RegexError } from "./regexCursor.ts";
import { atEnd, atStart, beforeLastNewline, readReference, translateAnchor, translateEscape } from "./regexEscape.ts";

/** A .NET pattern as source of a JavaScript RegExp with the flag `v`. */
export interface TranslatedPattern {
  readonly source: string;
  /** The JavaScript group number of each .NET group, by name and by number (.NET counts named groups behind the others). */
  readonly groups: ReadonlyMap<string, number>;
  /** Whether matching may take time that grows out of bounds: nested or many unbounded repetitions, references. */
  readonly risky: boolean;
}

/**
 * Translates a .NET regular expression. Unicode `\d`, `\w`, `\s`, `\b`, the `$` before a last newline, group numbering,
 * `(?>…)`, `(?i)`, `(?'name'…)` and class subtraction keep their .NET meaning.
 *
 * @throws RegexError for a malformed pattern or an unsupported construct.
 */
export function translatePattern(pattern: string): TranslatedPattern {
  return new Translator(pattern).translate();
}

interface Flags {
  readonly multiline: boolean;
  readonly singleline: boolean;
}

/** More unbounded repetitions than this in one pattern are watched over. */
const harmlessRepetitions = 3;

const inlineOptions = /\(\?([imsnx-]+)\)/y;
const quantifier = /(?:[*+?]|\{\d{1,6}(?:,\d{0,6})?\})\??/y;
const comment = /\(\?#[^)]*\)/y;
const plainGroup = /\((?:\?(?::|=|!|<=|<!))?(?!\?)/y;
const namedGroup = /\(\?(?:<([\p{L}\p{N}_]+)>|'([\p{L}\p{N}_]+)')/uy;
const atomicGroup = /\(\?>/y;
const optionsGroup = /\(\?([imsnx-]+):/y;
const conditionalGroup = /\(\?\(/y;
const balancingGroup = /\(\?[<'][\p{L}\p{N}_]*-/uy;

class Translator {
  readonly #cursor: PatternCursor;
  /** Groups in the order of their opening parentheses: their .NET name, or none for a numbered or an internal one. */
  readonly #opened: { readonly name?: string; readonly internal?: true }[] = [];
  readonly #references: string[] = [];
  /** Repetitions without an upper bound. */
  #unbounded = 0;
  /** Places where a match can go more than one way: alternatives and repetitions. */
  #choices = 0;
  #nestedRepetition = false;

  constructor(pattern: string) {
    this.#cursor = new PatternCursor(pattern);
  }

  translate(): TranslatedPattern {
    let source = this.#alternatives({ multiline: false, singleline: false });
    if (!this.#cursor.done) throw new RegexError("The pattern has a closing parenthesis without an opening one.");
    const groups = this.#numberGroups();
    for (const [index, name] of this.#references.entries()) {
      const number = groups.get(name);
      if (number === undefined) throw new RegexError(`The pattern refers to a group "${name}" that it does not have.`);
      source = source.replace(placeholder(index), `(?:\\${number})`);
    }
    const risky = this.#nestedRepetition || this.#unbounded > harmlessRepetitions || this.#references.length > 0;
    return { source, groups, risky };
  }

  #numberGroups(): ReadonlyMap<string, number> {
    const groups = new Map<string, number>([["0", 0]]);
    let number = 0;
    for (const [index, { name, internal }] of this.#opened.entries()) {
      if (!internal && name === undefined) groups.set(String(++number), index + 1);
    }
    for (const [index, { name }] of this.#opened.entries()) {
      if (name === undefined) continue;
      if (groups.has(name)) throw new RegexError(`The pattern has two groups named "${name}".`);
      groups.set(name, index + 1);
      groups.set(String(++number), index + 1);
    }
    return groups;
  }

  /** Everything up to the closing parenthesis of the current group, which is left standing. */
  #alternatives(flags: Flags): string {
    return this.#cursor.nested(() => {
      let result = "";
      while (!this.#cursor.done && this.#cursor.peek() !== ")") {
        const inline = this.#cursor.look(inlineOptions);
        if (this.#cursor.peek() === "|") {
          result += "|";
          this.#choices++;
          this.#cursor.skip(1);
        } else if (inline !== null) {
          this.#cursor.skip(inline[0].length);
          const { open, inner } = optionsOf(inline[1] ?? "", flags);
          result += `${open}${this.#alternatives(inner)})`;
        } else result += this.#quantified(flags);
      }
      return result;
    });
  }

  #quantified(flags: Flags): string {
    const before = this.#choices;
    const isAnchor = /[\^$]/.test(this.#cursor.peek());
    const atom = this.#atom(flags);
    const repetition = this.#quantifier();
    if (repetition === "") return atom;
    if (isAnchor) throw new RegexError(`The pattern repeats nothing with "${repetition}".`);
    // A choice within a repetition can double the ways to match with each turn.
    if (this.#choices > before && repetition !== "?") this.#nestedRepetition = true;
    this.#choices++;
    if (/^(?:[*+]|\{\d+,\})/.test(repetition)) this.#unbounded++;
    if (this.#quantifier() !== "") throw new RegexError("The pattern has a repetition of a repetition.");
    // Lookarounds cannot be repeated with the flag v.
    return /^\(\?<?[=!]/.test(atom) ? `(?:${atom})${repetition}` : atom + repetition;
  }

  #quantifier(): string {
    const found = this.#cursor.look(quantifier)?.[0] ?? "";
    this.#cursor.skip(found.length);
    return found;
  }

  #atom(flags: Flags): string {
    const character = this.#cursor.character();
    if (character === "(") return this.#group(flags);
    if (character === "[") return translateClass(this.#cursor);
    if (character === "\\") return this.#escape();
    if (/[*+?]/.test(character)) throw new RegexError(`The pattern repeats nothing with "${character}".`);
    this.#cursor.skip(character.length);
    if (character === ".") return flags.singleline ? "[^]" : "[^\\n]";
    if (character === "^") return flags.multiline ? `(?<=${atStart}|\\n)` : atStart;
    if (character === "$") return flags.multiline ? `(?=\\n|${atEnd})` : beforeLastNewline;
    return literal(character);
  }

  #escape(): string {
    const anchor = translateAnchor(this.#cursor);
    if (anchor !== undefined) return anchor;
    const name = readReference(this.#cursor);
    if (name === undefined) return translateEscape(this.#cursor);
    // Group numbers are known only at the end.
    this.#references.push(name);
    return placeholder(this.#references.length - 1);
  }

  #group(flags: Flags): string {
    const found = this.#cursor.look(comment);
    if (found !== null) {
      this.#cursor.skip(found[0].length);
      return "(?:)";
    }
    const plain = this.#cursor.look(plainGroup)?.[0];
    if (plain !== undefined) {
      if (plain === "(") this.#opened.push({});
      return this.#body(plain.length, plain, flags);
    }
    const named = this.#cursor.look(namedGroup);
    if (named !== null) {
      const name = named[1] ?? named[2] ?? "";
      if (/^\d+$/.test(name))
        throw new RegexError("Groups with a number for a name are not supported. Give the group a name.");
      this.#opened.push({ name });
      return this.#body(named[0].length, "(", flags);
    }
    if (this.#cursor.look(atomicGroup) !== null) {
      // An atomic group, as a lookahead whose capture is consumed.
      this.#opened.push({ internal: true });
      const number = this.#opened.length;
      return `(?:${this.#body(3, "(?=(", flags)})\\${number})`;
    }
    const options = this.#cursor.look(optionsGroup);
    if (options !== null) {
      const { open, inner } = optionsOf(options[1] ?? "", flags);
      return this.#body(options[0].length, open, inner);
    }
    if (this.#cursor.look(conditionalGroup) !== null) {
      throw new RegexError("Conditional groups (?(…)…) are not supported.");
    }
    if (this.#cursor.look(balancingGroup) !== null)
      throw new RegexError("Balancing groups (?<a-b>…) are not supported.");
    throw new RegexError("The pattern has a group that begins in an unknown way.");
  }

  #body(openingLength: number, opening: string, flags: Flags): string {
    this.#cursor.skip(openingLength);
    const body = this.#alternatives(flags);
    if (this.#cursor.peek() !== ")")
      throw new RegexError("The pattern has an opening parenthesis without a closing one.");
    this.#cursor.skip(1);
    return `${opening}${body})`;
  }
}

/** U+FFFF never stands in a translated pattern by itself: it is no letter, so `literal` escapes it. */
function placeholder(index: number): string {
  return `\uffff${index}\uffff`;
}

function optionsOf(letters: string, flags: Flags): { readonly open: string; readonly inner: Flags } {
  if (/[nx]/.test(letters)) throw new RegexError("The options n and x are not supported in patterns.");
  const [on = "", off = ""] = letters.split("-");
  const state = (letter: string, before: boolean) => on.includes(letter) || (before && !off.includes(letter));
  const open = on.includes("i") ? "(?i:" : off.includes("i") ? "(?-i:" : "(?:";
  return { open, inner: { multiline: state("m", flags.multiline), singleline: state("s", flags.singleline) } };
}

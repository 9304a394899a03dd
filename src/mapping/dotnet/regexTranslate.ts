/** A .NET pattern as source of a JavaScript RegExp with the flag `v`. */
export interface TranslatedPattern {
  readonly source: string;
  /** The JavaScript group number of each .NET group, by name and by number (.NET counts named groups behind the others). */
  readonly groups: ReadonlyMap<string, number>;
  /** Whether matching may take time that grows out of bounds: nested or many unbounded repetitions, backreferences. */
  readonly risky: boolean;
}

type Refuse = (message: string) => Error;

const classes: Readonly<Record<string, string>> = {
  d: "\\p{Nd}",
  w: "\\p{L}\\p{Mn}\\p{Nd}\\p{Pc}",
  s: "\\f\\n\\r\\t\\v\\x85\\p{Z}",
};
const controls: Readonly<Record<string, string>> = {
  a: "\\x07",
  e: "\\x1b",
  f: "\\f",
  n: "\\n",
  r: "\\r",
  t: "\\t",
  v: "\\v",
};
const atEnd = "(?![^])";
const beforeLastNewline = `(?=\\n?${atEnd})`;
const boundary = (word: string) => `(?:(?<=${word})(?!${word})|(?<!${word})(?=${word}))`;
const notBoundary = (word: string) => `(?:(?<=${word})(?=${word})|(?<!${word})(?!${word}))`;

/** Most nesting of groups and classes; it bounds the stack. */
const maximumDepth = 100;

/**
 * Translates a .NET regular expression. Unicode `\d`, `\w`, `\s`, `\b`, the `$` before a last newline, group numbering,
 * `(?>…)`, `(?i)`, `(?'name'…)` and class subtraction keep their .NET meaning.
 *
 * @param refuse makes the error for a malformed pattern or an unsupported construct.
 */
export function translatePattern(pattern: string, refuse: Refuse): TranslatedPattern {
  return new Translator(pattern, refuse).translate();
}

interface Flags {
  readonly multiline: boolean;
  readonly singleline: boolean;
}

class Translator {
  readonly #pattern: string;
  readonly #refuse: Refuse;
  #at = 0;
  #depth = 0;
  /** Groups in the order of their opening parentheses: their .NET name, or `undefined` for a numbered or internal one. */
  readonly #opened: { readonly name?: string; readonly internal?: true }[] = [];
  readonly #references: { readonly placeholder: string; readonly name: string }[] = [];
  #unbounded = 0;
  #nested = false;

  constructor(pattern: string, refuse: Refuse) {
    this.#pattern = pattern;
    this.#refuse = refuse;
  }

  translate(): TranslatedPattern {
    let source = this.#alternatives({ multiline: false, singleline: false });
    if (this.#at < this.#pattern.length)
      throw this.#refuse("The pattern has a closing parenthesis without an opening one.");
    const groups = this.#numberGroups();
    for (const { placeholder, name } of this.#references) {
      const index = groups.get(name);
      if (index === undefined) throw this.#refuse(`The pattern refers to a group "${name}" that it does not have.`);
      source = source.replace(placeholder, `(?:\\${index})`);
    }
    return { source, groups, risky: this.#nested || this.#unbounded > 3 || this.#references.length > 0 };
  }

  #numberGroups(): ReadonlyMap<string, number> {
    const groups = new Map<string, number>([["0", 0]]);
    let number = 0;
    const named: [string, number][] = [];
    for (const [index, group] of this.#opened.entries()) {
      if (group.internal) continue;
      if (group.name === undefined) groups.set(String(++number), index + 1);
      else named.push([group.name, index + 1]);
    }
    for (const [name, index] of named) {
      if (groups.has(name)) throw this.#refuse(`The pattern has two groups named "${name}".`);
      groups.set(name, index);
      groups.set(String(++number), index);
    }
    return groups;
  }

  /** Everything up to the closing parenthesis of the current group, which is left standing. */
  #alternatives(flags: Flags): string {
    if (++this.#depth > maximumDepth) throw this.#refuse("The pattern is nested too deep.");
    let result = "";
    while (this.#at < this.#pattern.length && this.#peek() !== ")") {
      if (this.#peek() === "|") {
        result += "|";
        this.#at++;
      } else {
        const inline = /^\(\?([imsnx-]+)\)/.exec(this.#pattern.slice(this.#at, this.#at + 16));
        if (inline === null) result += this.#quantified(flags);
        else {
          this.#at += inline[0].length;
          const { open, inner } = this.#options(inline[1] ?? "", flags);
          result += open + this.#alternatives(inner) + ")";
        }
      }
    }
    this.#depth--;
    return result;
  }

  #quantified(flags: Flags): string {
    const before = this.#unbounded;
    const quantifiable = !/[\^$]/.test(this.#peek());
    const atom = this.#atom(flags);
    const quantifier = this.#quantifier();
    if (quantifier === "") return atom;
    if (atom === "" || !quantifiable) throw this.#refuse(`The pattern repeats nothing with "${quantifier}".`);
    if (/^(?:[*+]|\{\d+,\})/.test(quantifier)) {
      if (this.#unbounded > before) this.#nested = true;
      this.#unbounded++;
    } else if (this.#unbounded > before) this.#nested = true;
    if (this.#quantifier() !== "") throw this.#refuse("The pattern has a repetition of a repetition.");
    // Lookarounds and boundaries cannot be repeated with the flag v.
    return /^\(\?<?[=!]/.test(atom) ? `(?:${atom})${quantifier}` : atom + quantifier;
  }

  #quantifier(): string {
    const found = /^(?:[*+?]|\{\d{1,6}(?:,\d{0,6})?\})\??/.exec(this.#pattern.slice(this.#at, this.#at + 20));
    this.#at += found?.[0].length ?? 0;
    return found?.[0] ?? "";
  }

  #peek(offset = 0): string {
    return this.#pattern.charAt(this.#at + offset);
  }

  #atom(flags: Flags): string {
    const character = String.fromCodePoint(this.#pattern.codePointAt(this.#at) ?? 0);
    if (character === "(") return this.#group(flags);
    if (character === "[") return this.#class();
    if (character === "\\") return this.#escape();
    if (character === "*" || character === "+" || character === "?") {
      throw this.#refuse(`The pattern repeats nothing with "${character}".`);
    }
    this.#at += character.length;
    if (character === ".") return flags.singleline ? "[^]" : "[^\\n]";
    if (character === "^") return flags.multiline ? "(?<=(?<![^])|\\n)" : "(?<![^])";
    if (character === "$") return flags.multiline ? `(?=\\n|${atEnd})` : beforeLastNewline;
    return literal(character);
  }

  #group(flags: Flags): string {
    const rest = this.#pattern.slice(this.#at, this.#at + 80);
    const take = (opening: string, inner: Flags = flags): string => {
      const body = this.#alternatives(inner);
      if (this.#peek() !== ")") throw this.#refuse("The pattern has an opening parenthesis without a closing one.");
      this.#at++;
      return opening + body + ")";
    };
    const comment = /^\(\?#[^)]*\)/.exec(this.#pattern.slice(this.#at));
    if (comment !== null) {
      this.#at += comment[0].length;
      return "(?:)";
    }
    const plain = /^\((?:\?(?::|[=!]|<[=!]))?(?!\?)/.exec(rest)?.[0];
    if (plain !== undefined) {
      this.#at += plain.length;
      if (plain === "(") this.#opened.push({});
      return take(plain);
    }
    const named = /^\(\?(?:<([\p{L}\p{N}_]+)>|'([\p{L}\p{N}_]+)')/u.exec(rest);
    if (named !== null) {
      const name = named[1] ?? named[2] ?? "";
      if (/^\d+$/.test(name))
        throw this.#refuse("Groups with a number for a name are not supported. Give the group a name.");
      this.#at += named[0].length;
      this.#opened.push({ name });
      return take("(");
    }
    if (rest.startsWith("(?>")) {
      // An atomic group, as a lookahead whose capture is consumed.
      this.#at += 3;
      this.#opened.push({ internal: true });
      const index = this.#opened.length;
      return `(?:${take("(?=(")})\\${index})`;
    }
    const options = /^\(\?([imsnx-]+):/.exec(rest);
    if (options !== null) {
      this.#at += options[0].length;
      const { open, inner } = this.#options(options[1] ?? "", flags);
      return take(open, inner);
    }
    if (rest.startsWith("(?(")) throw this.#refuse("Conditional groups (?(…)…) are not supported.");
    if (/^\(\?<?[\p{L}\p{N}_']*-/u.test(rest)) throw this.#refuse("Balancing groups (?<a-b>…) are not supported.");
    throw this.#refuse("The pattern has a group that begins in an unknown way.");
  }

  #options(letters: string, flags: Flags): { open: string; inner: Flags } {
    if (/[nx]/.test(letters)) throw this.#refuse("The options n and x are not supported in patterns.");
    const [on = "", off = ""] = letters.split("-");
    const state = (letter: string, before: boolean) =>
      on.includes(letter) ? true : off.includes(letter) ? false : before;
    return {
      open: on.includes("i") ? "(?i:" : off.includes("i") ? "(?-i:" : "(?:",
      inner: { multiline: state("m", flags.multiline), singleline: state("s", flags.singleline) },
    };
  }

  /** A class in brackets, with .NET's subtraction `[a-z-[aeiou]]`. */
  #class(): string {
    if (++this.#depth > maximumDepth) throw this.#refuse("The pattern is nested too deep.");
    this.#at++;
    const negated = this.#peek() === "^";
    if (negated) this.#at++;
    const parts: string[] = [];
    let subtracted: string | undefined;
    for (let first = true; ; first = false) {
      const character = this.#peek();
      if (character === "") throw this.#refuse("The pattern has an opening bracket without a closing one.");
      if (character === "]" && !first) break;
      if (character === "-" && this.#peek(1) === "[" && !first) {
        this.#at++;
        subtracted = this.#class();
        if (this.#peek() !== "]") throw this.#refuse("A subtraction must be the last thing in its brackets.");
        break;
      }
      parts.push(this.#classMember());
    }
    this.#at++;
    this.#depth--;
    const set = `[${negated ? "^" : ""}${parts.join("")}]`;
    return subtracted === undefined ? set : `[${set}--${subtracted}]`;
  }

  #classMember(): string {
    const from = this.#classAtom();
    const range = this.#peek() === "-" && this.#peek(1) !== "]" && this.#peek(1) !== "[" && this.#peek(1) !== "";
    if (!range) return from;
    if (isSet(from)) return from; // `[\w-.]`: the hyphen is itself
    const mark = this.#at;
    this.#at++;
    const to = this.#classAtom();
    if (!isSet(to)) return `${from}-${to}`;
    this.#at = mark;
    return from;
  }

  #classAtom(): string {
    if (this.#peek() === "\\") {
      if (this.#peek(1) === "b") {
        this.#at += 2;
        return "\\x08";
      }
      return this.#escape(true);
    }
    const character = String.fromCodePoint(this.#pattern.codePointAt(this.#at) ?? 0);
    this.#at += character.length;
    return literal(character);
  }

  #escape(inClass = false): string {
    const letter = String.fromCodePoint(this.#pattern.codePointAt(this.#at + 1) ?? 0);
    if (this.#at + 1 >= this.#pattern.length) throw this.#refuse("The pattern ends with a backslash.");
    const rest = this.#pattern.slice(this.#at, this.#at + 80);
    const take = (length: number, result: string): string => {
      this.#at += length;
      return result;
    };
    if (Object.hasOwn(classes, letter)) return take(2, `[${classes[letter] ?? ""}]`);
    const lower = letter.toLowerCase();
    if (letter !== lower && Object.hasOwn(classes, lower)) return take(2, `[^${classes[lower] ?? ""}]`);
    if (Object.hasOwn(controls, letter)) return take(2, controls[letter] ?? "");
    const code = /^\\(?:x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4}))/.exec(rest);
    if (code !== null) return take(code[0].length, `\\u${(code[1] ?? code[2] ?? "").padStart(4, "0")}`);
    const property = /^\\([pP])\{([A-Za-z]{1,2})\}/.exec(rest);
    if (property !== null) return take(property[0].length, this.#category(property[1] ?? "", property[2] ?? ""));
    if (lower === "p")
      throw this.#refuse("Of \\p{…}, only general categories such as \\p{L} or \\p{Lu} are supported.");
    const control = /^\\c([A-Za-z])/.exec(rest);
    if (control !== null) return take(3, control[0]);
    if (/^\\0[0-7]{0,2}/.test(rest)) {
      const digits = /^\\(0[0-7]{0,2})/.exec(rest)?.[1] ?? "0";
      return take(1 + digits.length, `\\u${parseInt(digits, 8).toString(16).padStart(4, "0")}`);
    }
    if (!inClass) {
      const anchor = this.#anchor(letter);
      if (anchor !== undefined) return take(2, anchor);
      const reference = /^\\(?:([1-9]\d?)|k[<']([\p{L}\p{N}_]+)[>'])/u.exec(rest);
      if (reference !== null) return take(reference[0].length, this.#reference(reference[1] ?? reference[2] ?? ""));
    }
    if (/[\p{L}\p{N}_]/u.test(letter)) throw this.#refuse(`The escape \\${letter} is not known.`);
    return take(1 + letter.length, literal(letter));
  }

  #category(letter: string, category: string): string {
    const source = `\\${letter}{${category}}`;
    try {
      new RegExp(source, "v");
    } catch {
      throw this.#refuse(`There is no Unicode category ${category}.`);
    }
    return `[${source}]`;
  }

  #anchor(letter: string): string | undefined {
    const word = `[${classes["w"] ?? ""}]`;
    switch (letter) {
      case "b":
        return boundary(word);
      case "B":
        return notBoundary(word);
      case "A":
        return "(?<![^])";
      case "z":
        return atEnd;
      case "Z":
        return beforeLastNewline;
      case "G":
        throw this.#refuse("The anchor \\G is not supported.");
      default:
        return undefined;
    }
  }

  #reference(name: string): string {
    // Group numbers are known only at the end; U+FFFF cannot stand in a translated pattern, since literals are escaped.
    const placeholder = `\uffff${this.#references.length}\uffff`;
    this.#references.push({ placeholder, name });
    return placeholder;
  }
}

function isSet(member: string): boolean {
  return member.startsWith("[");
}

/** A character that stands for itself, inside and outside of brackets. */
function literal(character: string): string {
  if (/^[\p{L}\p{N} ]$/u.test(character)) return character;
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}

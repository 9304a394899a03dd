const quote = 0x22;
const backslash = 0x5c;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const comma = 0x2c;
const colon = 0x3a;

/** The bytes are no JSON of the kind that was expected, or are written in an unusual way: read them as a whole. */
export class UnusualJson extends Error {
  readonly code = "unusualJson";
}

/**
 * Walks over the bytes of a JSON text without making values of them. It finds where values begin and end, and the marks between
 * them; what stands within a value is for `JSON.parse` to judge.
 */
export class JsonScan {
  readonly #bytes: Buffer;
  at: number;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
    this.at = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  }

  /** Calls back for each member of the object that stands here, with its name; the callback must pass over the value. */
  members(each: (name: string) => void): void {
    this.#list(openBrace, closeBrace, () => {
      const from = this.at;
      if (this.#bytes[from] !== quote) throw new UnusualJson("A name was expected.");
      this.#passString();
      const name = this.#bytes.toString("latin1", from + 1, this.at - 1);
      this.#space();
      if (this.#bytes[this.at++] !== colon) throw new UnusualJson("A colon was expected.");
      this.#space();
      each(name);
    });
  }

  /** Calls back at the begin of each element of the list that stands here; the callback must pass over one or more of them. */
  elements(each: () => void): void {
    this.#list(openBracket, closeBracket, each);
  }

  /** Passes over the object that stands here. @returns where it ends */
  passObject(): number {
    if (this.#bytes[this.at] !== openBrace) throw new UnusualJson("An object was expected.");
    return this.#passNested();
  }

  /** Passes over the list that stands here. @returns where it ends */
  passList(): number {
    if (this.#bytes[this.at] !== openBracket) throw new UnusualJson("A list was expected.");
    return this.#passNested();
  }

  /** There must be nothing but space left. */
  end(): void {
    this.#space();
    if (this.at !== this.#bytes.length) throw new UnusualJson("Something follows the end.");
  }

  #list(open: number, close: number, each: () => void): void {
    const bytes = this.#bytes;
    this.#space();
    if (bytes[this.at++] !== open) throw new UnusualJson("A list or an object was expected.");
    this.#space();
    if (bytes[this.at] === close) {
      this.at += 1;
      return;
    }
    for (;;) {
      each();
      this.#space();
      const mark = bytes[this.at++];
      if (mark === close) return;
      if (mark !== comma) throw new UnusualJson("A comma was expected.");
      this.#space();
    }
  }

  #passNested(): number {
    const bytes = this.#bytes;
    let depth = 0;
    while (this.at < bytes.length) {
      const byte = bytes[this.at];
      if (byte === quote) {
        this.#passString();
        continue;
      }
      this.at += 1;
      if (byte === openBrace || byte === openBracket) depth += 1;
      else if ((byte === closeBrace || byte === closeBracket) && --depth === 0) return this.at;
    }
    throw new UnusualJson("The text ends too early.");
  }

  #passString(): void {
    const bytes = this.#bytes;
    let at = this.at + 1;
    for (; at < bytes.length; at += 1) {
      const byte = bytes[at];
      if (byte === backslash) at += 1;
      else if (byte === quote) {
        this.at = at + 1;
        return;
      }
    }
    throw new UnusualJson("A text has no end.");
  }

  #space(): void {
    const bytes = this.#bytes;
    for (;;) {
      const byte = bytes[this.at];
      if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return;
      this.at += 1;
    }
  }
}

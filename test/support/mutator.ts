import { Random } from "../../src/sandbox/random.ts";

/** What breaks parsers: ends of texts and tokens, escapes, names of prototypes, huge and odd numbers, odd letters. */
const nasty: readonly string[] = [
  ...[
    '"',
    "'",
    "\\",
    "\\u",
    '\\"',
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ",",
    ":",
    ".",
    "\n",
    "\r\n",
    "\0",
    "\t",
    " ",
    ";",
    "=",
    "/",
    "$",
    "%",
    "&",
    "//",
    "/*",
  ],
  ...["__proto__", "constructor", "prototype", "toString", "hasOwnProperty", "valueOf"],
  ...["null", "true", "false", "NaN", "Infinity", "-0", "1e999", "9007199254740993", "-1", "0x1f", "1.", ".5"],
  ...["\ud800", "\udfff", "\ufeff", "\u202e", "\u0000", "é", "İ", "ß", "🙂", "\u2028"],
];

/** Longest input, in characters. */
const longest = 20_000;

/** Makes inputs from good ones by cutting, doubling, mixing and spoiling them; the same seed gives the same inputs. */
export class Mutator {
  readonly random: Random;
  readonly #corpus: readonly string[];
  readonly #words: readonly string[];

  /**
   * @param corpus good inputs
   * @param words words of the language, put in at random
   */
  constructor(seed: number, corpus: readonly string[], words: readonly string[]) {
    this.random = new Random(seed);
    this.#corpus = corpus;
    this.#words = [...words, ...nasty];
  }

  next(): string {
    const { random } = this;
    const shape = random.next();
    if (shape < 0.02) return random.pick(this.#words).repeat(random.integer(1, 3000)).slice(0, longest);
    if (shape < 0.1)
      return Array.from({ length: random.integer(0, 20) }, () => random.pick(this.#words)).join(
        random.pick(["", " ", ","]),
      );
    let text = random.pick(this.#corpus);
    for (let left = random.integer(1, 5); left > 0; left--) text = this.#mutate(text);
    return text.slice(0, longest);
  }

  #mutate(text: string): string {
    const { random } = this;
    const [a, b] = [random.integer(0, text.length), random.integer(0, text.length)].toSorted((x, y) => x - y) as [
      number,
      number,
    ];
    switch (random.integer(0, 7)) {
      case 0:
        return text.slice(0, a) + text.slice(b);
      case 1:
        return text.slice(0, b) + text.slice(a);
      case 2:
      case 3:
        return text.slice(0, a) + random.pick(this.#words) + text.slice(a);
      case 4:
        return text.slice(0, a) + random.pick(this.#words) + text.slice(b);
      case 5: {
        const other = random.pick(this.#corpus);
        return text.slice(0, a) + other.slice(random.integer(0, other.length));
      }
      case 6:
        return text.slice(0, a) + text.slice(a, b).repeat(random.integer(2, 30)) + text.slice(b);
      default:
        return (
          text.slice(0, a) + String.fromCharCode(random.integer(0, 0xffff)) + text.slice(Math.min(text.length, a + 1))
        );
    }
  }

  /** A JSON value of any shape; names of prototypes among its keys, as only JSON.parse makes them. */
  json(depth = 3): unknown {
    const { random } = this;
    const kind = random.integer(0, depth > 0 ? 8 : 5);
    if (kind <= 2) return random.pick(this.#words);
    if (kind === 3) return random.pick([true, false, null]);
    if (kind <= 5) return random.pick([0, 1, -1, 1.5, 2 ** 53, 1e308, 42]);
    const size = random.integer(0, 4);
    if (kind === 6) return Array.from({ length: size }, () => this.json(depth - 1));
    const entries = Array.from(
      { length: size },
      () => `${JSON.stringify(random.pick(this.#words))}:${JSON.stringify(this.json(depth - 1))}`,
    );
    return JSON.parse(`{${entries.join(",")}}`);
  }
}

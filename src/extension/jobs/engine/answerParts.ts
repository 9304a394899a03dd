/** Characters of JSON that one message carries: what the window parses in about a millisecond. */
const partLength = 128 * 1024;

/** The places of an answer where a list can have as many entries as a directory has people. */
const places = ["changes", "skips", "removals", "results"] as const;
type Place = (typeof places)[number];

type Holder = Record<string, unknown>;

/** The object of an answer that has the list of a place. */
function holderOf(answer: unknown, place: Place): Holder | undefined {
  if (typeof answer !== "object" || answer === null) return undefined;
  const whole = answer as Holder;
  const holder = place === "results" ? whole : place === "removals" ? whole["guard"] : whole["plan"];
  return typeof holder === "object" && holder !== null && Array.isArray((holder as Holder)[place])
    ? (holder as Holder)
    : undefined;
}

/** Entries of one list, as the text of a JSON array. */
export interface AnswerPart {
  readonly place: number;
  readonly text: string;
}

/** An answer without its long lists, and these in parts, one after the other. */
export function takeApart(answer: unknown): { readonly rest: unknown; readonly parts: Iterable<AnswerPart> } {
  const lists = places.map((place) => (holderOf(answer, place)?.[place] ?? []) as readonly unknown[]);
  if (lists.every((list) => list.length === 0)) return { rest: answer, parts: [] };
  const whole = answer as Holder;
  const rest = { ...whole };
  for (const name of ["plan", "guard"])
    if (typeof whole[name] === "object") rest[name] = { ...(whole[name] as Holder) };
  for (const place of places) {
    const holder = holderOf(rest, place);
    if (holder !== undefined) holder[place] = [];
  }
  return { rest, parts: partsOf(lists) };
}

function* partsOf(lists: readonly (readonly unknown[])[]): Generator<AnswerPart> {
  for (const [place, list] of lists.entries()) {
    let entries: string[] = [];
    let length = 0;
    for (const entry of list) {
      const text = JSON.stringify(entry);
      entries.push(text);
      length += text.length;
      if (length < partLength) continue;
      yield { place, text: `[${entries.join(",")}]` };
      entries = [];
      length = 0;
    }
    if (entries.length > 0) yield { place, text: `[${entries.join(",")}]` };
  }
}

/** Puts an answer together again: takes its parts as they come, and then the rest. */
export class AnswerInParts {
  readonly #lists = places.map((): unknown[] => []);

  add({ place, text }: AnswerPart): void {
    const list = this.#lists[place];
    for (const entry of JSON.parse(text) as unknown[]) list?.push(entry);
  }

  whole(rest: unknown): unknown {
    for (const [at, place] of places.entries()) {
      const holder = holderOf(rest, place);
      if (holder !== undefined) holder[place] = this.#lists[at];
    }
    return rest;
  }
}

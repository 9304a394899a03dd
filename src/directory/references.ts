import type { ProblemList } from "./problemList.ts";
import type { DirectoryProblem } from "./source.ts";

type Kind = "User" | "Group";
type Place = Omit<DirectoryProblem, "message" | "severity">;

/** One mention of an object by its id. */
export interface Mention {
  readonly id: string;
  /** What mentions it, for messages: `memberId`. */
  readonly role: string;
  /** What it must be; undefined when either will do. */
  readonly kind?: Kind;
  readonly place: Place;
  readonly severity: DirectoryProblem["severity"];
}

const names: Readonly<Record<Kind, string>> = { User: "a user", Group: "a group" };

/** The ids of one read: finds duplicates, and mentions of ids that nobody has, in whatever order the files are read. */
export class References {
  /** Every known id and its number; what is known of it stands in the columns, without an object for each of a million. */
  readonly #numbers = new Map<string, number>();
  readonly #ids: string[] = [];
  readonly #kinds: Kind[] = [];
  /** Line or index. */
  readonly #positions: number[] = [];
  #open: Mention[] = [];
  readonly #problems: ProblemList;
  readonly #place: (kind: Kind, position: number) => Place;

  /** @param place tells where an object's id stands, from the line or index that came with it. */
  constructor(problems: ProblemList, place: (kind: Kind, position: number) => Place) {
    this.#problems = problems;
    this.#place = place;
  }

  /** Takes the id of an object; false, with a problem told, when it is empty or taken. */
  define(kind: Kind, id: string, position: number): boolean {
    if (id === "") {
      this.#problems.error("The id is empty.", this.#place(kind, position));
      return false;
    }
    const other = this.#numbers.get(id);
    if (other !== undefined) {
      const otherKind = this.#kinds[other] ?? kind;
      const { file, line, field } = this.#place(otherKind, this.#positions[other] ?? 0);
      const where = line === undefined ? (field ?? "") : `${file ?? ""}:${line}`;
      const message = `The id "${id}" is taken by ${names[otherKind]}, at ${where}. Ids must be unique.`;
      this.#problems.error(message, this.#place(kind, position));
      return false;
    }
    this.#numbers.set(id, this.#ids.length);
    this.#ids.push(id);
    this.#kinds.push(kind);
    this.#positions.push(position);
    return true;
  }

  /**
   * The id as its owner holds it, so that a million mentions share one text and one hash; undefined when it is not
   * known yet, and then {@link expect} is told of the mention.
   */
  shared(id: string): string | undefined {
    const number = this.#numbers.get(id);
    return number === undefined ? undefined : this.#ids[number];
  }

  /** Takes a mention that must turn out right by the end of the read. */
  expect(mention: Mention): void {
    this.#open.push(mention);
  }

  /** Takes a mention of an object that must be a user, or a group; gives the shared id. */
  expectKind(mention: Mention): string {
    const kind = this.#kindOf(mention.id);
    if (kind === undefined || kind !== mention.kind) this.#open.push(mention);
    return this.shared(mention.id) ?? mention.id;
  }

  /** Everything is read: what is still unknown is told. */
  finish(): void {
    for (const { id, role, kind, place, severity } of this.#open) {
      const known = this.#kindOf(id);
      const message =
        known === undefined
          ? `The ${role} "${id}" is nobody's id in this directory.`
          : kind !== undefined && known !== kind
            ? `The ${role} "${id}" is ${names[known]}, not ${names[kind]}.`
            : undefined;
      if (message === undefined) continue;
      if (severity === "error") this.#problems.error(message, place);
      else this.#problems.warn(message, place);
    }
    this.#open = [];
  }

  #kindOf(id: string): Kind | undefined {
    const number = this.#numbers.get(id);
    return number === undefined ? undefined : this.#kinds[number];
  }
}

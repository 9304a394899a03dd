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

interface Known {
  readonly id: string;
  readonly kind: Kind;
  /** Line or index: a number, so that a million ids do not hold a million places. */
  readonly position: number;
}

const names: Readonly<Record<Kind, string>> = { User: "a user", Group: "a group" };

/** The ids of one read: finds duplicates, and mentions of ids that nobody has, in whatever order the files are read. */
export class References {
  readonly #known = new Map<string, Known>();
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
    const other = this.#known.get(id);
    if (other !== undefined) {
      const { file, line, field } = this.#place(other.kind, other.position);
      const where = line === undefined ? (field ?? "") : `${file ?? ""}:${line}`;
      const message = `The id "${id}" is taken by ${names[other.kind]}, at ${where}. Ids must be unique.`;
      this.#problems.error(message, this.#place(kind, position));
      return false;
    }
    this.#known.set(id, { id, kind, position });
    return true;
  }

  /**
   * The id as its owner holds it, so that a million mentions share one text and one hash; undefined when it is not
   * known yet, and then {@link expect} is told of the mention.
   */
  shared(id: string): string | undefined {
    return this.#known.get(id)?.id;
  }

  /** Takes a mention that must turn out right by the end of the read. */
  expect(mention: Mention): void {
    this.#open.push(mention);
  }

  /** Takes a mention of an object that must be a user, or a group; gives the shared id. */
  expectKind(mention: Mention): string {
    const known = this.#known.get(mention.id);
    if (known === undefined || known.kind !== mention.kind) this.#open.push(mention);
    return known?.id ?? mention.id;
  }

  /** Everything is read: what is still unknown is told. */
  finish(): void {
    for (const { id, role, kind, place, severity } of this.#open) {
      const known = this.#known.get(id);
      const message =
        known === undefined
          ? `The ${role} "${id}" is nobody's id in this directory.`
          : kind !== undefined && known.kind !== kind
            ? `The ${role} "${id}" is ${names[known.kind]}, not ${names[kind]}.`
            : undefined;
      if (message === undefined) continue;
      if (severity === "error") this.#problems.error(message, place);
      else this.#problems.warn(message, place);
    }
    this.#open = [];
  }
}

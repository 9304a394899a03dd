import { readFile } from "node:fs/promises";
import path from "node:path";
import type { Imprint, Noted, ObjectKind } from "./imprint.ts";
import { readJsonFile, readJsonText, refusal, wholeFile } from "./jsonFile.ts";
import { locateLines } from "./jsonLocate.ts";
import { isObject, JsonObjects } from "./jsonObjects.ts";
import { jsonImprint, readMovedJson } from "./jsonMoved.ts";
import { ProblemList } from "./problemList.ts";
import { References } from "./references.ts";
import type { JsonSettings } from "./settings.ts";
import {
  type Assignment,
  batchSize,
  type Completeness,
  DirectoryError,
  type DirectoryGroup,
  type DirectoryProblem,
  type DirectoryRead,
  type DirectorySource,
  type DirectoryUser,
  type MovedRead,
  type ReadOptions,
} from "./source.ts";
import { TextFile } from "./textFile.ts";

/**
 * A directory in one JSON file `{ "users": [], "groups": [], "assignments": [] }`. Users and groups are flat objects with
 * an `id`; values are texts, numbers, true, false, null or lists of texts; `members` of a group lists ids.
 */
export class JsonDirectory implements DirectorySource {
  readonly type = "json";
  readonly description: string;
  readonly #baseDir: string;

  constructor(settings: JsonSettings, baseDir: string) {
    this.description = settings.file;
    this.#baseDir = baseDir;
  }

  read(options: ReadOptions = {}): DirectoryRead {
    return new JsonRead(this.description, this.#baseDir, options.signal);
  }

  async readMoved(earlier: Imprint, { signal }: ReadOptions = {}): Promise<MovedRead | undefined> {
    const location = path.resolve(this.#baseDir, this.description);
    try {
      const file = await TextFile.open(location);
      const bytes = await readFile(location, signal === undefined ? {} : { signal });
      return (await file.whatChanged()) === undefined ? readMovedJson(this.description, bytes, earlier) : undefined;
    } catch {
      // The ordinary read tells what is wrong with the file.
      signal?.throwIfAborted();
      return undefined;
    }
  }
}

interface Loaded {
  /** Users are checked first, whatever is asked for first: members that name them need no second look. */
  readonly batches: readonly (readonly DirectoryUser[])[];
  readonly groups: readonly unknown[];
  readonly assignments: readonly unknown[];
}

interface Lists {
  readonly users: readonly unknown[];
  readonly groups: readonly unknown[];
  readonly assignments: readonly unknown[];
}

const listNames = ["users", "groups", "assignments"] as const;

class JsonRead implements DirectoryRead {
  readonly #file: string;
  readonly #location: string;
  readonly #signal: AbortSignal | undefined;
  readonly #problems = new ProblemList();
  readonly #references: References;
  readonly #objects: JsonObjects;
  readonly #unread = new Set<string>(listNames);
  #loading: Promise<Loaded> | undefined;
  #found: TextFile | undefined;
  #proof = "";
  #lines: ReadonlyMap<string, number> = new Map();

  constructor(file: string, baseDir: string, signal: AbortSignal | undefined) {
    this.#file = file;
    this.#location = path.resolve(baseDir, file);
    this.#signal = signal;
    this.#references = new References(this.#problems, (kind, index) =>
      this.#place(`${kind === "User" ? "users" : "groups"}[${index}].id`),
    );
    this.#objects = new JsonObjects(file, this.#problems, this.#references);
  }

  async *users(): AsyncGenerator<readonly DirectoryUser[]> {
    const { batches } = await this.#load();
    yield* batches;
    await this.#consumed("users");
  }

  async *groups(): AsyncGenerator<readonly DirectoryGroup[]> {
    const { groups } = await this.#load();
    for (let start = 0; start < groups.length; start += batchSize) {
      const batch: DirectoryGroup[] = [];
      for (let index = start; index < Math.min(start + batchSize, groups.length); index += 1) {
        const group = this.#objects.group(groups[index], index);
        if (group !== undefined) batch.push(group);
      }
      yield batch;
    }
    await this.#consumed("groups");
  }

  async *assignments(): AsyncGenerator<readonly Assignment[]> {
    const { assignments } = await this.#load();
    const batch: Assignment[] = [];
    for (const [index, value] of assignments.entries()) {
      const assignment = this.#objects.assignment(value, index);
      if (assignment !== undefined) batch.push(assignment);
    }
    for (let start = 0; start < batch.length; start += batchSize) yield batch.slice(start, start + batchSize);
    await this.#consumed("assignments");
  }

  completeness(): Completeness {
    return this.#problems.completeness(this.#unread, () => this.#proof, this.problems());
  }

  problems(): readonly DirectoryProblem[] {
    return this.#problems.list().map((problem) => {
      const line = problem.line ?? this.#lines.get(problem.field ?? "");
      return line === undefined ? problem : { ...problem, line };
    });
  }

  async imprint(noted: Readonly<Record<ObjectKind, Noted>>): Promise<Imprint | undefined> {
    if (!this.completeness().complete || this.problems().length > 0) return undefined;
    try {
      // Read again rather than kept: whoever only plans needs none.
      const bytes = await readFile(this.#location);
      if ((await this.#found?.whatChanged()) !== undefined) return undefined;
      return jsonImprint(bytes, noted);
    } catch {
      return undefined;
    }
  }

  #load(): Promise<Loaded> {
    this.#loading ??= this.#loadAll();
    return this.#loading;
  }

  async #loadAll(): Promise<Loaded> {
    const { value, file, changed } = await readJsonFile(this.#location, this.#file, this.#signal);
    this.#found = file;
    if (changed !== undefined) {
      this.#problems.error(`The file was not read whole: ${changed}. Run again when it is at rest.`, {
        file: this.#file,
      });
    }
    const lists = this.#lists(value);
    this.#proof = wholeFile(this.#file, {
      users: lists.users.length,
      groups: lists.groups.length,
      assignments: lists.assignments.length,
    });
    const batches: DirectoryUser[][] = [];
    for (let start = 0; start < lists.users.length; start += batchSize) {
      this.#signal?.throwIfAborted();
      batches.push(this.#users(lists.users, start, Math.min(start + batchSize, lists.users.length)));
    }
    return { batches, groups: lists.groups, assignments: lists.assignments };
  }

  #users(users: readonly unknown[], start: number, end: number): DirectoryUser[] {
    const batch: DirectoryUser[] = [];
    for (let index = start; index < end; index += 1) {
      const user = this.#objects.user(users[index], index);
      if (user !== undefined) batch.push(user);
    }
    return batch;
  }

  #lists(value: unknown): Lists {
    const lists: { -readonly [name in keyof Lists]: Lists[name] } = { users: [], groups: [], assignments: [] };
    if (!isObject(value))
      throw refusal(this.#file, 'The file must hold one object { "users": [], "groups": [], "assignments": [] }.');
    for (const name of listNames) {
      const list = value[name];
      if (Array.isArray(list)) lists[name] = list;
      else if (list !== undefined) this.#problems.error(`"${name}" must be a list in [ ].`, this.#place(name));
    }
    if (value["users"] === undefined) this.#problems.error('The file has no list "users".', { file: this.#file });
    for (const name of Object.keys(value)) {
      if (!(listNames as readonly string[]).includes(name)) {
        this.#problems.error(`"${name}" is not known here. Known are users, groups, assignments.`, this.#place(name));
      }
    }
    if (this.#problems.errorCount > 0) throw new DirectoryError(this.#problems.list());
    return lists;
  }

  async #consumed(stream: string): Promise<void> {
    this.#unread.delete(stream);
    if (this.#unread.size > 0) return;
    this.#references.finish();
    const places = new Set(this.#problems.list().flatMap((problem) => problem.field ?? []));
    // The text is read again rather than kept: it is needed only when something is wrong.
    if (places.size > 0)
      this.#lines = locateLines(await readJsonText(this.#location, this.#file, this.#signal), places);
  }

  #place(field: string): { readonly file: string; readonly field: string } {
    return { file: this.#file, field };
  }
}

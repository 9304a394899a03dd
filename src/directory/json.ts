import path from "node:path";
import { inheritNothing, isBooleanAttribute } from "./attributes.ts";
import { readJsonFile, readJsonText, refusal } from "./jsonFile.ts";
import { locateLines } from "./jsonLocate.ts";
import { ProblemList } from "./problemList.ts";
import { References } from "./references.ts";
import type { JsonSettings } from "./settings.ts";
import {
  type Assignment,
  batchSize,
  type Completeness,
  describeDirectoryProblem,
  DirectoryError,
  type DirectoryGroup,
  type DirectoryProblem,
  type DirectoryRead,
  type DirectorySource,
  type DirectoryUser,
  type SourceAttributes,
} from "./source.ts";

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

  read(options: { readonly signal?: AbortSignal } = {}): DirectoryRead {
    return new JsonRead(this.description, this.#baseDir, options.signal);
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
  readonly #unread = new Set<string>(listNames);
  #loading: Promise<Loaded> | undefined;
  #proof = "";
  #lines: ReadonlyMap<string, number> = new Map();

  constructor(file: string, baseDir: string, signal: AbortSignal | undefined) {
    this.#file = file;
    this.#location = path.resolve(baseDir, file);
    this.#signal = signal;
    this.#references = new References(this.#problems, (kind, index) =>
      this.#place(`${kind === "User" ? "users" : "groups"}[${index}].id`),
    );
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
        const attributes = this.#attributes(groups[index], () => `groups[${index}]`);
        if (attributes === undefined) continue;
        const { members, ...others } = attributes;
        const id = attributes["id"] as string;
        if (!this.#references.define("Group", id, index)) continue;
        batch.push({
          id,
          attributes: inheritNothing(others),
          members: this.#members(members, `groups[${index}].members`),
        });
      }
      yield batch;
    }
    await this.#consumed("groups");
  }

  async *assignments(): AsyncGenerator<readonly Assignment[]> {
    const { assignments } = await this.#load();
    const batch: Assignment[] = [];
    for (const [index, value] of assignments.entries()) {
      const assignment = this.#assignment(value, `assignments[${index}]`);
      if (assignment !== undefined) batch.push(assignment);
    }
    for (let start = 0; start < batch.length; start += batchSize) yield batch.slice(start, start + batchSize);
    await this.#consumed("assignments");
  }

  completeness(): Completeness {
    const first = this.problems().find((problem) => problem.severity === "error");
    if (first !== undefined) {
      const others = this.#problems.errorCount === 1 ? "" : ` (and ${this.#problems.errorCount - 1} more)`;
      return { complete: false, reason: `${describeDirectoryProblem(first)}${others}` };
    }
    if (this.#unread.size > 0)
      return { complete: false, reason: `Not read to the end: ${[...this.#unread].join(", ")}.` };
    return { complete: true, proof: this.#proof };
  }

  problems(): readonly DirectoryProblem[] {
    return this.#problems.list().map((problem) => {
      const line = problem.line ?? this.#lines.get(problem.field ?? "");
      return line === undefined ? problem : { ...problem, line };
    });
  }

  #load(): Promise<Loaded> {
    this.#loading ??= this.#loadAll();
    return this.#loading;
  }

  async #loadAll(): Promise<Loaded> {
    const { value, changed } = await readJsonFile(this.#location, this.#file, this.#signal);
    if (changed !== undefined) {
      this.#problems.error(`The file was not read whole: ${changed}. Run again when it is at rest.`, {
        file: this.#file,
      });
    }
    const lists = this.#lists(value);
    const count = (list: readonly unknown[]): string => list.length.toLocaleString("en-US");
    this.#proof = `${this.#file} read to its end, ${count(lists.users)} users, ${count(lists.groups)} groups, ${count(lists.assignments)} assignments`;
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
      const attributes = this.#attributes(users[index], () => `users[${index}]`);
      if (attributes === undefined) continue;
      const id = attributes["id"] as string;
      if (!this.#references.define("User", id, index)) continue;
      const manager = attributes["manager"];
      if (typeof manager === "string" && this.#references.shared(manager) === undefined) {
        const place = this.#place(`users[${index}].manager`);
        this.#references.expect({ id: manager, role: "manager", place, severity: "warning" });
      }
      batch.push({ id, attributes });
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

  /** Checks the values of one object and gives it without nulls; undefined, with problems told, when it cannot be used. */
  #attributes(value: unknown, where: () => string): SourceAttributes | undefined {
    if (!isObject(value)) {
      this.#problems.error("This must be an object in { }.", this.#place(where()));
      return undefined;
    }
    let fit = true;
    let nulls = false;
    for (const name in value) {
      const fault = faultOf(name, value[name]);
      if (fault === undefined) continue;
      if (fault === "null") nulls = true;
      else {
        this.#problems.error(fault, this.#place(`${where()}.${name}`));
        fit = false;
      }
    }
    if (typeof value["id"] !== "string") {
      const place = value["id"] === undefined ? where() : `${where()}.id`;
      this.#problems.error('The "id" must be a text.', this.#place(place));
      return undefined;
    }
    if (!fit) return undefined;
    const whole = nulls ? Object.fromEntries(Object.entries(value).filter(([, one]) => one !== null)) : value;
    return inheritNothing(whole as Record<string, string>);
  }

  #members(value: unknown, where: string): readonly string[] {
    if (value === undefined) return [];
    if (!Array.isArray(value)) {
      this.#problems.error('"members" must be a list of ids.', this.#place(where));
      return [];
    }
    const members = value as string[];
    for (let index = 0; index < members.length; index += 1) {
      const id = members[index] ?? "";
      const shared = this.#references.shared(id);
      if (shared !== undefined) members[index] = shared;
      else this.#references.expect({ id, role: "member", place: this.#place(`${where}[${index}]`), severity: "error" });
    }
    const unique = new Set(members);
    if (unique.size === members.length) return members;
    this.#problems.warn("A member is listed twice.", this.#place(where));
    return [...unique];
  }

  #assignment(value: unknown, where: string): Assignment | undefined {
    if (!isObject(value)) {
      this.#problems.error("This must be an object in { }.", this.#place(where));
      return undefined;
    }
    const { principalId, principalType, appRole } = value;
    if (typeof principalId !== "string") this.#problems.error('The "principalId" must be a text.', this.#place(where));
    if (principalType !== "User" && principalType !== "Group") {
      this.#problems.error('The "principalType" must be "User" or "Group".', this.#place(where));
    }
    if (appRole != null && typeof appRole !== "string")
      this.#problems.error('The "appRole" must be a text.', this.#place(`${where}.appRole`));
    if (typeof principalId !== "string" || (principalType !== "User" && principalType !== "Group")) return undefined;
    if (appRole != null && typeof appRole !== "string") return undefined;
    const place = this.#place(`${where}.principalId`);
    this.#references.expectKind({
      id: principalId,
      role: "principalId",
      kind: principalType,
      place,
      severity: "error",
    });
    return { principalId, principalType, appRole: appRole ?? "" };
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

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What is wrong with a value, `null` for an absent one, or undefined when it is fit. */
function faultOf(name: string, value: unknown): string | undefined {
  if (typeof value === "string")
    return isBooleanAttribute(name) ? "This must be true or false, without quotes." : undefined;
  if (typeof value === "number" || typeof value === "boolean") return undefined;
  if (value === null) return "null";
  if (!Array.isArray(value)) return "Objects within an object are not read. Write the value itself.";
  return value.every((item) => typeof item === "string") ? undefined : "A list may hold texts only.";
}

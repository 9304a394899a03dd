import { isBooleanAttribute, type MutableAttributes, newAttributes, parseBoolean } from "./attributes.ts";
import { type Column, CsvTable } from "./csvTable.ts";
import { ProblemList } from "./problemList.ts";
import { References } from "./references.ts";
import type { CsvSettings } from "./settings.ts";
import {
  type Assignment,
  batchSize,
  type Completeness,
  DirectoryError,
  type DirectoryGroup,
  type DirectoryRead,
  type DirectorySource,
  type DirectoryUser,
} from "./source.ts";

/**
 * A directory of CSV files (RFC 4180, UTF-8, a header line with attribute names).
 * `accountEnabled` and `isSoftDeleted` hold true or false; a column named `NAME[]` holds a list divided by `;`; every
 * other column is text; an empty field is absent.
 */
export class CsvDirectory implements DirectorySource {
  readonly type = "csv";
  readonly description: string;
  readonly #settings: CsvSettings;
  readonly #baseDir: string;

  constructor(settings: CsvSettings, baseDir: string) {
    this.#settings = settings;
    this.#baseDir = baseDir;
    const { users, groups, members, assignments } = settings;
    this.description = [users, groups, members, assignments].filter((file) => file !== undefined).join(", ");
  }

  read(options: { readonly signal?: AbortSignal } = {}): DirectoryRead {
    return new CsvRead(this.#settings, this.#baseDir, options.signal);
  }
}

interface Tables {
  readonly users: CsvTable;
  readonly groups?: CsvTable | undefined;
  readonly members?: CsvTable | undefined;
  readonly assignments?: CsvTable | undefined;
}

interface GroupInProgress extends DirectoryGroup {
  readonly members: string[];
  /** The line of each member, for messages. */
  readonly lines: number[];
}

class CsvRead implements DirectoryRead {
  readonly #settings: CsvSettings;
  readonly #baseDir: string;
  readonly #signal: AbortSignal | undefined;
  readonly #problems = new ProblemList();
  readonly #references = new References(this.#problems, (kind, line) => ({
    file: kind === "User" ? this.#settings.users : (this.#settings.groups ?? ""),
    line,
    field: "id",
  }));
  readonly #unread = new Set(["users", "groups", "assignments"]);
  #opening: Promise<Tables> | undefined;
  #tables: Tables | undefined;

  constructor(settings: CsvSettings, baseDir: string, signal: AbortSignal | undefined) {
    this.#settings = settings;
    this.#baseDir = baseDir;
    this.#signal = signal;
  }

  async *users(): AsyncGenerator<readonly DirectoryUser[]> {
    const { users: table } = await this.#open();
    const id = table.index("id");
    let batch: DirectoryUser[] = [];
    const take = (fields: readonly string[], line: number): void => {
      const user = { id: fields[id] ?? "", attributes: newAttributes(), location: `${table.name}:${line}` };
      if (!this.#references.define("User", user.id, line)) return;
      if (this.#fill(user.attributes, fields, table, line)) batch.push(user);
    };
    for await (const _ of table.read(take, this.#signal)) {
      yield* batches(batch);
      batch = [];
    }
    yield* batches(batch);
    this.#consumed("users");
  }

  async *groups(): AsyncGenerator<readonly DirectoryGroup[]> {
    const { groups: table, members } = await this.#open();
    const groups = new Map<string, GroupInProgress>();
    if (table !== undefined) {
      const id = table.index("id");
      const take = (fields: readonly string[], line: number): void => {
        const location = `${table.name}:${line}`;
        const group = { id: fields[id] ?? "", attributes: newAttributes(), members: [], lines: [], location };
        if (!this.#references.define("Group", group.id, line)) return;
        if (this.#fill(group.attributes, fields, table, line)) groups.set(group.id, group);
      };
      for await (const _ of table.read(take, this.#signal));
      if (members !== undefined) await this.#readMembers(members, groups);
    }
    yield* batches([...groups.values()].map((group) => this.#withoutRepeats(group, members?.name)));
    this.#consumed("groups");
  }

  async *assignments(): AsyncGenerator<readonly Assignment[]> {
    const { assignments: table } = await this.#open();
    if (table !== undefined) {
      const [idIndex, typeIndex, roleIndex] = ["principalId", "principalType", "appRole"].map((name) =>
        table.index(name),
      );
      let batch: Assignment[] = [];
      const take = (fields: readonly string[], line: number): void => {
        const place = { file: table.name, line };
        const text = fields[typeIndex ?? -1] ?? "";
        const kind = /^user$/i.test(text) ? "User" : /^group$/i.test(text) ? "Group" : undefined;
        if (kind === undefined) {
          this.#problems.error(`"${text}" is not a principal type. It is User or Group.`, {
            ...place,
            field: "principalType",
          });
          return;
        }
        const id = fields[idIndex ?? -1] ?? "";
        const principalId = this.#references.expectKind({
          id,
          role: "principalId",
          kind,
          place: { ...place, field: "principalId" },
          severity: "error",
        });
        batch.push({ principalId, principalType: kind, appRole: fields[roleIndex ?? -1] ?? "" });
      };
      for await (const _ of table.read(take, this.#signal)) {
        yield* batches(batch);
        batch = [];
      }
      yield* batches(batch);
    }
    this.#consumed("assignments");
  }

  completeness(): Completeness {
    const tables = Object.values(this.#tables ?? {}).filter((table): table is CsvTable => table !== undefined);
    const completeness = this.#problems.completeness(this.#unread, () =>
      tables.map((table) => `${table.name} read to its end, ${table.rows.toLocaleString("en-US")} rows`).join("; "),
    );
    return !completeness.complete || tables.every((table) => table.finished)
      ? completeness
      : { complete: false, reason: "A file was not read to its end." };
  }

  problems(): ReturnType<ProblemList["list"]> {
    return this.#problems.list();
  }

  /** Opens every file before anything is read from one, so that all that is wrong with them is told at once. */
  #open(): Promise<Tables> {
    this.#opening ??= this.#openAll();
    return this.#opening;
  }

  async #openAll(): Promise<Tables> {
    const open = async (name: string | undefined, required: readonly string[]): Promise<CsvTable | undefined> =>
      name === undefined ? undefined : await CsvTable.open(this.#baseDir, name, required, this.#problems);
    const users = await open(this.#settings.users, ["id"]);
    const groups = await open(this.#settings.groups, ["id"]);
    const members = await open(this.#settings.members, ["groupId", "memberId"]);
    const assignments = await open(this.#settings.assignments, ["principalId", "principalType", "appRole"]);
    if (users === undefined || this.#problems.errorCount > 0) throw new DirectoryError(this.#problems.list());
    this.#tables = { users, groups, members, assignments };
    return this.#tables;
  }

  async #readMembers(table: CsvTable, groups: ReadonlyMap<string, GroupInProgress>): Promise<void> {
    const groupIndex = table.index("groupId");
    const memberIndex = table.index("memberId");
    const take = (fields: readonly string[], line: number): void => {
      const groupId = fields[groupIndex] ?? "";
      const memberId = fields[memberIndex] ?? "";
      const place = (field: string) => ({ file: table.name, line, field });
      const group = groups.get(groupId);
      if (group === undefined) {
        this.#problems.error(
          `The groupId "${groupId}" is no group's id in ${this.#settings.groups ?? ""}.`,
          place("groupId"),
        );
        return;
      }
      const shared = this.#references.shared(memberId);
      if (shared === undefined) {
        this.#references.expect({ id: memberId, role: "memberId", place: place("memberId"), severity: "error" });
      }
      group.members.push(shared ?? memberId);
      group.lines.push(line);
    };
    for await (const _ of table.read(take, this.#signal));
  }

  #withoutRepeats({ lines, ...group }: GroupInProgress, file: string | undefined): DirectoryGroup {
    const unique = new Set(group.members);
    if (unique.size === group.members.length) return group;
    const seen = new Set<string>();
    group.members.forEach((member, index) => {
      const line = lines[index];
      if (seen.has(member) && file !== undefined && line !== undefined) {
        this.#problems.warn(`"${member}" is a member of "${group.id}" already.`, { file, line, field: "memberId" });
      }
      seen.add(member);
    });
    return { ...group, members: [...unique] };
  }

  /** Reads the fields of a row into attributes; false, with a problem told, when one cannot be read. */
  #fill(attributes: MutableAttributes, fields: readonly string[], table: CsvTable, line: number): boolean {
    let whole = true;
    for (const column of table.columns) {
      const text = fields[column.index];
      if (text === undefined || text === "") continue;
      const value = readField(column, text);
      if (value === undefined) {
        this.#problems.error(`"${text}" is neither true nor false.`, { file: table.name, line, field: column.name });
        whole = false;
      } else attributes[column.name] = value;
    }
    const manager = attributes["manager"];
    if (typeof manager === "string") {
      const shared = this.#references.shared(manager);
      if (shared === undefined) {
        const place = { file: table.name, line, field: "manager" };
        this.#references.expect({ id: manager, role: "manager", place, severity: "warning" });
      }
      attributes["manager"] = shared ?? manager;
    }
    return whole;
  }

  #consumed(stream: string): void {
    this.#unread.delete(stream);
    if (this.#unread.size === 0) this.#references.finish();
  }
}

/** The value of a field; undefined when a true-or-false column holds something else. */
function readField(column: Column, text: string): string | boolean | string[] | undefined {
  if (column.list)
    return text
      .split(";")
      .map((part) => part.trim())
      .filter((part) => part !== "");
  return isBooleanAttribute(column.name) ? parseBoolean(text) : text;
}

function* batches<T>(items: readonly T[]): Generator<readonly T[]> {
  for (let start = 0; start < items.length; start += batchSize) yield items.slice(start, start + batchSize);
}

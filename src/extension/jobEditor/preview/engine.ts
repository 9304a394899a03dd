import { setImmediate as pause } from "node:timers/promises";
import type { DirectoryGroup, DirectoryUser } from "../../../directory/source.ts";
import type { Job } from "../../../job/job.ts";
import { dialectFor } from "../../../scim/dialects/dialects.ts";
import type { ResourceSchema } from "../../../scim/schema.ts";
import { computedAttributes } from "../../../provisioning/consider.ts";
import { ClauseError } from "../../../scope/clause.ts";
import { RoleIndex } from "../../../scope/roles.ts";
import { compileScope, type Scope } from "../../../scope/scope.ts";
import type { Person, Population, Results, ScopeCounts } from "../messages/previews.ts";
import type { Kind, View } from "../messages/view.ts";
import { Counterparts } from "./counterparts.ts";
import type { DirectoryData } from "./directoryData.ts";
import { personOf, searchPeople } from "./people.ts";
import { PopulationCount } from "./population.ts";
import { resultsFor } from "./results.ts";
import { ScopeCount } from "./scopeCount.ts";
import { type PreviewTable, previewTable } from "./table.ts";
import type { TargetData } from "./targetData.ts";

/** What the previews are of: the job as it stands in the editor, and as it was saved. */
export interface PreviewJob {
  readonly version: number;
  readonly job: Job;
  readonly saved: Job | undefined;
  /** What the service's /Schemas says; the RFC's when absent. */
  readonly schemas: { readonly users?: ResourceSchema | undefined; readonly groups?: ResourceSchema | undefined };
}

/** How many objects are looked at before other requests get their turn. */
const chunk = 1000;
/** How often an unfinished count is told, in objects. */
const reportEvery = 5000;

/**
 * Computes everything that the job editor shows of a directory, with the engine's own functions. Lives in a worker: a count
 * pauses between chunks, and ends without a result when the job or the directory has changed meanwhile.
 */
export class PreviewEngine {
  #directory: DirectoryData | undefined;
  #current: PreviewJob | undefined;
  #epoch = 0;
  readonly #tables = new Map<Kind, PreviewTable>();
  readonly #targets = new Map<Kind, TargetData>();
  readonly #counterparts = new Map<Kind, Counterparts>();
  readonly #scopes = new Map<string, Scope | undefined>();
  #roles: RoleIndex | undefined;
  #scopeCount: { readonly key: string; readonly count: ScopeCount } | undefined;

  setDirectory(directory: DirectoryData | undefined): void {
    this.#directory = directory;
    this.#roles = undefined;
    this.#forget();
  }

  setJob(job: PreviewJob): void {
    this.#current = job;
    this.#forget();
  }

  /** What stands at the target, to compare with; undefined while that is not known. */
  setTarget(kind: Kind, target: TargetData | undefined): void {
    if (target === undefined) this.#targets.delete(kind);
    else this.#targets.set(kind, target);
    this.#counterparts.delete(kind);
    this.#epoch++;
  }

  people(kind: Kind, text: string): { people: Person[]; total: number } {
    return searchPeople(this.#sources(kind), text);
  }

  /** The object before or after another one in the order of the directory; without one, the first who is in scope. */
  step(kind: Kind, from: string | null, by: 1 | -1): Person | undefined {
    const sources = this.#sources(kind);
    const at = sources.findIndex(({ id }) => id === from);
    const next = at === -1 ? this.#first(kind, sources) : sources[(at + by + sources.length) % sources.length];
    return next && personOf(next);
  }

  #first(kind: Kind, sources: readonly (DirectoryUser | DirectoryGroup)[]) {
    return sources.find((source) => this.#isProvisioned(kind, source)) ?? sources[0];
  }

  #isProvisioned(kind: Kind, source: DirectoryUser | DirectoryGroup): boolean {
    const decision = this.#decide("job", kind, source);
    return decision === undefined || (decision.inScope && decision.active);
  }

  /** What every mapping gives for one object; undefined when it is not in the directory. */
  results(kind: Kind, id: string): Omit<Results, "kind"> | undefined {
    const source = this.#sources(kind).find((each) => each.id === id);
    const current = this.#current;
    if (source === undefined || current === undefined) return undefined;
    const computed = this.#computed(kind, source, this.#decide("job", kind, source)?.active !== false);
    const counterparts = this.#counterpartsOf(kind);
    const counterpart = counterparts?.of(source, computed);
    const compared =
      counterparts && counterpart?.state === "found"
        ? { resource: counterpart.resource, changes: counterparts.changes(counterpart.resource) }
        : undefined;
    return {
      version: current.version,
      table: kind,
      person: personOf(source),
      counterpart: counterpart?.state ?? "notRead",
      rows: resultsFor(source, this.#table(kind), compared, computed),
    };
  }

  /**
   * Counts what the mappings give over everyone in scope.
   * @param report is told of unfinished counts.
   * @returns undefined when it was overtaken.
   */
  async population(
    kind: Kind,
    row: number | null,
    report: (partial: Omit<Population, "kind">) => void,
  ): Promise<Omit<Population, "kind"> | undefined> {
    const epoch = this.#epoch;
    const version = this.#current?.version;
    if (version === undefined) return undefined;
    const members: (DirectoryUser | DirectoryGroup)[] = [];
    for (const [index, source] of this.#sources(kind).entries()) {
      if (this.#isProvisioned(kind, source)) members.push(source);
      if (index % chunk === chunk - 1 && (await this.#overtaken(epoch))) return undefined;
    }
    const count = new PopulationCount(this.#table(kind), this.#counterpartsOf(kind), row);
    const state = (done: number) => ({ version, table: kind, row, done, total: members.length, ...count.result() });
    for (const [index, member] of members.entries()) {
      count.add(member, this.#computed(kind, member, true));
      if (index % chunk !== chunk - 1) continue;
      if (await this.#overtaken(epoch)) return undefined;
      if ((index + 1) % reportEvery === 0) report(state(index + 1));
    }
    return state(members.length);
  }

  /** Counts who is in and out of scope, and lists some of them. `undefined` when overtaken or when the scope is faulty. */
  async scope(view: View["scope"]): Promise<Omit<ScopeCounts, "kind"> | undefined> {
    const epoch = this.#epoch;
    const current = this.#current;
    if (current === undefined) return undefined;
    const key = `${epoch} ${view.kind}`;
    if (this.#scopeCount?.key !== key) {
      const count = this.#newScopeCount(view.kind);
      if (count === undefined) return undefined;
      for (const [index, source] of this.#sources(view.kind).entries()) {
        count.add(source);
        if (index % chunk === chunk - 1 && (await this.#overtaken(epoch))) return undefined;
      }
      this.#scopeCount = { key, count };
    }
    const { count } = this.#scopeCount;
    const { version } = current;
    return {
      version,
      table: view.kind,
      ...count.counts,
      ...count.sample(view),
      explained: count.explain(view.selected),
    };
  }

  #newScopeCount(kind: Kind): ScopeCount | undefined {
    const now = this.#scope("job");
    const saved = this.#current?.saved && this.#scope("saved");
    if (now === undefined || this.#current === undefined) return undefined;
    return new ScopeCount(
      kind,
      { scope: now, filter: this.#current.job.scope[kind] },
      saved && { scope: saved, filter: this.#current.saved?.scope[kind] ?? [] },
    );
  }

  #sources(kind: Kind): readonly (DirectoryUser | DirectoryGroup)[] {
    return this.#directory?.[kind] ?? [];
  }

  #decide(which: "job" | "saved", kind: Kind, source: DirectoryUser | DirectoryGroup) {
    const scope = this.#scope(which);
    return kind === "users" ? scope?.user(source) : scope?.group(source as DirectoryGroup);
  }

  #computed(kind: Kind, { id }: DirectoryUser | DirectoryGroup, active: boolean) {
    if (this.#directory !== undefined) {
      this.#roles ??= new RoleIndex(this.#directory.assignments, this.#directory.groupsById);
    }
    return computedAttributes(kind === "users" ? "User" : "Group", id, { active }, this.#roles);
  }

  /** The scope, made once; undefined as long as a clause is faulty. */
  #scope(which: "job" | "saved"): Scope | undefined {
    if (this.#scopes.has(which)) return this.#scopes.get(which);
    const rules = this.#current?.[which]?.scope;
    let scope: Scope | undefined;
    if (rules !== undefined && this.#directory !== undefined) {
      const { assignments, groupsById } = this.#directory;
      try {
        scope = compileScope(rules, { assignments, groups: groupsById });
      } catch (error) {
        if (!(error instanceof ClauseError)) throw error;
      }
    }
    this.#scopes.set(which, scope);
    return scope;
  }

  #counterpartsOf(kind: Kind): Counterparts | undefined {
    const target = this.#targets.get(kind);
    if (target === undefined) return undefined;
    const known = this.#counterparts.get(kind);
    if (known !== undefined) return known;
    const made = new Counterparts(target, this.#table(kind));
    this.#counterparts.set(kind, made);
    return made;
  }

  #table(kind: Kind): PreviewTable {
    const known = this.#tables.get(kind);
    if (known !== undefined) return known;
    const job = this.#current?.job;
    const { dialect, baseUrl } = job?.connection ?? { dialect: "generic", baseUrl: "" };
    const type = kind === "users" ? "User" : "Group";
    const schema = this.#current?.schemas[kind];
    const table = previewTable(job?.[kind].mappings ?? [], type, dialectFor(dialect, baseUrl), schema);
    this.#tables.set(kind, table);
    return table;
  }

  async #overtaken(epoch: number): Promise<boolean> {
    await pause();
    return epoch !== this.#epoch;
  }

  #forget(): void {
    this.#epoch++;
    this.#tables.clear();
    this.#counterparts.clear();
    this.#scopes.clear();
    this.#scopeCount = undefined;
  }
}

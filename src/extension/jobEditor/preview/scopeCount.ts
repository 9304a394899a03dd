import type { DirectoryGroup, DirectoryUser } from "../../../directory/source.ts";
import { describeClause } from "../../../scope/clause.ts";
import { type ClauseOutcome, ScopingFilter } from "../../../scope/filter.ts";
import type { ClauseGroup } from "../../../scope/rules.ts";
import type { Scope, ScopeDecision, ScopeExplanation } from "../../../scope/scope.ts";
import { displayText } from "../../platform/text.ts";
import type { SamplePerson, ScopeCounts } from "../messages/previews.ts";
import type { View } from "../messages/view.ts";
import { listLimit, matches, personOf } from "./people.ts";

type Source = DirectoryUser | DirectoryGroup;

export interface ScopeSide {
  readonly scope: Scope;
  readonly filter: readonly ClauseGroup[];
}

interface Entry {
  readonly source: Source;
  readonly decision: ScopeDecision;
  /** Titles of the groups of clauses that pass. */
  readonly passing: readonly string[];
  readonly isIn: boolean;
  readonly move: "enters" | "leaves" | undefined;
}

type Counts = Omit<ScopeCounts, "kind" | "version" | "table" | "sample" | "sampleOf" | "explained">;

/** Counts who is in and out of scope, and keeps every decision so that lists need no second pass. */
export class ScopeCount {
  readonly #kind: "users" | "groups";
  readonly #now: ScopeSide;
  readonly #saved: ScopeSide | undefined;
  readonly #filter: ScopingFilter;
  readonly #entries: Entry[] = [];
  readonly #counts: Counts;

  constructor(kind: "users" | "groups", now: ScopeSide, saved: ScopeSide | undefined) {
    this.#kind = kind;
    this.#now = now;
    this.#saved = saved;
    this.#filter = new ScopingFilter(now.filter);
    this.#counts = {
      total: 0,
      active: 0,
      assigned: 0,
      entitled: 0,
      passed: 0,
      passSeveral: 0,
      enters: 0,
      leaves: 0,
      groups: now.filter.map(({ clauses }) => ({ in: 0, out: 0, clauses: clauses.map(() => ({ in: 0, out: 0 })) })),
    };
  }

  /** Adds one object. Clauses are counted over those who are active, assigned and entitled. */
  add(source: Source): void {
    const counts = this.#counts;
    const decision = this.#decide(this.#now.scope, source);
    const isIn = decision.inScope && decision.active;
    const before = this.#saved && this.#decide(this.#saved.scope, source);
    const wasIn = before && before.inScope && before.active;
    const move: Entry["move"] = wasIn === undefined || wasIn === isIn ? undefined : isIn ? "enters" : "leaves";
    const { cause } = decision;
    counts.total++;
    if (move !== undefined) counts[move]++;
    const entry = { source, decision, isIn, move };
    if (decision.active) counts.active++;
    const isAssigned = cause !== "notAssigned" && cause !== "nested";
    const isEntitled = isAssigned && cause !== "defaultAccess";
    if (decision.active && isAssigned) counts.assigned++;
    if (!decision.active || !isEntitled) {
      this.#entries.push({ ...entry, passing: [] });
      return;
    }
    counts.entitled++;
    if (isIn) counts.passed++;
    this.#entries.push({ ...entry, passing: this.#tally(source) });
  }

  get counts(): Counts {
    return this.#counts;
  }

  /** The people of one list, the first ones only, and how many there are. */
  sample({ tab, search }: View["scope"]): { sample: SamplePerson[]; sampleOf: number } {
    const wanted = search.trim().toLowerCase();
    const found = this.#entries.filter(
      (entry) =>
        (tab === "all" || (tab === "in" ? entry.isIn : tab === "out" ? !entry.isIn : entry.move === tab)) &&
        (matches(entry.source, wanted) || reasonOf(entry).toLowerCase().includes(wanted)),
    );
    const sample = found.slice(0, listLimit).map((entry): SamplePerson => ({
      ...personOf(entry.source),
      inScope: entry.isIn,
      reason: displayText(reasonOf(entry)),
      ...(entry.move !== undefined && { move: entry.move }),
    }));
    return { sample, sampleOf: found.length };
  }

  /** Every rule that decided for one of them. */
  explain(id: string | null): ScopeCounts["explained"] {
    const source = id === null ? undefined : this.#entries.find((entry) => entry.source.id === id)?.source;
    if (source === undefined) return null;
    const { scope } = this.#now;
    const explained =
      this.#kind === "groups" ? scope.explainGroup(source as DirectoryGroup) : scope.explainUser(source);
    return { id: source.id, detail: displayText(explained.detail, 500), rules: rulesOf(explained) };
  }

  #decide(scope: Scope, source: Source): ScopeDecision {
    return this.#kind === "groups" ? scope.group(source as DirectoryGroup) : scope.user(source);
  }

  #tally(source: Source): string[] {
    const outcomes: ClauseOutcome[] = [];
    this.#filter.passes(source.attributes, (outcome) => outcomes.push(outcome));
    const passing: string[] = [];
    const places = new Map<number, number>();
    const failed = new Set<number>();
    for (const { group, passed } of outcomes) {
      const place = places.get(group) ?? 0;
      places.set(group, place + 1);
      const tally = this.#counts.groups[group]?.clauses[place];
      if (tally !== undefined) tally[passed ? "in" : "out"]++;
      if (!passed) failed.add(group);
    }
    for (const [index, group] of this.#counts.groups.entries()) {
      const passes = !failed.has(index);
      group[passes ? "in" : "out"]++;
      if (passes) passing.push(this.#now.filter[index]?.title ?? `Group ${index + 1}`);
    }
    if (passing.length > 1) this.#counts.passSeveral++;
    return passing;
  }
}

const causes: Readonly<Record<NonNullable<ScopeDecision["cause"]>, string>> = {
  notAssigned: "Not assigned",
  nested: "Only in a nested group",
  defaultAccess: "NotEffectivelyEntitled",
  filter: "No group passes",
  disabled: "Disabled in the directory",
  deleted: "Deleted in the directory",
};

function reasonOf({ decision, passing, isIn }: Entry): string {
  if (isIn) return passing.length === 0 ? "In scope" : passing.join(" and ");
  return decision.cause === undefined ? "Out of scope" : causes[decision.cause];
}

function rulesOf({ rules, clauses }: ScopeExplanation): NonNullable<ScopeCounts["explained"]>["rules"] {
  return [
    ...rules
      .filter(({ name }) => clauses.length === 0 || name !== "Scoping filter evaluation passed")
      .map(({ name, passed, value }) => ({ name, passed, value: displayText(value) })),
    ...clauses.map(({ title, clause, passed, value }) => ({
      name: displayText(`${title}: ${describeClause(clause)}`),
      passed,
      value: value === undefined ? "empty" : displayText(Array.isArray(value) ? value.join(", ") : String(value)),
    })),
  ];
}

import type { ToWebview } from "../../extension/jobEditor/messages.ts";
import type { Offers, Snapshot } from "../../extension/jobEditor/messages/job.ts";
import type {
  ConnectionTest,
  DirectoryState,
  JobStatus,
  Person,
  Population,
  Results,
  ScopeCounts,
  TargetState,
} from "../../extension/jobEditor/messages/previews.ts";
import type { Kind, View } from "../../extension/jobEditor/messages/view.ts";

/** Everything that the page knows. Answers to older versions of the text stay, marked as such by their version. */
export interface State {
  readonly view: View;
  readonly snapshot: Snapshot | undefined;
  readonly offers: Offers | undefined;
  readonly directory: DirectoryState | undefined;
  readonly results: Readonly<Record<Kind, Results | undefined>>;
  readonly population: Readonly<Record<Kind, Population | undefined>>;
  readonly scope: ScopeCounts | undefined;
  readonly test: ConnectionTest | undefined;
  /** What is known of the target that results are compared with. */
  readonly target: Readonly<Record<Kind, TargetState | undefined>>;
  readonly status: JobStatus | undefined;
  readonly people: { readonly seq: number; readonly people: readonly Person[]; readonly total: number } | undefined;
}

/** What a page shows first. */
export const firstView: View = {
  page: "users",
  sample: { users: null, groups: null },
  row: null,
  scope: { kind: "users", tab: "all", search: "", selected: null },
};

export const firstState = (view: View = firstView): State => ({
  view,
  snapshot: undefined,
  offers: undefined,
  directory: undefined,
  results: { users: undefined, groups: undefined },
  population: { users: undefined, groups: undefined },
  scope: undefined,
  test: undefined,
  target: { users: undefined, groups: undefined },
  status: undefined,
  people: undefined,
});

/** The state after a message of the extension. An answer that is older than what is shown changes nothing. */
export function reduce(state: State, message: ToWebview): State {
  switch (message.kind) {
    case "snapshot":
      return state.snapshot !== undefined && message.version < state.snapshot.version
        ? state
        : { ...state, snapshot: message, view: keepRow(state.view, message) };
    case "offers":
      return { ...state, offers: message };
    case "directory":
      return { ...state, directory: message };
    case "results": {
      const { table } = message;
      const shown = state.view.sample[table];
      if (isOlder(message, state.results[table]) || (shown !== null && shown !== message.person.id)) return state;
      return { ...state, results: { ...state.results, [table]: message } };
    }
    case "population": {
      const { table } = message;
      if (isOlder(message, state.population[table])) return state;
      return { ...state, population: { ...state.population, [table]: message } };
    }
    case "scope":
      return isOlder(message, state.scope) ? state : { ...state, scope: message };
    case "test":
      return { ...state, test: message };
    case "target":
      return { ...state, target: { ...state.target, [message.table]: message } };
    case "status":
      return { ...state, status: message };
    case "people":
      return state.people !== undefined && message.seq < state.people.seq
        ? state
        : { ...state, people: { seq: message.seq, people: message.people, total: message.total } };
    case "person":
      return withView(state, { sample: { ...state.view.sample, [message.table]: message.person.id } });
    case "show":
      return withView(state, { page: message.page });
    case "edited":
    case "flush":
      return state;
  }
}

export function withView(state: State, change: Partial<View>): State {
  return { ...state, view: { ...state.view, ...change } };
}

function isOlder(message: { readonly version: number }, shown: { readonly version: number } | undefined): boolean {
  return shown !== undefined && message.version < shown.version;
}

/** A row that is gone is no longer selected. */
function keepRow(view: View, { job }: Snapshot): View {
  if (view.page !== "users" && view.page !== "groups") return view;
  const count = job?.[view.page].mappings.length ?? 0;
  if (view.row === null || view.row < count) return view;
  return { ...view, row: count === 0 ? null : count - 1 };
}

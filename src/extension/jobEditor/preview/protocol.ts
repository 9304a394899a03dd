import type { DirectorySettings } from "../../../directory/settings.ts";
import type { DirectoryState, Kind, Person, Population, Results, ScopeCounts, View } from "../messages.ts";
import type { PreviewJob } from "./engine.ts";

/** What the worker can be asked: the arguments and the answer of each request. */
export interface PreviewRequests {
  load: { args: [settings: DirectorySettings, baseDir: string]; answer: LoadedDirectory };
  /** Lets go of the directory. */
  unload: { args: []; answer: null };
  setJob: { args: [job: PreviewJob]; answer: null };
  people: { args: [kind: Kind, text: string]; answer: { people: Person[]; total: number } };
  step: { args: [kind: Kind, from: string | null, by: 1 | -1]; answer: Person | null };
  results: { args: [kind: Kind, id: string]; answer: Omit<Results, "kind"> | null };
  population: { args: [kind: Kind, row: number | null]; answer: Omit<Population, "kind"> | null };
  scope: { args: [view: View["scope"]]; answer: Omit<ScopeCounts, "kind"> | null };
}

export type PreviewMethod = keyof PreviewRequests;

export interface LoadedDirectory {
  readonly state: Omit<DirectoryState, "kind">;
  readonly attributes: { readonly users: readonly string[]; readonly groups: readonly string[] };
}

/** To the worker: a request, or a token that it asked for. */
export type ToWorker =
  | { [M in PreviewMethod]: { id: number; method: M; args: PreviewRequests[M]["args"] } }[PreviewMethod]
  | { token: number; value: string }
  | { token: number; error: string };

/** From the worker: an answer, an unfinished population, or the wish for the token of the directory. */
export type FromWorker =
  | { id: number; answer: PreviewRequests[PreviewMethod]["answer"] }
  | { id: number; error: string }
  | { partial: Omit<Population, "kind"> }
  | { needToken: number };

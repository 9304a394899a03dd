import type { DirectorySettings } from "../../../directory/settings.ts";
import type { RequestRecord } from "../../../http/record.ts";
import type { Job } from "../../../job/job.ts";
import type { DirectoryState, Person, Population, Results, ScopeCounts } from "../messages/previews.ts";
import type { Kind, View } from "../messages/view.ts";
import type { AttributeNames } from "./directoryData.ts";
import type { PreviewJob } from "./engine.ts";

/** What the worker can be asked: the arguments and the answer of each request. */
export interface PreviewRequests {
  load: { args: [settings: DirectorySettings, baseDir: string, attributes: AttributeNames]; answer: LoadedDirectory };
  /** Lets go of the directory. */
  unload: { args: []; answer: null };
  /** Reads what stands at the target; `null` lets go of it. */
  target: { args: [kind: Kind, from: TargetRequest | null]; answer: TargetAnswer };
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

/** Where the target is, and whether a person asked for it to be read. */
export interface TargetRequest {
  readonly connection: Job["connection"];
  /** The job file. */
  readonly file: string;
  readonly asked: boolean;
}

/** When the target was read, or why it was not. */
export type TargetAnswer = { readonly readAt: string } | { readonly why: string } | null;

/** To the worker: a request, or a token that it asked for. */
export type ToWorker =
  | { [M in PreviewMethod]: { id: number; method: M; args: PreviewRequests[M]["args"] } }[PreviewMethod]
  | { token: number; value: string | undefined }
  | { token: number; error: string };

/** From the worker: an answer, an unfinished population, progress, a request that was sent, or the wish for a token. */
export type FromWorker =
  | { id: number; answer: PreviewRequests[PreviewMethod]["answer"] }
  | { id: number; error: string }
  | { partial: Omit<Population, "kind"> }
  | { targetOf: Kind; done: number; total: number | undefined }
  | { request: RequestRecord; baseUrl: string }
  | { needToken: number; baseUrl: string; refused: string | undefined; tenantId?: string };

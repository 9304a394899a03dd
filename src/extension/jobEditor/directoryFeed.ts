import { dirname } from "node:path";
import type { Job } from "../../job/job.ts";
import { sameJson } from "../../scim/values.ts";
import type { Releasable } from "../platform/disposable.ts";
import { directoryFiles, watchFiles } from "./directoryWatch.ts";
import type { Offers } from "./messages/job.ts";
import type { DirectoryState } from "./messages/previews.ts";
import type { PreviewClient } from "./preview/previewClient.ts";

export interface DirectoryFeedOptions {
  readonly preview: PreviewClient;
  /** The job file. */
  readonly file: string;
  /** Whether anything may be read. */
  readonly trusted: () => boolean;
  /** Hears how reading goes. */
  readonly tell: (state: DirectoryState) => void;
  /** Hears that there is another directory to answer from. */
  readonly loaded: () => void;
  readonly failed: (error: unknown) => void;
}

/** The directory of a job, held in the preview thread and read anew when its files change. */
export class DirectoryFeed implements Releasable {
  readonly #options: DirectoryFeedOptions;
  #state: DirectoryState | undefined;
  #attributes: Offers["attributes"] = { users: [], groups: [] };
  #loaded: { readonly settings: Job["directory"]; readonly watch: Releasable } | undefined;
  #loads = 0;

  constructor(options: DirectoryFeedOptions) {
    this.#options = options;
  }

  get state(): DirectoryState | undefined {
    return this.#state;
  }

  /** The attributes that its objects have. */
  get attributes(): Offers["attributes"] {
    return this.#attributes;
  }

  /** Reads the directory of a job when it is not the one that is loaded. */
  want(settings: Job["directory"]): void {
    if (!this.#options.trusted()) this.#set({ ...nothing, state: "restricted" });
    else if (this.#loaded === undefined || !sameJson(this.#loaded.settings, settings)) this.#load(settings);
  }

  readAgain(settings: Job["directory"]): void {
    if (this.#options.trusted()) this.#load(settings);
  }

  dispose(): void {
    this.#loaded?.watch.dispose();
  }

  #load(settings: Job["directory"]): void {
    const { preview, file, loaded, failed } = this.#options;
    const load = ++this.#loads;
    this.#loaded?.watch.dispose();
    const watch = watchFiles(directoryFiles(settings, file), () => this.#load(settings));
    this.#loaded = { settings, watch };
    this.#set({ ...(this.#state ?? nothing), state: "loading" });
    preview.ask("load", settings, dirname(file)).then(({ state, attributes }) => {
      if (load !== this.#loads) return;
      this.#attributes = { users: [...attributes.users], groups: [...attributes.groups] };
      this.#set({ kind: "directory", ...state });
      loaded();
    }, failed);
  }

  #set(state: DirectoryState): void {
    this.#state = state;
    this.#options.tell(state);
  }
}

const nothing: DirectoryState = {
  kind: "directory",
  state: "loading",
  description: "",
  users: 0,
  groups: 0,
  assignments: 0,
  readAt: "",
  problems: [],
  problemCount: 0,
};

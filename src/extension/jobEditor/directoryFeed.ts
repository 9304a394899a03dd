import { dirname } from "node:path";
import { commonAttributes } from "../../directory/graph/attributes.ts";
import type { Job } from "../../job/job.ts";
import { checkMappings } from "../../mapping/compileMappings.ts";
import { sameJson } from "../../scim/values.ts";
import type { Releasable } from "../platform/disposable.ts";
import { directoryFiles, watchFiles } from "./directoryWatch.ts";
import type { Offers } from "./messages/job.ts";
import type { DirectoryState } from "./messages/previews.ts";
import type { Kind } from "./messages/view.ts";
import type { AttributeNames } from "./preview/directoryData.ts";
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

  /**
   * Reads the directory of a job when it is not the one that is loaded. A whole tenant of Microsoft Entra ID is read when a
   * person asks for it, not because a file is looked at.
   */
  want(job: Job): void {
    const { directory } = job;
    if (!this.#options.trusted()) this.#set({ ...nothing, state: "restricted" });
    else if (this.#loaded !== undefined && sameJson(this.#loaded.settings, directory)) return;
    else if (directory.type === "graph") this.#await(directory);
    else this.#load(job);
  }

  readAgain(job: Job): void {
    if (this.#options.trusted()) this.#load(job);
  }

  dispose(): void {
    this.#loaded?.watch.dispose();
  }

  #await(settings: Job["directory"]): void {
    const { preview, loaded, failed } = this.#options;
    this.#loads++;
    this.dispose();
    this.#loaded = { settings, watch: { dispose: () => undefined } };
    this.#attributes = { users: [...commonAttributes.users], groups: [...commonAttributes.groups] };
    this.#set({ ...nothing, state: "unread" });
    preview.ask("unload").then(loaded, failed);
  }

  #load(job: Job): void {
    const settings = job.directory;
    const { preview, file, loaded, failed } = this.#options;
    const load = ++this.#loads;
    this.#loaded?.watch.dispose();
    const watch = watchFiles(directoryFiles(settings, file), () => this.#load(job));
    this.#loaded = { settings, watch };
    this.#set({ ...(this.#state ?? nothing), state: "loading" });
    preview.ask("load", settings, dirname(file), sourceAttributes(job)).then(({ state, attributes }) => {
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

/** The directory attributes that a job reads, as far as its rows can be understood. */
function sourceAttributes({ users, groups, scope }: Job): AttributeNames {
  const of = (kind: Kind, { mappings }: Job["users"]) => {
    const { rows } = checkMappings(mappings, { resourceType: kind === "users" ? "User" : "Group" });
    const clauses = scope[kind].flatMap((group) => group.clauses.map(({ attribute }) => attribute));
    return [...new Set([...rows.flatMap(({ attributes }) => attributes), ...clauses])];
  };
  return { users: of("users", users), groups: of("groups", groups) };
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

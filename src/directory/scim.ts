import type { PagedRead } from "../scim/paging.ts";
import type { ScimClient } from "../scim/client.ts";
import type { ResourceType, ScimResource } from "../scim/resource.ts";
import { flattenResource } from "./flatten.ts";
import { ProblemList } from "./problemList.ts";
import {
  type Assignment,
  batchSize,
  type Completeness,
  type DirectoryGroup,
  type DirectoryProblem,
  type DirectoryRead,
  type DirectorySource,
  type DirectoryUser,
} from "./source.ts";

/** Another SCIM service as a directory. It has no assignments, so a job over it has scope `all`. */
export class ScimDirectory implements DirectorySource {
  readonly type = "scim";
  readonly description: string;
  readonly #client: ScimClient;

  /** @param client belongs to the caller, who closes it when the reads are over. */
  constructor(client: ScimClient) {
    this.description = client.baseUrl;
    this.#client = client;
  }

  read(options: { readonly signal?: AbortSignal } = {}): DirectoryRead {
    return new ScimRead(this.#client, options.signal);
  }
}

class ScimRead implements DirectoryRead {
  readonly #client: ScimClient;
  readonly #signal: AbortSignal | undefined;
  readonly #problems = new ProblemList();
  readonly #proofs: string[] = [];
  readonly #unread = new Set(["users", "groups"]);

  constructor(client: ScimClient, signal: AbortSignal | undefined) {
    this.#client = client;
    this.#signal = signal;
  }

  async *users(): AsyncGenerator<readonly DirectoryUser[]> {
    for await (const resources of this.#pages("User")) {
      yield resources.map((resource) => ({
        id: resource.id,
        attributes: flattenResource(resource),
        location: `/Users/${resource.id}`,
      }));
    }
    this.#unread.delete("users");
  }

  async *groups(): AsyncGenerator<readonly DirectoryGroup[]> {
    const alone = !this.#client.dialect.page.listHasMembers;
    for await (const resources of this.#pages("Group")) {
      const groups: DirectoryGroup[] = [];
      for (const listed of resources) {
        const resource = alone ? await this.#group(listed.id) : listed;
        if (resource === undefined) continue;
        const { id } = resource;
        groups.push({
          id,
          attributes: flattenResource(resource),
          members: memberIds(resource),
          location: `/Groups/${id}`,
        });
      }
      yield groups;
    }
    this.#unread.delete("groups");
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- a SCIM service assigns nobody, and the contract is a stream
  async *assignments(): AsyncGenerator<readonly Assignment[]> {
    yield [];
  }

  completeness(): Completeness {
    return this.#problems.completeness(this.#unread, () => this.#proofs.join(" "));
  }

  problems(): readonly DirectoryProblem[] {
    return this.#problems.list();
  }

  /**
   * The pages of one type in batches. A service that answers nothing at all makes the directory unreadable; one that stops
   * midway makes the read incomplete.
   */
  async *#pages(type: ResourceType): AsyncGenerator<readonly ScimResource[]> {
    const paged: PagedRead = this.#client.pages(type, {}, { signal: this.#signal });
    const endpoint = `/${type}s`;
    let started = false;
    try {
      for await (const { resources } of paged) {
        started = true;
        for (let start = 0; start < resources.length; start += batchSize)
          yield resources.slice(start, start + batchSize);
      }
    } catch (error) {
      this.#signal?.throwIfAborted();
      this.#problems.failed(error, started, endpoint);
      return;
    }
    for (const warning of paged.warnings()) this.#problems.warn(warning, { file: endpoint });
    const completeness = paged.completeness();
    if (completeness.complete) this.#proofs.push(`${endpoint}: ${completeness.proof}`);
    else this.#problems.error(completeness.reason, { file: endpoint });
  }

  async #group(id: string): Promise<ScimResource | undefined> {
    try {
      return await this.#client.get("Group", id, { signal: this.#signal });
    } catch (error) {
      this.#signal?.throwIfAborted();
      this.#problems.failed(error, true, `/Groups/${id}`);
      return undefined;
    }
  }
}

function memberIds(group: ScimResource): string[] {
  const members = group["members"];
  if (!Array.isArray(members)) return [];
  return members.flatMap((member: unknown) => {
    const value: unknown = typeof member === "object" && member !== null ? Reflect.get(member, "value") : undefined;
    return typeof value === "string" ? [value] : [];
  });
}

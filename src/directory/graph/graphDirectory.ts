import type { GraphClient } from "../../graph/client.ts";
import { odataQuery } from "../../graph/client.ts";
import { deltaRound } from "../../graph/delta.ts";
import { appRoleAssignment, servicePrincipal } from "../../graph/types/applications.ts";
import { deltaGroup, deltaUser } from "../../graph/types/directory.ts";
import { ProblemList } from "../problemList.ts";
import {
  type Assignment,
  type Completeness,
  type DirectoryGroup,
  type DirectoryProblem,
  type DirectoryRead,
  type DirectorySource,
  type DirectoryUser,
} from "../source.ts";
import { AppRoles } from "./appRoles.ts";
import { GraphAttributes } from "./attributes.ts";
import { DirectoryMirror } from "./mirror.ts";
import { loadMirror, saveMirror } from "./mirrorFile.ts";

export interface GraphDirectoryOptions {
  readonly client: GraphClient;
  readonly tenantId: string;
  /** The enterprise application whose assignments decide who is in scope. */
  readonly servicePrincipalId?: string | undefined;
  /** Mapped attributes by the engine's names; only these are read, beside what scope and names need. */
  readonly attributes: { readonly users: Iterable<string>; readonly groups: Iterable<string> };
  /** Where delta tokens and what they stand for are kept; without it every process reads from the beginning. */
  readonly mirrorFile?: string | undefined;
}

/**
 * Microsoft Entra ID as a directory: users and groups by delta query with their direct members and managers, and the
 * assignments of one enterprise application. The first read takes everything, later ones what changed since.
 */
export class GraphDirectory implements DirectorySource {
  readonly type = "graph";
  readonly description: string;
  readonly #options: GraphDirectoryOptions;
  readonly #users: GraphAttributes;
  readonly #groups: GraphAttributes;
  #mirror: Promise<DirectoryMirror> | undefined;

  /** The client belongs to the caller, who closes it when the reads are over. */
  constructor(options: GraphDirectoryOptions) {
    this.#options = options;
    this.description = `Microsoft Entra tenant ${options.tenantId} (${options.client.graphUrl})`;
    this.#users = new GraphAttributes(options.attributes.users, ["userPrincipalName", "displayName", "accountEnabled"]);
    this.#groups = new GraphAttributes(options.attributes.groups, ["displayName", "visibility"]);
  }

  read(options: { readonly signal?: AbortSignal } = {}): DirectoryRead {
    return new GraphRead({
      ...this.#options,
      users: this.#users,
      groups: this.#groups,
      signal: options.signal,
      key: this.#key(),
      mirror: () => (this.#mirror ??= this.#load()),
    });
  }

  #key(): string {
    const { tenantId, client } = this.#options;
    return JSON.stringify([client.graphUrl, tenantId, this.#users.select, this.#groups.select]);
  }

  async #load(): Promise<DirectoryMirror> {
    const { mirrorFile } = this.#options;
    const kept = mirrorFile === undefined ? undefined : await loadMirror(mirrorFile, this.#key());
    return kept ?? new DirectoryMirror();
  }
}

interface ReadContext extends Omit<GraphDirectoryOptions, "attributes"> {
  readonly users: GraphAttributes;
  readonly groups: GraphAttributes;
  readonly signal: AbortSignal | undefined;
  readonly key: string;
  readonly mirror: () => Promise<DirectoryMirror>;
}

class GraphRead implements DirectoryRead {
  readonly #context: ReadContext;
  readonly #problems = new ProblemList();
  readonly #proofs: string[] = [];
  readonly #unread = new Set(["users", "groups", "assignments"]);
  readonly #whole = new Set<"users" | "groups">();

  constructor(context: ReadContext) {
    this.#context = context;
  }

  async *users(): AsyncGenerator<readonly DirectoryUser[]> {
    const mirror = await this.#context.mirror();
    await this.#round("users", mirror);
    yield* mirror.directoryUsers();
    this.#unread.delete("users");
  }

  async *groups(): AsyncGenerator<readonly DirectoryGroup[]> {
    const mirror = await this.#context.mirror();
    await this.#round("groups", mirror);
    for (const [id, { hidden, attributes }] of mirror.groups) {
      if (!hidden) continue;
      const name = attributes["displayName"];
      this.#problems.error(
        `The membership of the group ${typeof name === "string" ? name : id} is hidden. Grant Member.Read.Hidden to read it.`,
        { file: `/groups/${id}` },
      );
    }
    yield* mirror.directoryGroups();
    this.#unread.delete("groups");
  }

  async *assignments(): AsyncGenerator<readonly Assignment[]> {
    const { servicePrincipalId, client, signal } = this.#context;
    if (servicePrincipalId === undefined) {
      this.#proofs.push("No enterprise application is named, so nobody is assigned.");
      this.#unread.delete("assignments");
      return;
    }
    const path = `/servicePrincipals/${encodeURIComponent(servicePrincipalId)}`;
    let started = false;
    let count = 0;
    try {
      const application = await client.get(
        `${path}${odataQuery({ $select: "id,displayName,appRoles" })}`,
        "readApplications",
        servicePrincipal,
        { signal },
      );
      const roles = new AppRoles(application.appRoles ?? []);
      const pages = client.pages(`${path}/appRoleAssignedTo?$top=999`, "readAssignments", appRoleAssignment, {
        signal,
      });
      for await (const { items } of pages) {
        started = true;
        count += items.length;
        yield items.flatMap((item) => roles.assignment(item) ?? []);
      }
      this.#proofs.push(`${count} assignments, to the last page.`);
    } catch (error) {
      signal?.throwIfAborted();
      this.#problems.failed(error, started, `${path}/appRoleAssignedTo`);
    }
    this.#unread.delete("assignments");
  }

  completeness(): Completeness {
    return this.#problems.completeness(this.#unread, () => this.#proofs.join(" "));
  }

  problems(): readonly DirectoryProblem[] {
    return this.#problems.list();
  }

  /** One delta round, applied to the mirror; its link is taken over only when all its pages are applied. */
  async #round(kind: "users" | "groups", mirror: DirectoryMirror): Promise<void> {
    const { client, signal } = this.#context;
    const users = kind === "users";
    const select = [...this.#context[kind].select, ...(users ? [] : ["members"])].join(",");
    const deltaLink = users ? mirror.usersLink : mirror.groupsLink;
    // A first round that broke off left objects behind that may be gone by now.
    if (deltaLink === undefined) mirror.forget(kind);
    const start = `/${kind}/delta?$select=${encodeURIComponent(select)}`;
    const shared = { start, deltaLink, signal, onResync: () => mirror.forget(kind) };
    let pages = 0;
    let link: string;
    try {
      if (users) {
        const round = deltaRound(client, { ...shared, purpose: "readUsers", schema: deltaUser });
        link = await consume(round, (items) => {
          mirror.applyUsers(items, this.#context.users);
          pages += 1;
        });
        mirror.usersLink = link;
      } else {
        const round = deltaRound(client, { ...shared, purpose: "readGroups", schema: deltaGroup });
        link = await consume(round, (items) => {
          mirror.applyGroups(items, this.#context.groups);
          pages += 1;
        });
        mirror.groupsLink = link;
      }
    } catch (error) {
      signal?.throwIfAborted();
      this.#problems.failed(error, pages > 0, `/${kind}/delta`);
      return;
    }
    const how = deltaLink === undefined ? "read from the beginning" : "brought up to date";
    this.#proofs.push(`${mirror[kind].size} ${kind}, ${how} by delta query to its delta link.`);
    this.#whole.add(kind);
    await this.#keep(mirror);
  }

  async #keep(mirror: DirectoryMirror): Promise<void> {
    const { mirrorFile, key } = this.#context;
    if (mirrorFile !== undefined && this.#whole.size === 2) await saveMirror(mirrorFile, key, mirror);
  }
}

async function consume<Item>(
  round: AsyncGenerator<readonly Item[], string>,
  apply: (items: readonly Item[]) => void,
): Promise<string> {
  for (;;) {
    const next = await round.next();
    if (next.done === true) return next.value;
    apply(next.value);
  }
}

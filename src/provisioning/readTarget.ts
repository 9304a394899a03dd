import type { ScimClient } from "../scim/client.ts";
import { canLookUp } from "../scim/dialects/observedDialect.ts";
import { ScimError } from "../scim/errors.ts";
import type { ScimResource } from "../scim/resource.ts";
import type { TargetIndex } from "./targetIndex.ts";

/** What has to be found in the target: objects known by id, and values to match by. */
export interface Lookups {
  readonly type: "User" | "Group";
  readonly ids: readonly string[];
  /** For each object that is not linked: its matching values, in order of precedence. */
  readonly values: readonly (readonly { readonly path: string; readonly value: string }[])[];
}

export interface ReadTargetOptions {
  readonly client: ScimClient;
  readonly index: TargetIndex;
  readonly signal?: AbortSignal | undefined;
  /** Objects read so far, of how many. */
  readonly onProgress?: ((read: number, total: number | undefined) => void) | undefined;
}

/** Concurrent requests that we ask for; the client's adaptive limit decides how many really go out. */
const concurrency = 16;

/**
 * Fills the index with the counterparts of the given objects. Few lookups are asked one by one; as soon as reading
 * every page costs fewer requests, the pages are read.
 *
 * @throws Error when a list is not whole: with a person missing from it, a second account would be created.
 */
export async function readTarget(lookups: Lookups, options: ReadTargetOptions): Promise<void> {
  const { client } = options;
  const asked = lookups.ids.length + lookups.values.length;
  if (asked === 0) return;
  const { size } = client.dialect.page;
  // Counting costs one request, which is worth it only when the answer can matter.
  if (lookups.values.length > 0 && !canLookUp(client.dialect)) return readAll(lookups.type, options);
  const pages = asked <= 4 ? Infinity : Math.ceil((await client.count(lookups.type, undefined, options.signal)) / size);
  if (asked <= pages) await readByLookup(lookups, options);
  else await readAll(lookups.type, options);
}

/** Reads every resource of a type, pages side by side. */
export async function readAll(type: "User" | "Group", options: ReadTargetOptions): Promise<void> {
  const { client, index, signal, onProgress } = options;
  const leaveOut = type === "Group" && !client.dialect.page.listHasMembers ? { excludedAttributes: ["members"] } : {};
  const pages = client.pages(type, leaveOut, { concurrency, signal });
  let read = 0;
  for await (const page of pages) {
    for (const resource of page.resources) index.add(type, resource);
    read += page.resources.length;
    onProgress?.(read, page.totalResults);
  }
  const completeness = pages.completeness();
  if (!completeness.complete) {
    throw new IncompleteTargetError(
      `The list of ${type === "User" ? "users" : "groups"} of ${client.baseUrl} is not whole: ${completeness.reason} ` +
        `Nothing is planned from it, since someone missing there would be created twice. Run it again.`,
    );
  }
}

/** The target could not be read to its end. */
export class IncompleteTargetError extends Error {
  readonly code = "incompleteTarget";
}

async function readByLookup(lookups: Lookups, options: ReadTargetOptions): Promise<void> {
  const { client, index, signal, onProgress } = options;
  const { type } = lookups;
  const total = lookups.ids.length + lookups.values.length;
  let read = 0;
  const done = () => onProgress?.((read += 1), total);
  await forEachConcurrently(lookups.ids, async (id) => {
    const resource = await getIfThere(client, type, id, signal);
    if (resource) index.add(type, resource);
    done();
  });
  await forEachConcurrently(lookups.values, async (candidates) => {
    for (const { path, value } of candidates) {
      const found = await client.findByAttribute(type, path, value, { signal });
      for (const resource of found) index.add(type, resource);
      // The first matching attribute that hits decides; later ones are not asked.
      if (index.find(type, path, value).length > 0) break;
    }
    done();
  });
}

/**
 * The members of groups whose list or lookup came without them: each is read by its id, since a missing list of members
 * must never be taken for an empty one.
 */
export async function readMembers(ids: readonly string[], options: ReadTargetOptions): Promise<void> {
  const { client, index, signal } = options;
  await forEachConcurrently(ids, async (id) => {
    const group = await getIfThere(client, "Group", id, signal);
    if (group) index.refresh("Group", group);
  });
}

/** One resource by id; `undefined` when the service says that it is gone. */
export async function getIfThere(
  client: ScimClient,
  type: "User" | "Group",
  id: string,
  signal?: AbortSignal,
): Promise<ScimResource | undefined> {
  try {
    return await client.get(type, id, { signal });
  } catch (error) {
    if (error instanceof ScimError && error.status === 404) return undefined;
    throw error;
  }
}

async function forEachConcurrently<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async () => {
    try {
      while (next < items.length) await work(items[next++] as Item);
    } catch (error) {
      // The others stop at their current item, since the read as a whole has failed.
      next = items.length;
      throw error;
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, items.length) }, worker));
}

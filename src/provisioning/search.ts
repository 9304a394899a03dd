import type { DirectoryGroup, DirectoryUser } from "../directory/source.ts";
import { nameAttributes, sourceName } from "./sourceName.ts";
import type { JobContext } from "./jobContext.ts";

/** A user or group of the directory that a search found. */
export interface FoundObject {
  readonly id: string;
  readonly type: "User" | "Group";
  readonly name: string;
  /** What tells it from others of that name. */
  readonly detail: string;
}

/**
 * Finds users and groups of the directory by a part of their id or one of their names; letter case does not count.
 *
 * @param limit most objects that are given back
 * @throws DirectoryError when nobody can be read
 */
export async function searchDirectory(
  context: Pick<JobContext, "directory">,
  text: string,
  options: { readonly limit: number; readonly signal?: AbortSignal },
): Promise<readonly FoundObject[]> {
  const wanted = text.trim().toLowerCase();
  const { limit, signal } = options;
  const found: FoundObject[] = [];
  const read = context.directory.read(signal ? { signal } : {});
  const take = async (
    type: FoundObject["type"],
    batches: AsyncIterable<readonly (DirectoryUser | DirectoryGroup)[]>,
  ) => {
    for await (const batch of batches) {
      for (const object of batch) if (holds(object, wanted)) found.push(describe(type, object));
      if (found.length >= limit) return;
    }
  };
  await take("User", read.users());
  if (found.length < limit) await take("Group", read.groups());
  return found.slice(0, limit);
}

function holds({ id, attributes }: DirectoryUser | DirectoryGroup, wanted: string): boolean {
  if (id.toLowerCase().includes(wanted)) return true;
  return nameAttributes.some((name) =>
    String(attributes[name] ?? "")
      .toLowerCase()
      .includes(wanted),
  );
}

function describe(type: FoundObject["type"], object: DirectoryUser | DirectoryGroup): FoundObject {
  const name = sourceName(object);
  const display = object.attributes["displayName"];
  const detail = typeof display === "string" && display !== name ? display : object.id;
  return { id: object.id, type, name, detail };
}

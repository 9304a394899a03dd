import * as z from "zod";
import type { GraphClient, GraphRequest } from "../graph/client.ts";
import { directoryDefinition, type DirectoryDefinition } from "../graph/types/synchronization.ts";
import { EntraError } from "./entraError.ts";
import { jobPath, type JobAddress } from "./jobs.ts";
import { previewCall, type Step } from "./step.ts";

const withDirectories = z.looseObject({ directories: z.array(directoryDefinition).nullish() });

/** The directories of a schema: the tenant and the target. None where the schema says nothing of them. */
export function directoriesOf(schemaText: string): readonly DirectoryDefinition[] {
  const parsed = withDirectories.safeParse(JSON.parse(schemaText));
  return parsed.success ? (parsed.data.directories ?? []) : [];
}

/** What reading a directory's schema again came to. */
export interface Discovery {
  readonly directory: string;
  /** Attributes that the schema did not name before: `User.extension_…`. */
  readonly added: readonly string[];
}

/**
 * Lets the service read the schema of one directory of a job again, so that attributes that came since can be mapped. Custom
 * SCIM applications do not support it.
 *
 * @param schemaText the schema as it is
 * @param which the name or the id of a directory; without it, the one that the service can only read: the tenant
 * @throws EntraError `unknownDirectory`
 */
export function discoverDirectory(
  client: GraphClient,
  address: JobAddress,
  schemaText: string,
  which?: string,
): Step<Discovery> {
  const directories = directoriesOf(schemaText);
  const wanted = which?.toLowerCase();
  const directory = directories.find(({ id, name, readOnly }) =>
    wanted === undefined ? readOnly === true : id?.toLowerCase() === wanted || name?.toLowerCase() === wanted,
  );
  if (directory?.id == null) {
    const names = directories.flatMap(({ name }) => name ?? []).join(", ");
    throw new EntraError("unknownDirectory", `The schema names no such directory. It has: ${names || "none"}.`);
  }
  const request: GraphRequest = {
    method: "POST",
    path: `${jobPath(address)}/schema/directories/${encodeURIComponent(directory.id)}/discover`,
    purpose: "discoverSchema",
    idempotent: true,
  };
  const name = directory.name ?? directory.id;
  return {
    title: `Read the attributes of ${name} again`,
    calls: [previewCall(request)],
    warnings: ["The service adds what it finds to the schema of the job; no mapping changes."],
    run: async (signal) => {
      const found = await client.call(request, directoryDefinition, signal);
      const before = new Set(attributesOf(directory));
      return { directory: name, added: attributesOf(found).filter((attribute) => !before.has(attribute)) };
    },
  };
}

function attributesOf({ objects }: DirectoryDefinition): string[] {
  return (objects ?? []).flatMap(({ name, attributes }) =>
    (attributes ?? []).map((attribute) => `${name ?? ""}.${attribute.name ?? ""}`),
  );
}

import { createHash } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import type { EntraJobPlace } from "./model.ts";

const draftSchema = z.object({
  /** The service's text, byte for byte: what the edit began from. */
  raw: z.string(),
  /** The edit. */
  text: z.string(),
  /** What the service keeps of the job outside its schema; no secret is among it. */
  settings: z.object({
    name: z.string(),
    baseUrl: z.string(),
    syncAll: z.boolean(),
    skipOutOfScopeDeletions: z.boolean().optional(),
    deleteThreshold: z.number().optional(),
    tenantId: z.string(),
    servicePrincipalId: z.string(),
    graphUrl: z.string().optional(),
  }),
});

/** An edit of a live job's schema that is not written to the service. */
export type SchemaDraft = z.infer<typeof draftSchema>;

/** Keeps the edits of schemas in private files, so that a closed window loses none. */
export class SchemaDrafts {
  readonly #folder: string;
  readonly #known = new Map<string, SchemaDraft>();
  #writes: Promise<unknown> = Promise.resolve();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The draft of a job, from memory or as an earlier window left it. */
  async get(place: EntraJobPlace): Promise<SchemaDraft | undefined> {
    const key = placeText(place);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const kept = await this.#read(key);
    if (kept !== undefined) this.#known.set(key, kept);
    return kept;
  }

  async set(place: EntraJobPlace, draft: SchemaDraft): Promise<void> {
    const key = placeText(place);
    this.#known.set(key, draft);
    const write = this.#writes.then(async () => {
      await mkdir(this.#folder, { recursive: true, mode: 0o700 });
      const file = this.#file(key);
      await writeFile(`${file}.new`, JSON.stringify(draft), { mode: 0o600 });
      await rename(`${file}.new`, file);
    });
    this.#writes = write.catch(() => undefined);
    await write;
  }

  async #read(key: string): Promise<SchemaDraft | undefined> {
    try {
      return draftSchema.parse(JSON.parse(await readFile(this.#file(key), "utf8")));
    } catch {
      // None was kept, or the file is not ours any more: the schema is read from the service again.
      return undefined;
    }
  }

  #file(key: string): string {
    return join(this.#folder, `${createHash("sha256").update(key).digest("hex").slice(0, 32)}.json`);
  }
}

/** A job as the query of a URI. */
export const placeText = ({ tenant, servicePrincipalId, jobId }: EntraJobPlace): string =>
  new URLSearchParams({ tenant, servicePrincipalId, jobId }).toString();

/** @param text the query of a URI that {@link placeText} made */
export function placeOfText(text: string): EntraJobPlace {
  const query = new URLSearchParams(text);
  const part = (name: string): string => query.get(name) ?? "";
  return { tenant: part("tenant"), servicePrincipalId: part("servicePrincipalId"), jobId: part("jobId") };
}

import * as z from "zod";

/** The pages of the job editor, in the order of their tabs. */
export const pageIds = ["connection", "directory", "scope", "users", "groups", "settings"] as const;

/** The pages of the mappings of a live job: what else a job says is kept by its service. */
export const livePageIds: readonly (typeof pageIds)[number][] = ["scope", "users", "groups"];

export const pageSchema = z.enum(pageIds);
export const kindSchema = z.enum(["users", "groups"]);
export type PageId = z.infer<typeof pageSchema>;

/** `users` or `groups` of a job. */
export type Kind = z.infer<typeof kindSchema>;

const count = z.int().min(0);

const sampleTabs = ["all", "in", "out", "enters", "leaves"] as const;

export const viewSchema = z.strictObject({
  page: pageSchema,
  /** The person and the group whose results are shown. */
  sample: z.strictObject({ users: z.string().max(2000).nullable(), groups: z.string().max(2000).nullable() }),
  /** The mapping row whose population examples are shown. */
  row: count.nullable(),
  /** Who is listed on the scope page. */
  scope: z.strictObject({
    kind: kindSchema,
    tab: z.enum(sampleTabs),
    search: z.string().max(500),
    selected: z.string().max(2000).nullable(),
  }),
});

/** What the page shows, so that the extension computes exactly that. */
export type View = z.infer<typeof viewSchema>;

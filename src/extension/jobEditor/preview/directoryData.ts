import { commonAttributes } from "../../../directory/graph/attributes.ts";
import { graphDirectories } from "../../../directory/graph/open.ts";
import { openDirectory } from "../../../directory/open.ts";
import type { DirectorySettings } from "../../../directory/settings.ts";
import type { Assignment, DirectoryGroup, DirectoryProblem, DirectoryUser } from "../../../directory/source.ts";
import { graphEndpoint } from "../../../graph/clouds.ts";
import type { RequestRecord } from "../../../http/record.ts";
import type { TokenProvider } from "../../../http/token.ts";
import type { Kind } from "../messages/view.ts";

/** A directory held in memory, so that an edit is answered at once. */
export interface DirectoryData {
  readonly description: string;
  readonly users: readonly DirectoryUser[];
  readonly groups: readonly DirectoryGroup[];
  readonly groupsById: ReadonlyMap<string, DirectoryGroup>;
  readonly assignments: readonly Assignment[];
  readonly problems: readonly DirectoryProblem[];
  /** Every attribute that any object has, in the order of their first appearance. */
  readonly attributes: { readonly users: readonly string[]; readonly groups: readonly string[] };
  readonly readAt: Date;
}

export interface ReadDirectoryOptions {
  /** The folder of the job file. */
  readonly baseDir: string;
  /** Gives the token of a directory that is another SCIM service. */
  readonly scimToken?: (baseUrl: string) => TokenProvider;
  readonly graphToken?: (graphUrl: string, tenantId: string) => TokenProvider;
  /** Hears of every request to Microsoft Graph, redacted. */
  readonly log?: (baseUrl: string, record: RequestRecord) => void;
  /** What the job maps and filters by: of Microsoft Entra ID that is read beside the attributes that every tenant has. */
  readonly attributes?: AttributeNames;
}

/** Names of attributes by kind of object. */
export type AttributeNames = Readonly<Record<Kind, readonly string[]>>;

/**
 * Reads a directory as a whole.
 * @throws DirectoryError when it cannot be read at all; HttpError for a SCIM directory.
 */
export async function readDirectory(
  settings: DirectorySettings,
  { baseDir, attributes, scimToken, graphToken, log }: ReadDirectoryOptions,
): Promise<DirectoryData> {
  const names = (kind: Kind) => new Set([...commonAttributes[kind], ...(attributes?.[kind] ?? [])]);
  await using directory = openDirectory(settings, {
    baseDir,
    attributes: { users: names("users"), groups: names("groups") },
    ...(settings.type === "scim" && scimToken && { scim: { token: scimToken(settings.baseUrl) } }),
    ...(graphToken && {
      factories: {
        graph: (graph, read) => {
          const { graphUrl } = graphEndpoint(graph.baseUrl);
          const client = log && { log: (record: RequestRecord) => log(graphUrl, record) };
          const token = (_endpoint: unknown, tenantId: string) => graphToken(graphUrl, tenantId);
          return graphDirectories({ token, ...(client && { client }) })(graph, read);
        },
      },
    }),
  });
  const read = directory.source.read();
  const users: DirectoryUser[] = [];
  const groups: DirectoryGroup[] = [];
  const assignments: Assignment[] = [];
  for await (const batch of read.users()) users.push(...batch);
  for await (const batch of read.groups()) groups.push(...batch);
  for await (const batch of read.assignments()) assignments.push(...batch);
  return {
    description: directory.source.description,
    users,
    groups,
    groupsById: new Map(groups.map((group) => [group.id, group])),
    assignments,
    problems: read.problems(),
    attributes: { users: attributesOf(users), groups: attributesOf(groups) },
    readAt: new Date(),
  };
}

function attributesOf(objects: readonly { readonly attributes: object }[]): string[] {
  const names = new Set<string>();
  for (const { attributes } of objects) for (const name in attributes) names.add(name);
  return [...names];
}

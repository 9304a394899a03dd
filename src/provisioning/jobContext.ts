import { hash } from "node:crypto";
import type { RequestLog } from "../http/record.ts";
import type { TokenProvider } from "../http/token.ts";
import type { DirectorySource } from "../directory/source.ts";
import { openDirectory } from "../directory/open.ts";
import type { OpenDirectoryOptions } from "../directory/open.ts";
import type { Job } from "../job/job.ts";
import type { JobPaths } from "../job/paths.ts";
import type { CompiledMappings } from "../mapping/compileMappings.ts";
import { compileMappings } from "../mapping/compileMappings.ts";
import { normalizeBaseUrl } from "../scim/baseUrl.ts";
import { ScimClient } from "../scim/client.ts";
import type { Dialect } from "../scim/dialects/dialect.ts";
import { dialectFor } from "../scim/dialects/dialects.ts";
import { withObserved } from "../scim/dialects/observedDialect.ts";
import type { ObservedProfile } from "../scim/observed.ts";
import { builtinSchema } from "../scim/schemas/builtin.ts";
import type { StateFiles } from "./stateFiles.ts";
import { stateFiles } from "./stateFiles.ts";
import type { TargetSchemas } from "./targetIndex.ts";

/** Everything a job needs to be planned and pushed, put together once: mappings are compiled here, not per person. */
export interface JobContext {
  readonly job: Job;
  readonly paths: JobPaths;
  readonly files: StateFiles;
  readonly client: ScimClient;
  readonly directory: DirectorySource;
  readonly schemas: TargetSchemas;
  /** `undefined` where the job does not provision that kind of object. */
  readonly mappings: Readonly<Record<"User" | "Group", CompiledMappings | undefined>>;
  /** `false` when the service says, or was seen, not to have PATCH. */
  readonly patchSupported: boolean;
  /** Another fingerprint means another mapping, scope or connection: everyone is evaluated again. */
  readonly fingerprint: string;
  close(): Promise<void>;
}

export interface OpenJobOptions {
  /** Gives the secret of a base URL, in its normalised form; a secret is never given to another address. */
  readonly tokenFor: (baseUrl: string) => TokenProvider | string;
  readonly signal?: AbortSignal | undefined;
  readonly log?: RequestLog | undefined;
  /** Makers of directories that live in other parts of the product, by type. */
  readonly directories?: OpenDirectoryOptions["factories"];
  /** Another way of writing to the same service, for a preview of requests that somebody else will send. */
  readonly dialect?: ((dialect: Dialect) => Dialect) | undefined;
  /** What the service was seen to do, which counts more than what is said of it. */
  readonly observed?: ObservedProfile | undefined;
}

/**
 * Opens a job: connects, asks the service about itself where it can tell, and compiles the mappings.
 *
 * @throws MappingsError, HttpError, and what the directory throws for its settings
 */
export async function openJob(job: Job, paths: JobPaths, options: OpenJobOptions): Promise<JobContext> {
  const normalized = normalizeBaseUrl(job.connection.baseUrl);
  const own = dialectFor(job.connection.dialect, normalized.baseUrl);
  const seen = options.observed === undefined ? own : withObserved(own, options.observed);
  const dialect = options.dialect?.(seen) ?? seen;
  const { signal, log, tokenFor } = options;
  // The client takes no signal: what a push has in flight is finished when it is stopped. Reading stops by its own signal.
  const client = new ScimClient({
    baseUrl: normalized.baseUrl,
    dialect,
    token: tokenFor(normalized.baseUrl),
    log,
  });
  try {
    // Databricks has no discovery endpoints (docs/ARCHITECTURE.md); others are asked once per job.
    const profile = dialect.id === "generic" ? await client.discover(signal) : undefined;
    const schemaOf = (type: "User" | "Group") => profile?.schemas[type] ?? builtinSchema(type);
    const schemas = { User: schemaOf("User"), Group: schemaOf("Group") };
    const compile = (type: "User" | "Group") => {
      const part = type === "User" ? job.users : job.groups;
      if (!part.enabled) return undefined;
      return compileMappings(part.mappings, { resourceType: type, schema: schemas[type], dialect });
    };
    const mappings = { User: compile("User"), Group: compile("Group") };
    const directory = openDirectory(job.directory, {
      baseDir: paths.baseDir,
      attributes: {
        users: attributesOf(mappings.User, job.scope.users),
        groups: attributesOf(mappings.Group, job.scope.groups),
      },
      ...(job.directory.type === "scim" && {
        scim: { token: tokenFor(normalizeBaseUrl(job.directory.baseUrl).baseUrl), signal, log },
      }),
      ...(options.directories && { factories: options.directories }),
    });
    return {
      job,
      paths,
      files: stateFiles(paths.stateDir),
      client,
      directory: directory.source,
      schemas,
      mappings,
      patchSupported: dialect.patch.supported ?? profile?.config?.patch?.supported ?? true,
      fingerprint: fingerprintOf(job, normalized.baseUrl),
      close: async () => {
        await directory[Symbol.asyncDispose]();
        await client.close();
      },
    };
  } catch (error) {
    await client.close();
    throw error;
  }
}

/** What is read of a directory object: the sources of mapping rows, and what the scoping filter asks for. */
function attributesOf(mappings: CompiledMappings | undefined, filter: Job["scope"]["users"]): ReadonlySet<string> {
  const clauses = filter.flatMap(({ clauses: all }) => all.map(({ attribute }) => attribute));
  return new Set([...(mappings?.sourceAttributes ?? []), ...clauses]);
}

function fingerprintOf(job: Job, baseUrl: string): string {
  const { scope, users, groups, directory, settings } = job;
  return hash("sha256", JSON.stringify({ baseUrl, scope, users, groups, directory, leaving: settings.leavingScope }));
}

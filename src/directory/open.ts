import { ScimClient } from "../scim/client.ts";
import type { ScimClientOptions } from "../scim/clientTypes.ts";
import { normalizeBaseUrl } from "../scim/baseUrl.ts";
import { CsvDirectory } from "./csv.ts";
import { JsonDirectory } from "./json.ts";
import { ScimDirectory } from "./scim.ts";
import type { DirectorySettings } from "./settings.ts";
import { DirectoryError, type DirectorySource } from "./source.ts";

/** A directory and what must be given back when it is no longer read. */
export interface OpenDirectory extends AsyncDisposable {
  readonly source: DirectorySource;
}

/** The attributes that a job reads of users and groups, by their directory names: a source need not read others. */
export interface ReadAttributes {
  readonly users: ReadonlySet<string>;
  readonly groups: ReadonlySet<string>;
}

/** Makes the directory of one type from its settings. */
export type DirectoryFactory<Type extends DirectorySettings["type"]> = (
  settings: Extract<DirectorySettings, { type: Type }>,
  attributes: ReadAttributes,
) => OpenDirectory;

export interface OpenDirectoryOptions {
  /** The folder that relative paths start at: that of the job file. */
  readonly baseDir: string;
  /** What the job maps and filters by; without it, a source that can choose reads only what names an object. */
  readonly attributes?: ReadAttributes;
  /** How a SCIM directory is reached: token, log, timeouts. */
  readonly scim?: Omit<ScimClientOptions, "baseUrl" | "dialect">;
  /** Makers of directories that live above this layer, by type. */
  readonly factories?: { readonly [Type in DirectorySettings["type"]]?: DirectoryFactory<Type> };
}

/**
 * Makes the directory that a job names; reads nothing yet.
 * @throws DirectoryError when nothing here can read its type; HttpError when a base URL cannot be used.
 */
export function openDirectory(settings: DirectorySettings, options: OpenDirectoryOptions): OpenDirectory {
  const attributes = options.attributes ?? { users: new Set<string>(), groups: new Set<string>() };
  switch (settings.type) {
    case "csv":
      return options.factories?.csv?.(settings, attributes) ?? opened(new CsvDirectory(settings, options.baseDir));
    case "json":
      return options.factories?.json?.(settings, attributes) ?? opened(new JsonDirectory(settings, options.baseDir));
    case "scim":
      return options.factories?.scim?.(settings, attributes) ?? openScim(settings, options);
    case "graph": {
      const factory = options.factories?.graph;
      if (factory !== undefined) return factory(settings, attributes);
      const message = 'Directories of type "graph" cannot be read here: no reader for them was given.';
      throw new DirectoryError([{ message, severity: "error" }]);
    }
  }
}

function openScim(
  settings: Extract<DirectorySettings, { type: "scim" }>,
  options: OpenDirectoryOptions,
): OpenDirectory {
  const { baseUrl, dialect } = normalizeBaseUrl(settings.baseUrl);
  const client = new ScimClient({ ...options.scim, baseUrl, dialect: settings.dialect ?? dialect });
  return opened(new ScimDirectory(client), () => client.close());
}

function opened(source: DirectorySource, close: () => Promise<void> = () => Promise.resolve()): OpenDirectory {
  return { source, [Symbol.asyncDispose]: close };
}

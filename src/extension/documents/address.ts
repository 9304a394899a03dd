import type { ResourceType } from "../../scim/resource.ts";
import { endpoints } from "../../scim/resource.ts";
import { displayText } from "../platform/text.ts";

/** What a `scim:` document shows: a stored resource, or one that is yet to be created. */
export interface ResourceAddress {
  /** The connection's name. */
  readonly connection: string;
  readonly resourceType: ResourceType;
  /** What a person calls it; it names the tab and identifies nothing. */
  readonly name: string;
  /** Exactly one of the two is there. */
  readonly id?: string;
  /** Stands for the id of a resource that is not created yet. */
  readonly draft?: string;
}

/** The parts of a URI, decoded, as `vscode.Uri` has them. */
export interface UriParts {
  readonly path: string;
  readonly query: string;
}

const nameLimit = 100;

/** A path segment that reads as the name: no separator, nothing deceptive, never empty or dots only. */
function segment(name: string, fallback: string): string {
  const plain = displayText(name, nameLimit)
    .replace(/[/\\:*?"<>|%#]/g, "_")
    .replace(/^\.+|\.+$/g, "_")
    .trim();
  return plain === "" ? fallback : plain;
}

/** The segment that stands for a connection; found again by comparing segments. */
export const connectionSegment = (name: string): string => segment(name, "connection");

/**
 * The parts of the URI of a resource: `/Databricks production/Users/ada@contoso.com.json` with `id=42` as the query. Rows, tabs and
 * diff headers of VS Code show the last path segment, so that carries the name; the id travels in the query.
 */
export function addressParts(address: ResourceAddress): UriParts {
  const key = address.id === undefined ? { new: address.draft ?? "" } : { id: address.id };
  const file = `${segment(address.name, segment(address.id ?? "", "new"))}.json`;
  return {
    path: `/${connectionSegment(address.connection)}/${endpoints[address.resourceType]}/${file}`,
    query: new URLSearchParams(key).toString(),
  };
}

/** The address in the parts of a URI, or `undefined` when they are none of a resource. */
export function parseAddress(uri: UriParts): ResourceAddress | undefined {
  const [connection, endpoint, file, ...rest] = uri.path.split("/").slice(1);
  if (connection === undefined || file === undefined || rest.length > 0 || !file.endsWith(".json")) return undefined;
  const resourceType = (Object.keys(endpoints) as ResourceType[]).find((type) => endpoints[type] === endpoint);
  if (resourceType === undefined) return undefined;
  const query = new URLSearchParams(uri.query);
  const id = query.get("id");
  const draft = query.get("new");
  const base = { connection, resourceType, name: file.slice(0, -".json".length) };
  if (id !== null && id !== "") return { ...base, id };
  return draft !== null && draft !== "" ? { ...base, draft } : undefined;
}

/** Identifies a resource within a connection, created or not: `User/42`, `User/new:7f…`. */
export const resourceKey = (address: Pick<ResourceAddress, "resourceType" | "id" | "draft">): string =>
  `${address.resourceType}/${address.id ?? `new:${address.draft ?? ""}`}`;

import type { ResourceType, ScimResource } from "../../scim/resource.ts";

/** What the view asks of a list. */
export interface PageQuery {
  readonly startIndex: number;
  readonly count: number;
  readonly filter?: string;
  readonly attributes?: readonly string[];
  readonly excludedAttributes?: readonly string[];
  readonly signal?: AbortSignal;
}

export interface Page {
  readonly totalResults: number;
  readonly resources: readonly ScimResource[];
}

/** How the view reads a service; a connection's client behind it. */
export interface DirectoryReader {
  readonly resourceTypes: readonly ResourceType[];
  readonly pageSize: number;
  page(type: ResourceType, query: PageQuery): Promise<Page>;
  count(type: ResourceType, signal?: AbortSignal): Promise<number>;
  get(type: ResourceType, id: string, signal?: AbortSignal): Promise<ScimResource>;
}

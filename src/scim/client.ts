import type { HttpResponse } from "../http/exchange.ts";
import { HttpError } from "../http/errors.ts";
import { HttpClient } from "../http/httpClient.ts";
import { AdaptiveLimiter } from "../http/limiter.ts";
import { redactPath } from "../http/record.ts";
import { parseSecureUrl } from "../http/secureUrl.ts";
import { parseAnswer, readAnswer } from "./answer.ts";
import type { ReadOptions, ScimAnswer, ScimClientOptions, ScimRequest, WriteOptions } from "./clientTypes.ts";
import type { Dialect } from "./dialects/dialect.ts";
import { departureOf, dialectFor, lookupValue } from "./dialects/dialects.ts";
import { canLookUp, mindsCase } from "./dialects/observedDialect.ts";
import { compileFilter } from "./filter/compile.ts";
import { parseFilter } from "./filter/parse.ts";
import { builtinSchema } from "./schemas/builtin.ts";
import { discover, type ServiceProfile } from "./discovery.ts";
import { listQueryString, listResponseSchema, ordinaryListSchema, type ListQuery } from "./listResponse.ts";
import { PagedRead, type ListPage, type PagingOptions } from "./paging.ts";
import {
  endpoints,
  isOrdinaryResource,
  resourceSchema,
  urns,
  type PatchOperation,
  type ResourceType,
  type ScimDocument,
  type ScimResource,
} from "./resource.ts";
import { isThrottled } from "./throttling.ts";

export type { ReadOptions, ScimAnswer, ScimClientOptions, ScimRequest, WriteOptions } from "./clientTypes.ts";

const mediaType = "application/scim+json";

/**
 * Talks to one SCIM 2.0 service (RFC 7644) in its dialect. Answers of the service that are errors are thrown as `ScimError`;
 * `HttpError` says that there was no usable answer, or that the token (401) or a right (403) is the matter.
 */
export class ScimClient {
  readonly baseUrl: string;
  readonly dialect: Dialect;
  readonly #http: HttpClient;
  readonly #root: string;
  readonly #query: string;
  readonly #signal: AbortSignal | undefined;

  /** @throws HttpError `invalidUrl`, `insecureUrl` */
  constructor(options: ScimClientOptions) {
    const url = parseSecureUrl(options.baseUrl);
    this.baseUrl = options.baseUrl;
    this.dialect = typeof options.dialect === "string" ? dialectFor(options.dialect, options.baseUrl) : options.dialect;
    this.#root = url.pathname.replace(/\/+$/, "");
    this.#query = url.search.slice(1);
    this.#signal = options.signal;
    const { startConcurrency, maxConcurrency } = this.dialect.rate;
    this.#http = new HttpClient({
      origin: url.origin,
      token: options.token,
      accept: `${mediaType}, application/json;q=0.9`,
      limiter: options.limiter ?? new AdaptiveLimiter({ start: startConcurrency, max: maxConcurrency }),
      log: options.log,
      timeouts: options.timeouts,
      attempts: options.attempts,
      ca: options.ca,
      isThrottled,
    });
  }

  /** One page of resources. @throws ScimError, HttpError */
  async list(type: ResourceType, query: ListQuery = {}, signal?: AbortSignal): Promise<ListPage> {
    const path = withQuery(`/${endpoints[type]}`, listQueryString(query));
    const answer = await this.#read(path, signal);
    const ordinary = ordinaryListSchema.safeParse(answer.body);
    const parsed = ordinary.success
      ? ordinary.data
      : parseAnswer(listResponseSchema, answer.body, this.#origin("GET", path));
    const resources = parsed.Resources ?? [];
    const cursor = parsed.nextCursor ?? "";
    if (parsed.totalResults == null && cursor === "" && query.cursor === undefined) {
      throw new HttpError(
        "invalidAnswer",
        `The answer to GET ${this.#url(path)} lacks totalResults, so it is no SCIM list.`,
        {
          fix: "Check that the base URL is that of a SCIM 2.0 service.",
          url: this.#url(path),
        },
      );
    }
    return {
      totalResults: parsed.totalResults ?? undefined,
      startIndex: parsed.startIndex ?? query.startIndex ?? 1,
      itemsPerPage: resources.length,
      resources,
      ...(cursor !== "" && { nextCursor: cursor }),
    };
  }

  /** All pages; whether they were really all is told by `completeness()` afterwards. */
  pages(type: ResourceType, query: ListQuery = {}, options: PagingOptions = {}): PagedRead {
    return new PagedRead((page, signal) => this.list(type, page, signal), query, this.dialect.page.size, options);
  }

  /** All resources, one by one. Use `pages` where it matters that the read is whole. */
  async *resources(
    type: ResourceType,
    query: ListQuery = {},
    options: PagingOptions = {},
  ): AsyncGenerator<ScimResource, void, undefined> {
    for await (const page of this.pages(type, query, options)) yield* page.resources;
  }

  /** How many resources match. Asks for one resource, since not every service takes `count=0`. */
  async count(type: ResourceType, filter?: string, signal?: AbortSignal): Promise<number> {
    const page = await this.list(
      type,
      { count: 1, attributes: ["id"], ...(filter !== undefined && { filter }) },
      signal,
    );
    return page.totalResults ?? page.resources.length;
  }

  /**
   * The resources whose attribute equals a value, asked for in the case that the service stores. Where filters mind letter
   * case and the stored case is not known, the value is asked for in lower case as well; where they are not evaluated, the
   * list is read.
   */
  async findByAttribute(
    type: ResourceType,
    path: string,
    value: string,
    options: ReadOptions = {},
  ): Promise<readonly ScimResource[]> {
    if (!canLookUp(this.dialect)) return this.#findByReading(type, path, value, options);
    const { signal, ...projection } = options;
    const given = lookupValue(this.dialect, type, path, value);
    const lower = given.toLowerCase();
    const both = mindsCase(departureOf(this.dialect, type, path)) && lower !== given;
    for (const each of both ? [given, lower] : [given]) {
      const filter = `${path} eq ${JSON.stringify(each)}`;
      const { resources } = await this.list(type, { filter, ...projection }, signal);
      if (resources.length > 0) return resources;
    }
    return [];
  }

  /** One resource by id. @throws ScimError 404 when there is none */
  async get(type: ResourceType, id: string, options: ReadOptions = {}): Promise<ScimResource> {
    const { signal, ...projection } = options;
    const path = withQuery(resourcePath(type, id), listQueryString(projection));
    const answer = await this.#read(path, signal);
    if (isOrdinaryResource(answer.body)) return answer.body;
    return parseAnswer(resourceSchema, answer.body, this.#origin("GET", path));
  }

  /** Creates a resource and gives it as stored. @throws ScimError 409 `uniqueness` when it exists */
  async create(type: ResourceType, document: ScimDocument, options: WriteOptions = {}): Promise<ScimResource> {
    const path = `/${endpoints[type]}`;
    const answer = await this.send({ method: "POST", path, body: document }, options);
    const parsed = resourceSchema.safeParse(answer.body);
    if (parsed.success) return parsed.data;
    const id = idOfLocation(answer.header("location"), endpoints[type]);
    if (id !== undefined) return this.get(type, id, { signal: options.signal });
    throw new HttpError(
      "invalidAnswer",
      `POST ${this.#url(path)} was accepted (${answer.status}), but the answer names no id.`,
      {
        fix: "Look the resource up before creating it again.",
        url: this.#url(path),
        status: answer.status,
        outcomeUnknown: true,
      },
    );
  }

  /** Replaces a resource as a whole and gives it as stored; what the document leaves out is cleared. */
  async replace(
    type: ResourceType,
    id: string,
    document: ScimDocument,
    options: WriteOptions = {},
  ): Promise<ScimResource> {
    return this.#written(
      type,
      id,
      await this.send({ method: "PUT", path: resourcePath(type, id), body: document }, options),
      options,
    );
  }

  /** Changes a resource (RFC 7644 section 3.5.2) and gives it as stored. */
  async patch(
    type: ResourceType,
    id: string,
    operations: readonly PatchOperation[],
    options: WriteOptions = {},
  ): Promise<ScimResource> {
    const body = { schemas: [urns.patchOp], Operations: operations };
    return this.#written(
      type,
      id,
      await this.send({ method: "PATCH", path: resourcePath(type, id), body }, options),
      options,
    );
  }

  /** Deletes a resource. @throws ScimError 404 when there is none */
  async delete(type: ResourceType, id: string, options: WriteOptions = {}): Promise<void> {
    await this.send({ method: "DELETE", path: resourcePath(type, id) }, options);
  }

  /** Who the token belongs to (RFC 7644 section 3.11); `undefined` when the service does not tell. */
  async me(signal?: AbortSignal): Promise<ScimResource | undefined> {
    const path = "/Me";
    const response = await this.#exchange({ method: "GET", path }, { signal });
    if (response.status === 404 || response.status === 405 || response.status === 501) return undefined;
    const origin = this.#origin("GET", path);
    return parseAnswer(resourceSchema, readAnswer(response, origin), origin);
  }

  /** What the service says about itself, completed by the schemas of the RFCs where it says nothing. */
  discover(signal?: AbortSignal): Promise<ServiceProfile> {
    return discover((path) => this.send({ method: "GET", path }, { signal }), this.dialect.resourceTypes);
  }

  /** Sends a request as it is: what the push of a reviewed change uses, and what probes use. @throws ScimError, HttpError */
  async send(request: ScimRequest, options: WriteOptions = {}): Promise<ScimAnswer> {
    const response = await this.#exchange(request, options);
    return {
      status: response.status,
      body: readAnswer(response, this.#origin(request.method, request.path)),
      header: (name) => response.header(name),
    };
  }

  /** Closes all connections once requests in flight are done. */
  async close(): Promise<void> {
    await this.#http.close();
  }

  async #findByReading(
    type: ResourceType,
    path: string,
    value: string,
    { signal, ...projection }: ReadOptions,
  ): Promise<readonly ScimResource[]> {
    const meets = compileFilter(parseFilter(`${path} eq ${JSON.stringify(value)}`), builtinSchema(type));
    const found: ScimResource[] = [];
    for await (const resource of this.resources(type, projection, { signal }))
      if (meets(resource)) found.push(resource);
    return found;
  }

  #read(path: string, signal: AbortSignal | undefined): Promise<ScimAnswer> {
    return this.send({ method: "GET", path }, { signal });
  }

  async #written(type: ResourceType, id: string, answer: ScimAnswer, options: WriteOptions): Promise<ScimResource> {
    const parsed = resourceSchema.safeParse(answer.body);
    if (parsed.success && !(options.readBack ?? this.dialect.readBackAfterWrite)) return parsed.data;
    return this.get(type, id, { signal: options.signal });
  }

  #exchange(request: ScimRequest, options: WriteOptions): Promise<HttpResponse> {
    const headers: Record<string, string> = {};
    if (request.body !== undefined) headers["content-type"] = mediaType;
    if (options.ifMatch !== undefined) headers["if-match"] = options.ifMatch;
    return this.#http.request({
      method: request.method,
      path: withQuery(this.#root + request.path, this.#query),
      headers,
      ...(request.body !== undefined && { body: JSON.stringify(request.body) }),
      ...(options.idempotent !== undefined && { idempotent: options.idempotent }),
      signal: this.#signalOf(options.signal),
    });
  }

  #signalOf(signal: AbortSignal | undefined): AbortSignal | undefined {
    if (this.#signal === undefined || signal === undefined) return this.#signal ?? signal;
    return AbortSignal.any([this.#signal, signal]);
  }

  #origin(method: string, path: string) {
    return { method, url: this.#url(path) };
  }

  #url(path: string): string {
    return this.#http.origin + redactPath(this.#root + path);
  }
}

/** The path of a resource; ids are opaque, so they are encoded (`bob@x` exists in the wild). */
export function resourcePath(type: ResourceType, id: string): string {
  return `/${endpoints[type]}/${encodeURIComponent(id)}`;
}

function withQuery(path: string, query: string): string {
  return query === "" ? path : `${path}${path.includes("?") ? "&" : "?"}${query}`;
}

function idOfLocation(location: string | undefined, endpoint: string): string | undefined {
  const id = location?.split(`/${endpoint}/`)[1]?.split(/[/?#]/)[0];
  return id === undefined || id === "" ? undefined : decodeURIComponent(id);
}

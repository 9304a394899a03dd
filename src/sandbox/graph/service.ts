import { randomUUID } from "node:crypto";
import * as z from "zod";
import type { Reply } from "../reply.ts";
import type { SandboxRequest } from "../request.ts";
import type { Access } from "./access.ts";
import { directoryRoutes } from "./directoryRoutes.ts";
import { GraphFault, notFound } from "./fault.ts";
import type { Answer, Route } from "./route.ts";
import { schemaRoutes } from "./schemaRoutes.ts";
import type { GraphState } from "./state.ts";
import { synchronizationRoutes } from "./synchronizationRoutes.ts";
import type { Throttle } from "./throttle.ts";

export interface GraphServiceOptions {
  readonly state: GraphState;
  readonly access: Access;
  readonly throttle: Throttle;
  /** Where the service is reached, for the links in its answers. */
  readonly origin: () => string;
  /** Told of every request that reaches a route, parts of a batch included. */
  readonly onRequest: (method: string, path: string) => void;
}

const routes: readonly Route[] = [...directoryRoutes, ...synchronizationRoutes, ...schemaRoutes];
const version = "/v1.0";
const batchBody = z.object({
  requests: z
    .array(
      z.looseObject({
        id: z.string(),
        method: z.string(),
        url: z.string(),
        headers: z.record(z.string(), z.string()).optional(),
        body: z.unknown().optional(),
      }),
    )
    .max(20),
});

/** Answers requests to Graph v1.0 and to the token endpoint. */
export class GraphService {
  readonly #options: GraphServiceOptions;

  constructor(options: GraphServiceOptions) {
    this.#options = options;
  }

  async answer(request: SandboxRequest): Promise<Reply> {
    const tenant = /^\/([^/]+)\/oauth2\/v2\.0\/token$/.exec(request.path)?.[1];
    if (tenant !== undefined) return this.#options.access.token(request, decodeURIComponent(tenant));
    const requestId = randomUUID();
    const { status, body, headers } = await this.#safely(request, requestId);
    const text = body === undefined ? "" : typeof body === "string" ? body : JSON.stringify(body);
    const own = { "content-type": "application/json;odata.metadata=minimal", "request-id": requestId };
    return { status, headers: { ...own, ...headers }, body: text };
  }

  async #safely(request: SandboxRequest, requestId: string): Promise<Answer> {
    try {
      if (!request.path.startsWith(`${version}/`)) throw new GraphFault(400, "BadRequest", "Invalid version.");
      const path = request.path.slice(version.length);
      return path === "/$batch" ? await this.#batch(request) : await this.#route({ ...request, path });
    } catch (error) {
      if (!(error instanceof GraphFault)) throw error;
      return { status: error.status, body: errorBody(error, requestId), headers: error.headers };
    }
  }

  async #route(request: SandboxRequest): Promise<Answer> {
    const { state, access, throttle, origin, onRequest } = this.#options;
    const path = request.path.replace(/\/$/, "");
    onRequest(request.method, path);
    for (const { method, pattern, purpose, handle } of routes) {
      const match = method === request.method ? pattern.exec(path) : null;
      if (match === null) continue;
      access.check(request, purpose);
      throttle.check(path);
      const body = request.body === "" ? undefined : parseBody(request.body);
      const url = new URL(`${origin()}${version}${path}${request.query === "" ? "" : `?${request.query}`}`);
      return handle({ state, ids: match.slice(1).map(decodeURIComponent), url, body, bodyText: request.body });
    }
    throw notFound(path);
  }

  /** Each part is a request of its own, with the token of the whole. */
  async #batch(request: SandboxRequest): Promise<Answer> {
    const parsed = batchBody.safeParse(parseBody(request.body));
    if (!parsed.success) throw new GraphFault(400, "BadRequest", "Invalid batch payload format.");
    const responses: object[] = [];
    for (const part of parsed.data.requests) {
      const [path = "", query = ""] = part.url.split("?");
      const { status, body, headers } = await this.#safely(
        {
          method: part.method,
          path: `${version}${path}`,
          query,
          headers: { authorization: request.headers.authorization, ...part.headers },
          body: part.body === undefined ? "" : JSON.stringify(part.body),
        },
        randomUUID(),
      );
      responses.push({
        id: part.id,
        status,
        headers: headers ?? {},
        body: typeof body === "string" ? parseBody(body) : body,
      });
    }
    return { status: 200, body: { responses: responses.toReversed() } };
  }
}

function parseBody(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new GraphFault(400, "BadRequest", "Unable to read JSON request payload.");
  }
}

function errorBody(error: GraphFault, requestId: string): object {
  const innerError = {
    date: new Date().toISOString().slice(0, 19),
    "request-id": requestId,
    "client-request-id": requestId,
  };
  return { error: { code: error.code, message: error.message, innerError } };
}

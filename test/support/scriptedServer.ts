import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type RequestListener,
  type ServerResponse,
} from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";

/** One request as the server saw it. */
export interface SeenRequest {
  readonly method: string;
  /** Path and query as sent. */
  readonly url: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** When it came, by `performance.now()`. */
  readonly at: number;
}

/** What a server of a test answers; `raw` takes the response into its own hands (slow, cut off, reset). */
export type Scripted =
  | {
      readonly status?: number;
      readonly headers?: Record<string, string>;
      readonly json?: unknown;
      readonly text?: string;
    }
  | { readonly raw: (response: ServerResponse, request: IncomingMessage) => void };

export interface ScriptedServer {
  /** Without trailing slash. */
  readonly origin: string;
  readonly port: number;
  readonly requests: SeenRequest[];
  close(): Promise<void>;
}

/**
 * A server on loopback that misbehaves as told: a function of the request, or a list of answers of which the last repeats.
 */
export async function scriptedServer(
  script: ((request: SeenRequest, index: number) => Scripted | Promise<Scripted>) | readonly Scripted[],
  tls?: { readonly key: string; readonly cert: string },
): Promise<ScriptedServer> {
  const requests: SeenRequest[] = [];
  const sockets = new Set<Duplex>();
  const listener: RequestListener = (request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const url = new URL(request.url ?? "/", "http://loopback");
      const seen: SeenRequest = {
        method: request.method ?? "",
        url: request.url ?? "",
        path: url.pathname,
        query: url.searchParams,
        headers: request.headers,
        body: Buffer.concat(chunks).toString(),
        at: performance.now(),
      };
      const index = requests.push(seen) - 1;
      void Promise.resolve(
        typeof script === "function" ? script(seen, index) : script[Math.min(index, script.length - 1)]!,
      ).then((answer) => ("raw" in answer ? answer.raw(response, request) : send(response, answer)));
    });
  };
  const server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
  server.on("connection", (socket: Duplex) => sockets.add(socket));
  server.on("tlsClientError", () => undefined);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `${tls === undefined ? "http" : "https"}://127.0.0.1:${port}`,
    port,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function send(response: ServerResponse, answer: Exclude<Scripted, { raw: unknown }>): void {
  const isJson = answer.json !== undefined;
  response.writeHead(answer.status ?? 200, {
    ...(isJson && { "content-type": "application/scim+json" }),
    ...answer.headers,
  });
  response.end(isJson ? JSON.stringify(answer.json) : (answer.text ?? ""));
}

/** A SCIM list answer over resources that a test made up. */
export function listAnswer(resources: readonly unknown[], totalResults = resources.length, startIndex = 1): Scripted {
  return {
    json: {
      schemas: ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
      totalResults,
      startIndex,
      itemsPerPage: resources.length,
      Resources: resources,
    },
  };
}

/** A SCIM error answer. */
export function errorAnswer(status: number, detail: string, headers: Record<string, string> = {}): Scripted {
  return {
    status,
    headers,
    json: { schemas: ["urn:ietf:params:scim:api:messages:2.0:Error"], status: String(status), detail },
  };
}

/** Pages over a made-up list of users as RFC 7644 asks; `cap` is the most that a page holds. */
export function pagedUsers(total: number, cap = 100): (request: SeenRequest) => Scripted {
  const users = Array.from({ length: total }, (_, index) => ({
    id: String(index + 1),
    userName: `user${index + 1}@example.com`,
  }));
  return ({ query }) => {
    const start = Math.max(1, Number(query.get("startIndex") ?? 1));
    const count = Math.min(cap, Number(query.get("count") ?? cap));
    return listAnswer(users.slice(start - 1, start - 1 + count), total, start);
  };
}

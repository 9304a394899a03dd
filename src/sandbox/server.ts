import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { ScimError } from "../scim/errors.ts";
import { errorReply, jsonReply, type Reply } from "./reply.ts";
import type { SandboxRequest } from "./request.ts";

/** The only address that a sandbox listens on. */
export const loopback = "127.0.0.1";

/** A sandbox that cannot start; the message says why and what to do. */
export class SandboxStartError extends Error {
  readonly code: "portInUse" | "portDenied" | "cannotListen";

  constructor(code: SandboxStartError["code"], message: string) {
    super(message);
    this.name = "SandboxStartError";
    this.code = code;
  }
}

export interface ServerOptions {
  readonly port: number;
  readonly latencyMs: number;
  readonly bodyBytes: number;
  /** Gives the answer, at once or later; what it throws is a defect and answered with 500. */
  readonly answer: (request: SandboxRequest) => Reply | Promise<Reply>;
}

export interface RunningServer {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Serves on loopback. Requests that name another host are refused, so that no page in a browser can reach the sandbox
 * through a name that it points at this machine (DNS rebinding).
 * @throws SandboxStartError when the port cannot be had.
 */
export async function serve(options: ServerOptions): Promise<RunningServer> {
  const hosts = new Set<string>();
  const server = createServer({ keepAliveTimeout: 30_000 }, (request, response) => {
    if (!hosts.has(request.headers.host ?? "")) {
      const error = new ScimError(421, `This sandbox answers on ${loopback} and localhost only.`);
      send(response, errorReply(error));
      request.resume();
      return;
    }
    receive(request, response, options);
  });
  const port = await listen(server, options.port);
  for (const name of [loopback, "localhost"]) hosts.add(`${name}:${port}`);
  return {
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      reject(startError(error, port));
    });
    server.listen(port, loopback, () => {
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : port);
    });
  });
}

function startError(error: NodeJS.ErrnoException, port: number): SandboxStartError {
  if (error.code === "EADDRINUSE") {
    return new SandboxStartError(
      "portInUse",
      `Port ${port} on ${loopback} is in use. Stop the program that uses it, choose another port, or leave the port out for a free one.`,
    );
  }
  if (error.code === "EACCES") {
    return new SandboxStartError(
      "portDenied",
      `Port ${port} may not be opened by this user. Choose a port of 1024 or above.`,
    );
  }
  return new SandboxStartError("cannotListen", `The sandbox cannot listen on ${loopback}:${port}: ${error.message}`);
}

function receive(request: IncomingMessage, response: ServerResponse, options: ServerOptions): void {
  const { method = "GET" } = request;
  if (method === "GET" || method === "DELETE") {
    if (hasBody(request)) request.resume();
    respond(request, response, "", options);
    return;
  }
  const chunks: Buffer[] = [];
  let size = 0;
  request.on("data", (chunk: Buffer) => {
    size += chunk.length;
    if (size <= options.bodyBytes) chunks.push(chunk);
  });
  request.on("end", () => {
    if (size > options.bodyBytes) {
      const error = new ScimError(413, `The request body has ${size} bytes; at most ${options.bodyBytes} are taken.`);
      send(response, errorReply(error));
      return;
    }
    respond(request, response, Buffer.concat(chunks).toString(), options);
  });
  // A client that goes away in the middle of its request gets no answer.
  request.on("error", () => undefined);
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers["content-length"] !== undefined || headers["transfer-encoding"] !== undefined;
}

function respond(request: IncomingMessage, response: ServerResponse, body: string, options: ServerOptions): void {
  const { method = "GET", url = "/", headers } = request;
  const mark = url.indexOf("?");
  const path = mark === -1 ? url : url.slice(0, mark);
  const query = mark === -1 ? "" : url.slice(mark + 1);
  const deliver = (reply: Reply): void => {
    if (options.latencyMs > 0) setTimeout(send, options.latencyMs, response, reply);
    else send(response, reply);
  };
  const reply = answerSafely({ method, path, query, headers, body }, options);
  if (reply instanceof Promise) void reply.then(deliver, (error: unknown) => deliver(defect(error)));
  else deliver(reply);
}

function answerSafely(request: SandboxRequest, { answer }: ServerOptions): Reply | Promise<Reply> {
  try {
    return answer(request);
  } catch (error) {
    return defect(error);
  }
}

function defect(error: unknown): Reply {
  const message = error instanceof Error ? error.message : String(error);
  return jsonReply(500, {
    error_code: "INTERNAL_ERROR",
    message: `The sandbox failed, which is a defect of it: ${message}`,
  });
}

/** Sends an answer the way it is meant to travel. */
function send(response: ServerResponse, { status, headers, body, delivery }: Reply): void {
  const socket: Socket | null = response.socket;
  if (socket === null || response.destroyed) return;
  if (delivery?.kind === "reset") {
    socket.resetAndDestroy();
    return;
  }
  const bodiless = status === 204 || status === 304;
  response.writeHead(status, bodiless ? headers : { ...headers, "content-length": Buffer.byteLength(body) });
  if (delivery === undefined) response.end(bodiless ? undefined : body);
  else if (delivery.kind === "truncated") {
    const bytes = Buffer.from(body);
    response.write(bytes.subarray(0, Math.floor(bytes.length * delivery.share)), () => socket.destroy());
  } else drip(response, Buffer.from(body), delivery.milliseconds);
}

/** Sends a body in ten pieces over the given time. */
function drip(response: ServerResponse, bytes: Buffer, milliseconds: number): void {
  const pieces = 10;
  const size = Math.max(1, Math.ceil(bytes.length / pieces));
  const step = (from: number): void => {
    if (response.destroyed) return;
    if (from >= bytes.length) {
      response.end();
      return;
    }
    response.write(bytes.subarray(from, from + size));
    setTimeout(step, milliseconds / pieces, from + size);
  };
  step(0);
}

/**
 * A loopback proxy before the VS Code server, for a person's own browser. It adds the one route that the server lacks:
 * POST /mint-key, half of the key that seals SecretStorage, without which secrets are lost at every reload. Requests
 * under another host name are refused, so that no page on the web can reach in by DNS.
 */
import { randomBytes } from "node:crypto";
import { createServer, request, type IncomingMessage, type ServerResponse } from "node:http";
import { connect, type AddressInfo, type Socket } from "node:net";
import type { Duplex } from "node:stream";

export interface Proxy {
  readonly port: number;
  readonly close: () => Promise<void>;
}

/**
 * @param upstream the server's port and connection token.
 * @param port where to listen on 127.0.0.1; 0 for any free port.
 */
export async function startProxy(upstream: { port: number; token: string }, port: number): Promise<Proxy> {
  const secretKey = randomBytes(32);
  const sockets = new Set<Socket>();
  let ownHosts: readonly string[] = [];
  const isForeign = (message: IncomingMessage) => !ownHosts.includes(message.headers.host ?? "");

  const server = createServer((incoming, outgoing) => {
    if (isForeign(incoming)) {
      answer(outgoing, 421, "This address is served under its own name only.\n");
      return;
    }
    if (incoming.method === "POST" && pathOf(incoming).endsWith("/mint-key")) {
      if (!holdsToken(incoming, upstream.token)) {
        answer(outgoing, 403, "Forbidden.\n");
        return;
      }
      outgoing.writeHead(200, { "content-type": "application/octet-stream", "cache-control": "no-store" });
      outgoing.end(secretKey);
      return;
    }
    forward(incoming, outgoing, upstream.port);
  });
  server.on("upgrade", (incoming: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (isForeign(incoming)) {
      socket.end("HTTP/1.1 421 Misdirected Request\r\nconnection: close\r\n\r\n");
      return;
    }
    forwardUpgrade(incoming, socket, head, upstream.port);
  });
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(port, "127.0.0.1", resolve);
  });
  const listening = (server.address() as AddressInfo).port;
  ownHosts = [`127.0.0.1:${listening}`, `localhost:${listening}`];
  return {
    port: listening,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function answer(outgoing: ServerResponse, status: number, text: string): void {
  outgoing.writeHead(status, { "content-type": "text/plain" });
  outgoing.end(text);
}

function pathOf(incoming: IncomingMessage): string {
  return (incoming.url ?? "/").split("?")[0] ?? "/";
}

/** The workbench's page sets this cookie from the token in its address. */
function holdsToken(incoming: IncomingMessage, token: string): boolean {
  return (incoming.headers.cookie ?? "").split(/;\s*/).includes(`vscode-tkn=${token}`);
}

function forward(incoming: IncomingMessage, outgoing: ServerResponse, port: number): void {
  const { method, url, headers } = incoming;
  const onward = request({ host: "127.0.0.1", port, method, path: url, headers }, (response) => {
    outgoing.writeHead(response.statusCode ?? 502, response.headers);
    response.pipe(outgoing);
  });
  onward.on("error", (error) => {
    if (outgoing.headersSent) outgoing.destroy();
    else answer(outgoing, 502, `The VS Code server does not answer: ${error.message}\n`);
  });
  outgoing.on("close", () => onward.destroy());
  incoming.pipe(onward);
}

function forwardUpgrade(incoming: IncomingMessage, socket: Duplex, head: Buffer, port: number): void {
  const onward = connect(port, "127.0.0.1", () => {
    const lines = [`${incoming.method ?? "GET"} ${incoming.url ?? "/"} HTTP/1.1`];
    for (let at = 0; at < incoming.rawHeaders.length; at += 2) {
      lines.push(`${incoming.rawHeaders[at] ?? ""}: ${incoming.rawHeaders[at + 1] ?? ""}`);
    }
    onward.write(`${lines.join("\r\n")}\r\n\r\n`);
    onward.write(head);
    onward.pipe(socket);
    socket.pipe(onward);
  });
  onward.on("error", () => socket.destroy());
  socket.on("error", () => onward.destroy());
  socket.on("close", () => onward.destroy());
}

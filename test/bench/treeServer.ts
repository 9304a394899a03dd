import { createServer } from "node:http";
import { parentPort } from "node:worker_threads";
import type { TreePage } from "./tree.ts";

/**
 * Serves the first page of a list in a thread of its own: nothing but prepared bytes, so that the tree is measured. The path
 * begins with how many users there are.
 */
const page = (total: number, count: number): Buffer => {
  const users = Array.from({ length: count }, (_, at) => ({
    schemas: ["urn:ietf:params:scim:schemas:core:2.0:User"],
    id: String(4_000_000_000_000_000 + at),
    userName: `user${at}@contoso.com`,
    displayName: `User ${at}`,
    name: { givenName: "User", familyName: String(at) },
    active: at % 10 !== 0,
  }));
  const list = {
    schemas: ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
    totalResults: total,
    startIndex: 1,
    itemsPerPage: count,
    Resources: users,
  };
  return Buffer.from(JSON.stringify(list));
};

const prepared = new Map<string, Buffer>();
const server = createServer((request, response) => {
  const url = new URL(request.url ?? "/", "http://127.0.0.1");
  const key = `${url.pathname.split("/")[1] ?? ""} ${url.searchParams.get("count") ?? ""}`;
  let body = prepared.get(key);
  if (body === undefined) {
    const [total, count] = key.split(" ").map(Number);
    prepared.set(key, (body = page(total ?? 0, count ?? 0)));
  }
  response.writeHead(200, { "content-type": "application/scim+json", "content-length": body.length });
  response.end(body);
});
server.keepAliveTimeout = 60_000;
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  if (typeof address === "object" && address !== null)
    parentPort?.postMessage({ origin: `http://127.0.0.1:${address.port}` } satisfies TreePage);
});

import { createServer } from "node:http";
import { parentPort, workerData } from "node:worker_threads";
import { targetPages, type Size } from "./planData.ts";

/**
 * Serves prepared pages of users and groups in a thread of its own: nothing but the bytes, so that the plan is measured; each
 * after `delay` milliseconds where that is given.
 */
const { delay, ...size } = workerData as Size & { readonly delay?: number };
const pages = targetPages(size);
const buffers = {
  Users: pages.Users.map((text) => Buffer.from(text)),
  Groups: pages.Groups.map((text) => Buffer.from(text)),
};
const users = new Map(
  pages.Users.flatMap((text) => (JSON.parse(text) as { Resources: { id: string }[] }).Resources).map((user) => [
    user.id,
    Buffer.from(JSON.stringify(user)),
  ]),
);
const empty = Buffer.from('{"totalResults":0,"startIndex":1,"itemsPerPage":0}');

const server = createServer((request, response) => {
  const url = new URL(request.url ?? "/", "http://127.0.0.1");
  const list = buffers[url.pathname.endsWith("/Users") ? "Users" : "Groups"];
  const at = Math.floor((Number(url.searchParams.get("startIndex") ?? "1") - 1) / 100);
  const single = /\/Users\/(\d+)$/.exec(url.pathname)?.[1];
  const body = (single === undefined ? list[at] : users.get(single)) ?? empty;
  const answer = () => {
    response.writeHead(200, { "content-type": "application/scim+json", "content-length": body.length });
    response.end(body);
  };
  if (delay === undefined) answer();
  else setTimeout(answer, delay);
});
server.keepAliveTimeout = 60_000;
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  parentPort?.postMessage(typeof address === "object" ? address?.port : undefined);
});

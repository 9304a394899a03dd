import { createServer } from "node:http";
import { parentPort, workerData } from "node:worker_threads";

/** The least that node:http can do: the same bytes to every request. */
const { body, contentType } = workerData as { readonly body: string; readonly contentType: string };

const server = createServer((_, response) => {
  response.writeHead(200, { "content-type": contentType, "content-length": Buffer.byteLength(body) });
  response.end(body);
});
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  parentPort?.postMessage(typeof address === "object" ? address?.port : undefined);
});

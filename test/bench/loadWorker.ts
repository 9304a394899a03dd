import { createConnection } from "node:net";
import { parentPort } from "node:worker_threads";

/** One load: raw requests to one port over some connections, for some milliseconds. */
export interface Load {
  readonly port: number;
  /** Whole HTTP requests, ready to send; taken in turn. */
  readonly requests: readonly string[];
  readonly connections: number;
  readonly milliseconds: number;
}

/**
 * Sends requests and counts answers as cheaply as can be, so that the generator is never what is measured: raw sockets, one
 * request at a time on each, answers told apart by their Content-Length alone.
 */
async function run({ port, requests, connections, milliseconds }: Load): Promise<number> {
  const buffers = requests.map((text) => Buffer.from(text));
  let turn = 0;
  let answers = 0;
  let ended = false;
  const connect = () =>
    new Promise<void>((resolve, reject) => {
      const socket = createConnection(port, "127.0.0.1");
      let missing = 0;
      const next = () => {
        if (ended) socket.end(() => resolve());
        else {
          turn = (turn + 1) % buffers.length;
          socket.write(buffers[turn] ?? "");
        }
      };
      socket.setNoDelay(true);
      socket.on("connect", next);
      socket.on("error", reject);
      socket.on("data", (chunk) => {
        missing = missing > 0 ? missing - chunk.length : bytesAfter(chunk);
        if (missing > 0) return;
        answers += 1;
        next();
      });
    });
  setTimeout(() => {
    ended = true;
  }, milliseconds);
  const begun = performance.now();
  await Promise.all(Array.from({ length: connections }, connect));
  return (answers * 1000) / (performance.now() - begun);
}

/** How many bytes of an answer are still to come after its first chunk. */
function bytesAfter(chunk: Buffer): number {
  const head = chunk.indexOf("\r\n\r\n");
  const text = chunk.toString("latin1", 0, head);
  if (!text.startsWith("HTTP/1.1 200")) throw new Error(`The server answered ${text.slice(0, 60)}`);
  const length = Number(/\r\ncontent-length: (\d+)/i.exec(text)?.[1]);
  return head + 4 + length - chunk.length;
}

parentPort?.on("message", (load: Load) => {
  void run(load).then((count) => parentPort?.postMessage(count));
});

import type { IncomingHttpHeaders } from "node:http";
import type { Dispatcher } from "undici";
import { isShown, withoutSecret } from "./secretEcho.ts";

/** An answer, whatever its status. */
export class HttpResponse {
  readonly status: number;
  readonly text: string;
  /** Length of the body as it came. */
  readonly bytes: number;
  readonly #headers: IncomingHttpHeaders;

  constructor(status: number, headers: IncomingHttpHeaders, text: string, bytes: number) {
    this.status = status;
    this.#headers = headers;
    this.text = text;
    this.bytes = bytes;
  }

  /** A header by its name in lower case; of a repeated one the first value. */
  header(name: string): string | undefined {
    const value = this.#headers[name];
    return typeof value === "string" ? value : value?.[0];
  }

  /** The same answer without a secret that the service has sent back, wherever people would get to see it. */
  without(secret: string): HttpResponse {
    const headers = Object.entries(this.#headers).filter(
      ([name, value]) => name !== "location" && typeof value === "string" && withoutSecret(value, secret) !== value,
    );
    const text = isShown(this.status, this.text) ? withoutSecret(this.text, secret) : this.text;
    if (text === this.text && headers.length === 0) return this;
    const clean = Object.fromEntries(headers.map(([name, value]) => [name, withoutSecret(String(value), secret)]));
    return new HttpResponse(this.status, { ...this.#headers, ...clean }, text, this.bytes);
  }

  /** What names the request in the service's own logs. */
  get requestId(): string | undefined {
    return this.header("x-request-id") ?? this.header("request-id") ?? this.header("x-ms-request-id");
  }
}

/** The answer is larger than allowed. */
export class TooLargeError extends Error {
  override readonly name = "TooLargeError";
}

/**
 * One request on its way through undici, collected into one text. Stands below `undici.request` since it needs to know what
 * that hides: whether the request was ever written (a refused connection is safe to repeat, a broken one is not) and whether
 * the answer had begun. Not building a stream per answer makes it faster, too.
 */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly done: Promise<HttpResponse>;
  readonly #maxBytes: number;
  #resolve!: (answer: HttpResponse) => void;
  #reject!: (error: Error) => void;
  #controller: Dispatcher.DispatchController | undefined;
  #abortReason: Error | undefined;
  #status = 0;
  #headers: IncomingHttpHeaders = {};
  #chunks: Buffer[] = [];
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
    this.done = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  /** Whether a connection took the request, so that the service may have seen it. */
  get sent(): boolean {
    return this.#controller !== undefined;
  }

  /** Whether status and headers of the answer came. */
  get answered(): boolean {
    return this.#status !== 0;
  }

  /** Stops; a request that still waits for a connection is never sent. */
  abort(reason: Error): void {
    this.#abortReason = reason;
    this.#controller?.abort(reason);
    this.#reject(reason);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.#abortReason === undefined) this.#controller = controller;
    else controller.abort(this.#abortReason);
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    if (status < 200) return;
    this.#status = status;
    this.#headers = headers;
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#bytes > this.#maxBytes) controller.abort(new TooLargeError());
    else this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    const [first] = this.#chunks;
    const body = this.#chunks.length > 1 ? Buffer.concat(this.#chunks) : first;
    const text = body?.toString("utf8") ?? "";
    // A byte order mark is no part of the text; JSON.parse would choke on it.
    const plain = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
    this.#resolve(new HttpResponse(this.#status, this.#headers, plain, this.#bytes));
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#chunks = [];
    this.#reject(error);
  }
}

import * as z from "zod";
import { parseRetryAfter } from "../http/retryAfter.ts";
import type { GraphClient, GraphRequest } from "./client.ts";
import { graphError, type GraphError } from "./errors.ts";

/** How many requests one batch takes (Microsoft Graph documentation, "Combine multiple HTTP requests using JSON batching"). */
const batchSize = 20;

const batchAnswer = z.looseObject({
  responses: z.array(
    z.looseObject({
      id: z.string(),
      status: z.int(),
      headers: z.record(z.string(), z.string()).nullish(),
      body: z.unknown().optional(),
    }),
  ),
});

/** What became of one request of a batch. */
export type BatchResult =
  { readonly ok: true; readonly body: unknown } | { readonly ok: false; readonly error: GraphError };

/**
 * Sends independent requests in batches of 20. Each part is throttled by itself; only those parts are sent again, after the
 * longest wait that one of them names.
 *
 * @returns the results in the order of the requests
 * @throws GraphError, HttpError when a batch as a whole fails
 */
export async function sendBatch(
  client: GraphClient,
  requests: readonly GraphRequest[],
  options: { readonly signal?: AbortSignal | undefined; readonly onProgress?: (done: number) => void } = {},
): Promise<BatchResult[]> {
  const results = new Array<BatchResult | undefined>(requests.length);
  let open = requests.map((_, at) => at);
  let done = 0;
  for (let round = 1; open.length > 0;) {
    const portion = open.slice(0, batchSize);
    const answered = await sendPortion(client, requests, portion, options.signal);
    const again: number[] = [];
    let waitMs = 0;
    for (const at of portion) {
      const request = requests[at];
      const response = answered.get(String(at));
      if (request === undefined) continue;
      const throttled = response?.status === 429 && round < 10;
      // A part that the answer leaves out was not carried out as far as anybody knows; only a read may be repeated.
      if (throttled || (response === undefined && request.method === "GET" && round < 10)) {
        again.push(at);
        const asked = parseRetryAfter(header(response?.headers, "retry-after"), client.clock.now());
        waitMs = Math.max(waitMs, asked ?? 1_000 * 2 ** (round - 1));
        continue;
      }
      results[at] = resultOf(response, request);
      done += 1;
    }
    options.onProgress?.(done);
    open = [...again, ...open.slice(portion.length)];
    if (again.length === 0) continue;
    round += 1;
    await client.clock.sleep(waitMs, options.signal);
  }
  return results.map((result, at) => result ?? resultOf(undefined, requests[at] as GraphRequest));
}

type BatchPart = z.output<typeof batchAnswer>["responses"][number];

async function sendPortion(
  client: GraphClient,
  requests: readonly GraphRequest[],
  portion: readonly number[],
  signal: AbortSignal | undefined,
): Promise<Map<string, BatchPart>> {
  const parts = portion.map((at) => {
    const { method, path, body, headers } = requests[at] as GraphRequest;
    const all = { ...headers, ...(body !== undefined && { "content-type": "application/json" }) };
    return {
      id: String(at),
      method,
      url: path,
      ...(body !== undefined && { body }),
      ...(Object.keys(all).length > 0 && { headers: all }),
    };
  });
  const { purpose } = requests[portion[0] ?? 0] as GraphRequest;
  const reads = portion.every((at) => requests[at]?.method === "GET");
  const call: GraphRequest = { method: "POST", path: "/$batch", purpose, body: { requests: parts }, idempotent: reads };
  const answer = await client.call(call, batchAnswer, signal);
  return new Map(answer.responses.map((part) => [part.id, part]));
}

function resultOf(part: BatchPart | undefined, request: GraphRequest): BatchResult {
  if (part === undefined) return { ok: false, error: graphError({ status: 504, body: undefined }, request) };
  if (part.status < 400) return { ok: true, body: part.body };
  const requestId = header(part.headers, "request-id");
  return { ok: false, error: graphError({ status: part.status, body: part.body, requestId }, request) };
}

function header(headers: Readonly<Record<string, string>> | null | undefined, name: string): string | undefined {
  return Object.entries(headers ?? {}).find(([key]) => key.toLowerCase() === name)?.[1];
}

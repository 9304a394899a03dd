import type { HttpResponse } from "../http/exchange.ts";
import type { GraphClient, GraphRequest } from "../graph/client.ts";
import { describePermission } from "../graph/permissions.ts";

/** One call as a person reviews it before it is sent; secrets are blanked. */
export interface PreviewCall {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  /** What it needs, in words. */
  readonly needs: string;
}

/** One step of the tutorial: what it will call and what to know of it, and then the step itself. */
export interface Step<Result = void> {
  readonly title: string;
  readonly calls: readonly PreviewCall[];
  /** What the person should know before, a sentence each. */
  readonly warnings: readonly string[];
  /** Present when the step cannot be taken back: what it costs, to be confirmed by itself. */
  readonly confirm?: string;
  /** Sends it. @throws GraphError, HttpError */
  run(signal?: AbortSignal): Promise<Result>;
}

const secretKeys = /token|password|secret|appkey/i;

/** A call as it may be shown. */
export function previewCall({ method, path, body, bodyText, purpose }: GraphRequest): PreviewCall {
  const shown = body ?? (bodyText === undefined ? undefined : parseJson(bodyText));
  return {
    method,
    path,
    ...(shown !== undefined && { body: blankSecrets(shown) }),
    needs: describePermission(purpose),
  };
}

/** A step of calls that answer nothing of interest. */
export function simpleStep(
  client: GraphClient,
  title: string,
  requests: readonly GraphRequest[],
  more: { readonly warnings?: readonly string[]; readonly confirm?: string } = {},
): Step {
  return {
    title,
    calls: requests.map(previewCall),
    warnings: more.warnings ?? [],
    ...(more.confirm !== undefined && { confirm: more.confirm }),
    run: async (signal) => {
      for (const request of requests) await send(client, request, signal);
    },
  };
}

function send(client: GraphClient, request: GraphRequest, signal: AbortSignal | undefined): Promise<HttpResponse> {
  return client.send(request, signal);
}

/** A copy in which the values of secrets are dots: lists of keys and values as the service has them. */
function blankSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(blankSecrets);
  if (typeof value !== "object" || value === null) return value;
  const object = value as Readonly<Record<string, unknown>>;
  const { key } = object;
  if (typeof key === "string" && "value" in object) {
    return secretKeys.test(key) ? { ...object, value: "•••" } : { ...object, value: blankSecrets(object["value"]) };
  }
  return Object.fromEntries(Object.entries(object).map(([name, each]) => [name, blankSecrets(each)]));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

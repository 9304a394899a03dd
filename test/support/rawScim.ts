import { Agent, request } from "undici";

/** An answer as it came over the wire. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly text: string;
  /** The body as JSON; `undefined` when it is none. */
  readonly body: ReturnType<typeof JSON.parse>;
}

export interface RawOptions {
  readonly token?: string | null;
  readonly headers?: Record<string, string>;
  /** Sent as JSON unless it is a text. */
  readonly body?: unknown;
}

export type Send = (method: string, path: string, options?: RawOptions) => Promise<RawAnswer>;

export const patchBody = (...Operations: readonly unknown[]) => ({
  schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
  Operations,
});

export const userBody = (userName: string, more: Record<string, unknown> = {}) => ({
  schemas: ["urn:ietf:params:scim:schemas:core:2.0:User"],
  userName,
  ...more,
});

export const groupBody = (displayName: string, more: Record<string, unknown> = {}) => ({
  schemas: ["urn:ietf:params:scim:schemas:core:2.0:Group"],
  displayName,
  ...more,
});

export const eq = (attribute: string, value: string) =>
  `filter=${encodeURIComponent(`${attribute} eq ${JSON.stringify(value)}`)}`;

/** Sends plain requests, without any client of the project between, to `baseUrl` or to whole URLs. */
export function rawScim(baseUrl: string, token: string): Send {
  const dispatcher = new Agent({ keepAliveTimeout: 1, pipelining: 1 });
  return async (method, path, options = {}) => {
    const bearer = options.token === undefined ? token : options.token;
    const { body } = options;
    const answer = await request(path.startsWith("http") ? path : `${baseUrl}${path}`, {
      method: method as "GET",
      dispatcher,
      headers: {
        ...(bearer !== null && { authorization: `Bearer ${bearer}` }),
        ...(body !== undefined && { "content-type": "application/scim+json" }),
        ...options.headers,
      },
      ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const text = await answer.body.text();
    return { status: answer.statusCode, headers: answer.headers, text, body: parse(text) };
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

import type { Purpose } from "../../graph/permissions.ts";
import type { GraphState } from "./state.ts";

/** What a handler gets to see of a request. */
export interface Call {
  readonly state: GraphState;
  /** The decoded parts of the path that the pattern leaves open. */
  readonly ids: readonly string[];
  readonly url: URL;
  readonly body: unknown;
  readonly bodyText: string;
}

/** What a handler answers; a body that is a string goes as it stands. */
export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One kind of call. */
export interface Route {
  readonly method: string;
  readonly pattern: RegExp;
  readonly purpose: Purpose;
  readonly handle: (call: Call) => Answer | Promise<Answer>;
}

/** Makes a route; `*` in the path stands for one id. */
export function route(method: string, path: string, purpose: Purpose, handle: Route["handle"]): Route {
  const parts = path.split("*").map((part) => part.replaceAll(/[$.()]/g, "\\$&"));
  return { method, pattern: new RegExp(`^${parts.join("([^/]+)")}$`, "i"), purpose, handle };
}

export const done: Answer = { status: 204 };

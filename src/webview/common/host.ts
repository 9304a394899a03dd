import * as z from "zod";

// zod would try to compile its parsers, which the content security policy forbids and logs.
z.config({ jitless: true });

interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare const acquireVsCodeApi: () => VsCodeApi;

/** The extension at the other end: typed messages both ways, and a little state that outlives hiding the page. */
export interface Host<ToHost, State> {
  post(message: ToHost): void;
  readonly state: State | undefined;
  keep(state: State): void;
}

/**
 * Connects the page with the extension. VS Code hands out its API once, so a page calls this once.
 * @param incoming parses what comes in; a message that does not fit is left out and reported in the console of the page.
 * @param state parses what was kept.
 */
export function connectHost<ToHost, ToWebview, State>(
  incoming: z.ZodType<ToWebview>,
  state: z.ZodType<State>,
  receive: (message: ToWebview) => void,
): Host<ToHost, State> {
  const api = acquireVsCodeApi();
  window.addEventListener("message", (event) => {
    const parsed = incoming.safeParse(event.data);
    if (parsed.success) receive(parsed.data);
    // eslint-disable-next-line no-console -- the console of a webview is its developer tools
    else console.error("A message of the extension could not be read.", parsed.error);
  });
  return {
    post: (message) => api.postMessage(message),
    state: state.safeParse(api.getState()).data,
    keep: (value) => api.setState(value),
  };
}

/**
 * The engine's process: plans, pushes and explains away from the window, which only shows. Talks to it over the channel that
 * `fork` opens; when that closes, the window is gone, and everything stops after the requests in flight.
 */
import type { RequestRecord } from "../../../http/record.ts";
import { HttpError } from "../../../http/errors.ts";
import type { ObservedProfile } from "../../../scim/observed.ts";
import { takeApart } from "./answerParts.ts";
import { sendable } from "./engineError.ts";
import { engineMethods } from "./engineMethods.ts";
import type { FromEngine, Method } from "./protocol.ts";
import { callSchemas, toEngineSchema } from "./protocol.ts";

const send = (message: FromEngine): void => {
  // A window that has just closed hears nothing more; without a callback, that would end this process in the middle of a push.
  if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
};

const running = new Map<number, AbortController>();
const waitingForToken = new Map<
  number,
  (answer: { token?: string | undefined; message?: string | undefined }) => void
>();
const waitingForProfile = new Map<number, (profile: ObservedProfile | undefined) => void>();
const waitingForMore = new Map<number, () => void>();
let asked = 0;

async function askProfile(baseUrl: string): Promise<ObservedProfile | undefined> {
  const id = ++asked;
  const answer = new Promise<ObservedProfile | undefined>((resolve) => waitingForProfile.set(id, resolve));
  send({ kind: "needProfile", id, baseUrl });
  return await answer.finally(() => waitingForProfile.delete(id));
}

async function askToken(need: { baseUrl: string; refused?: string; tenantId?: string }): Promise<string> {
  const id = ++asked;
  send({ kind: "needToken", id, ...need });
  const { token, message } = await new Promise<{ token?: string | undefined; message?: string | undefined }>(
    (resolve) => waitingForToken.set(id, resolve),
  );
  waitingForToken.delete(id);
  if (token === undefined)
    throw new HttpError("unauthorized", message ?? "There is no token.", { fix: "", url: need.baseUrl });
  return token;
}

/** How often the window hears of requests, in milliseconds. */
const requestsEvery = 50;
let requests: { readonly baseUrl: string; readonly record: RequestRecord }[] = [];

function tellRequest(baseUrl: string, record: RequestRecord): void {
  if (requests.length === 0) setTimeout(tellRequests, requestsEvery).unref();
  requests.push({ baseUrl, record });
}

function tellRequests(): void {
  if (requests.length > 0) send({ kind: "requests", requests });
  requests = [];
}

const methods = engineMethods({
  token: (baseUrl, refused) => askToken({ baseUrl, ...(refused !== undefined && { refused }) }),
  graphToken: (graphUrl, tenantId) => askToken({ baseUrl: graphUrl, tenantId }),
  observed: askProfile,
  onRequest: tellRequest,
});

process.on("message", (value) => {
  const message = toEngineSchema.parse(value);
  switch (message.kind) {
    case "cancel":
      return running.get(message.id)?.abort();
    case "more":
      return waitingForMore.get(message.id)?.();
    case "token":
      return waitingForToken.get(message.id)?.(message);
    case "profile":
      return waitingForProfile.get(message.id)?.(message.profile);
    case "call":
      void run(message.id, message.method, message.parameters);
  }
});

process.on("disconnect", () => {
  for (const proceed of waitingForMore.values()) proceed();
  for (const controller of running.values()) controller.abort();
  if (running.size === 0) process.exit();
});

async function run(id: number, method: Method, parameters: unknown): Promise<void> {
  const controller = new AbortController();
  running.set(id, controller);
  const call = {
    signal: controller.signal,
    progress: (progress: unknown) => send({ kind: "progress", id, progress }),
  };
  try {
    const perform = methods[method] as (parameters: unknown, call: unknown) => Promise<unknown>;
    await sendAnswer(id, await perform(callSchemas[method].parse(parameters), call));
  } catch (error) {
    tellRequests();
    send({ kind: "error", id, error: sendable(error) });
  } finally {
    running.delete(id);
    if (!process.connected && running.size === 0) process.exit();
  }
}

/** Long lists go ahead of the answer, a part at a time, so that taking them in never holds the window up. */
async function sendAnswer(id: number, answer: unknown): Promise<void> {
  tellRequests();
  const { rest, parts } = takeApart(answer);
  for (const part of parts) {
    if (!process.connected) return;
    const taken = new Promise<void>((resolve) => waitingForMore.set(id, resolve));
    send({ kind: "part", id, ...part });
    await taken;
  }
  waitingForMore.delete(id);
  send({ kind: "answer", id, answer: rest });
}

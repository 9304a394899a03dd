import { setTimeout as delay } from "node:timers/promises";
import { HttpError } from "../http/errors.ts";
import type { ScimAnswer } from "../scim/client.ts";
import type { Dialect } from "../scim/dialects/dialect.ts";
import { ScimError } from "../scim/errors.ts";
import { isOrdinaryResource, resourceSchema, type ResourceType, type ScimResource } from "../scim/resource.ts";
import type { ChangeContext } from "./build.ts";
import type { Change, ChangeRequest } from "./change.ts";
import type { ChangeClient } from "./changeClient.ts";
import { faultOf, judge, type Verdict } from "./pushFault.ts";
import type { Fault } from "./pushResult.ts";

/** Ends the push: nothing more can be sent, or the person stopped it. */
export class PushHalt extends Error {
  override readonly name = "PushHalt";
  readonly fault: Fault;

  constructor(fault: Fault) {
    super(fault.message);
    this.fault = fault;
  }
}

export interface SenderOptions {
  readonly client: ChangeClient;
  readonly dialect: Dialect;
  readonly contextOf: (type: ResourceType) => ChangeContext;
  /** Aborts when the person stops the push: no new request begins, waits end. */
  readonly stop: AbortSignal;
  /** Aborts some time after `stop`: requests in flight are given up. */
  readonly giveUp: AbortSignal;
}

/** Counts the requests of one change. */
export interface Tally {
  requests: number;
}

/** Most objects in a row that may be forbidden before the whole push counts as forbidden. */
const forbiddenInARow = 3;
/** Most time that a throttled push waits for the service to take anything again, in milliseconds. */
const throttledFor = 15 * 60_000;

/**
 * Sends single requests for a push and knows what ends it as a whole: a refused token, a lost connection, a missing right
 * for one object after the other. Throttling that outlasts the client's own patience is waited out.
 */
export class Sender {
  readonly options: SenderOptions;
  #forbidden = 0;
  #throttledSince: number | undefined;

  constructor(options: SenderOptions) {
    this.options = options;
  }

  /** Reads a resource as it is now; `undefined` when the service has none of that id. @throws PushHalt, HttpError, ScimError */
  async read(type: ResourceType, id: string, tally: Tally): Promise<ScimResource | undefined> {
    const { client, giveUp } = this.options;
    try {
      return await this.#try("GET", tally, () => client.get(type, id, { signal: giveUp }));
    } catch (error) {
      if (error instanceof ScimError && error.status === 404) return undefined;
      throw error;
    }
  }

  /** Looks resources up by an attribute. @throws PushHalt, HttpError, ScimError */
  async find(type: ResourceType, path: string, value: string, tally: Tally): Promise<readonly ScimResource[]> {
    const { client, dialect, giveUp } = this.options;
    const found = await this.#try("GET", tally, () => client.findByAttribute(type, path, value, { signal: giveUp }));
    if (type !== "Group" || dialect.page.listHasMembers) return found;
    const whole = await Promise.all(found.map(({ id }) => this.read(type, id, tally)));
    return whole.filter((resource) => resource !== undefined);
  }

  /** Sends one request of a change. @throws PushHalt, HttpError, ScimError */
  write(request: ChangeRequest, ifMatch: string | undefined, tally: Tally): Promise<ScimAnswer> {
    const { client, giveUp } = this.options;
    return this.#try(request.method, tally, () => client.send(request, { ifMatch, signal: giveUp }));
  }

  /** Waits, unless the push is stopped. @throws PushHalt */
  async wait(ms: number): Promise<void> {
    if (ms > 0) await delay(ms, undefined, { signal: this.options.stop }).catch(() => undefined);
    if (this.options.stop.aborted) throw new PushHalt(stoppedByPerson);
  }

  async #try<T>(method: string, tally: Tally, send: () => Promise<T>): Promise<T> {
    for (;;) {
      if (this.options.stop.aborted) throw new PushHalt(stoppedByPerson);
      tally.requests += 1;
      try {
        const answer = await send();
        this.#answered();
        return answer;
      } catch (error) {
        await this.#failed(judge(error, method), error);
      }
    }
  }

  /** Rethrows what is the change's own failure, halts on what is everyone's, and waits while throttled. */
  async #failed(verdict: Verdict, error: unknown): Promise<void> {
    if (verdict === "stop") throw new PushHalt(faultOf(error));
    if (verdict === "forbidden") {
      this.#forbidden += 1;
      if (this.#forbidden >= forbiddenInARow) throw new PushHalt(faultOf(error));
      throw error;
    }
    if (verdict !== "throttled") {
      if (error instanceof ScimError) this.#answered();
      throw error;
    }
    this.#throttledSince ??= Date.now();
    if (Date.now() - this.#throttledSince > throttledFor) throw new PushHalt(faultOf(error));
    await this.wait(Math.max(1000, (error instanceof HttpError ? error.retryAfterMs : undefined) ?? 5000));
  }

  #answered(): void {
    this.#forbidden = 0;
    this.#throttledSince = undefined;
  }
}

export const stoppedByPerson: Fault = {
  code: "cancelled",
  message: "The push was stopped.",
  fix: "Resume it to send the rest.",
};

/** The resource in the answer to a write, if it holds one. */
export function resourceIn(answer: ScimAnswer): ScimResource | undefined {
  if (isOrdinaryResource(answer.body)) return answer.body;
  const parsed = resourceSchema.safeParse(answer.body);
  return parsed.success ? parsed.data : undefined;
}

/** The id that the answer to a create gives: in the body, or at the end of the Location header (RFC 7644 section 3.3). */
export function idIn(answer: ScimAnswer, change: Change): string | undefined {
  const stored = resourceIn(answer);
  if (stored) return stored.id;
  const path = change.requests[0]?.path ?? "";
  const tail = answer.header("location")?.split(`${path}/`)[1]?.split(/[/?#]/)[0];
  return tail === undefined || tail === "" ? undefined : decodeURIComponent(tail);
}

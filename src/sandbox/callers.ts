import { randomBytes, timingSafeEqual } from "node:crypto";
import type { Entry } from "./entry.ts";

/** What a token may do: everything, look around only, or provision over account SCIM 2.1 only. */
export type CallerKind = "admin" | "nonAdmin" | "accountScim";

export interface Caller {
  readonly kind: CallerKind;
  /** The user or service principal that the token acts as. */
  readonly entry?: Entry;
}

/** How long a token of the OAuth endpoint lasts, in seconds, as Databricks' does. */
export const oauthSeconds = 3600;

/** The bearer tokens of a sandbox and whom they stand for. */
export class Callers {
  readonly #byHeader = new Map<string, { readonly caller: Caller; readonly expires: number }>();
  readonly #clients = new Map<string, { readonly secret: string; readonly caller: Caller }>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Makes a token valid; without one given, a random one. */
  issue(caller: Caller, token = randomBytes(24).toString("base64url"), seconds = Infinity): string {
    this.#byHeader.set(`Bearer ${token}`, { caller, expires: this.#now() + seconds * 1000 });
    return token;
  }

  /** Ends a token before its time. */
  revoke(token: string): void {
    this.#byHeader.delete(`Bearer ${token}`);
  }

  /** Registers an OAuth client and gives its secret. */
  register(clientId: string, caller: Caller): string {
    const secret = randomBytes(24).toString("base64url");
    this.#clients.set(clientId, { secret, caller });
    return secret;
  }

  /** Whom an Authorization header stands for; only bearer tokens are known. */
  authenticate(header: string | undefined): Caller | undefined {
    if (header === undefined) return undefined;
    const known = this.#byHeader.get(header) ?? this.#byHeader.get(header.replace(/^bearer +/i, "Bearer "));
    return known !== undefined && known.expires > this.#now() ? known.caller : undefined;
  }

  /** Exchanges client credentials for a token (RFC 6749 section 4.4); `undefined` when they are wrong. */
  exchange(clientId: string, secret: string): string | undefined {
    const client = this.#clients.get(clientId);
    if (client === undefined) return undefined;
    const [given, wanted] = [Buffer.from(secret), Buffer.from(client.secret)];
    if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return undefined;
    return this.issue(client.caller, undefined, oauthSeconds);
  }
}

import type { Listen } from "../platform/emitter.ts";
import { Emitter } from "../platform/emitter.ts";

/** The part of `vscode.SecretStorage` that is needed. */
export interface Secrets {
  get(key: string): PromiseLike<string | undefined>;
  store(key: string, value: string): PromiseLike<void>;
  delete(key: string): PromiseLike<void>;
}

const prefix = "scim.token:";

/**
 * Secrets of connections, keyed by the normalised base URL: a connection whose address is changed never gets the secret of
 * the old address. Where the system has no keyring they stay in memory until the window closes, and `onDidFallBack` tells.
 */
export class TokenStore {
  readonly #secrets: Secrets;
  readonly #memory = new Map<string, string>();
  readonly #changed = new Emitter<string>();
  readonly #fellBack = new Emitter<void>();
  #toldFallBack = false;
  /** Carries the base URL whose secret was set, replaced or forgotten. */
  readonly onDidChange: Listen<string> = this.#changed.event;
  /** Fires once, when a secret could not be stored. */
  readonly onDidFallBack: Listen<void> = this.#fellBack.event;

  constructor(secrets: Secrets) {
    this.#secrets = secrets;
  }

  /** The secret, or `undefined` when there is none or the keyring has lost it. */
  async get(baseUrl: string): Promise<string | undefined> {
    const held = this.#memory.get(baseUrl);
    if (held !== undefined) return held;
    try {
      return await this.#secrets.get(prefix + baseUrl);
    } catch {
      return undefined;
    }
  }

  /** Stores a secret and makes sure that it can be read back. */
  async set(baseUrl: string, secret: string): Promise<void> {
    let kept = false;
    try {
      await this.#secrets.store(prefix + baseUrl, secret);
      kept = (await this.#secrets.get(prefix + baseUrl)) === secret;
    } catch {
      // No keyring: held in memory below.
    }
    if (kept) this.#memory.delete(baseUrl);
    else {
      this.#memory.set(baseUrl, secret);
      if (!this.#toldFallBack) {
        this.#toldFallBack = true;
        this.#fellBack.fire();
      }
    }
    this.#changed.fire(baseUrl);
  }

  /** Holds a secret in memory only, for a connection that ends with this window. */
  hold(baseUrl: string, secret: string): void {
    this.#memory.set(baseUrl, secret);
    this.#changed.fire(baseUrl);
  }

  async forget(baseUrl: string): Promise<void> {
    this.#memory.delete(baseUrl);
    try {
      await this.#secrets.delete(prefix + baseUrl);
    } catch {
      // Nothing was stored there.
    }
    this.#changed.fire(baseUrl);
  }
}

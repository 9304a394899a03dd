import { HttpError } from "./errors.ts";

/**
 * Gives the bearer token, without "Bearer". Called before requests; may cache as it likes. When the service has refused a
 * token with 401, it is called once more with that token: give a fresh one, or the same one when there is none.
 * `undefined` sends no Authorization header.
 */
export type TokenProvider = (refused?: string) => string | undefined | Promise<string | undefined>;

/** Turns a token, or a provider of tokens, into Authorization headers. Concurrent refusals refresh once. */
export class TokenSource {
  readonly #provider: TokenProvider;
  #token: string | undefined;
  #header: string | undefined;
  #refreshing: { readonly refused: string | undefined; readonly done: Promise<string | undefined> } | undefined;

  constructor(token: string | TokenProvider | undefined) {
    this.#provider = typeof token === "function" ? token : () => token;
  }

  /** The value of the Authorization header, or `undefined`. @throws HttpError `invalidToken`, or what the provider throws. */
  header(): string | undefined | Promise<string | undefined> {
    const token = this.#provider();
    return typeof token === "object" ? token.then((value) => this.#headerOf(value)) : this.#headerOf(token);
  }

  /** Asks for another token after 401. @returns whether there is one that differs from the refused header. */
  async refresh(refusedHeader: string | undefined): Promise<boolean> {
    const refused = refusedHeader?.slice("Bearer ".length);
    if (this.#refreshing?.refused !== refused || this.#refreshing === undefined) {
      const done = Promise.resolve(this.#provider(refused)).finally(() => (this.#refreshing = undefined));
      this.#refreshing = { refused, done };
    }
    return this.#headerOf(await this.#refreshing.done) !== refusedHeader;
  }

  #headerOf(given: string | undefined): string | undefined {
    if (given === undefined) return undefined;
    if (given === this.#token) return this.#header;
    const token = given.trim().replace(/^Bearer\s+/i, "");
    if (!/^[\x21-\x7e]+$/.test(token)) {
      throw new HttpError(
        "invalidToken",
        token === ""
          ? "The token is empty."
          : "The token holds spaces, line breaks or other characters that no token has.",
        {
          fix: "Copy the token again, whole and without anything around it.",
        },
      );
    }
    this.#token = given;
    this.#header = `Bearer ${token}`;
    return this.#header;
  }
}

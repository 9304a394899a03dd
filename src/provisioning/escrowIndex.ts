import type { Escrow } from "./escrow.ts";
import { isDue, isGivenUp } from "./escrow.ts";

/** The escrows of a job by object, to ask in a cycle who is tried. */
export class EscrowIndex {
  readonly #escrows: ReadonlyMap<string, Escrow>;
  readonly #now: Date;

  constructor(escrows: readonly Escrow[], now: Date) {
    this.#escrows = new Map(escrows.map((escrow) => [`${escrow.resourceType}\n${escrow.sourceId}`, escrow]));
    this.#now = now;
  }

  /**
   * Why an object waits; `undefined` when it is tried now: it is not in escrow, its time has come, or it changed in the
   * directory since it failed.
   */
  waits(type: "User" | "Group", sourceId: string, hash: string): string | undefined {
    const escrow = this.#escrows.get(`${type}\n${sourceId}`);
    if (escrow === undefined || escrow.hash !== hash) return undefined;
    const why = `${escrow.code}: ${escrow.message}`;
    if (isGivenUp(escrow, this.#now)) {
      return `${why} Given up after four weeks; tried again when it changes, or when provisioning is restarted.`;
    }
    return isDue(escrow, this.#now) ? undefined : `${why} Next try ${escrow.nextTryAt}.`;
  }
}

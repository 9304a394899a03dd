import * as z from "zod";
import type { Observation, ObservedProfile } from "../../scim/observed.ts";
import { isFresh, mergeObservations, observationSchema } from "../../scim/observed.ts";
import type { Listen } from "../platform/emitter.ts";
import { Emitter } from "../platform/emitter.ts";

/** Where observations are kept over a restart. */
export interface ObservationStorage {
  read(): unknown;
  write(value: readonly Observation[]): PromiseLike<void>;
}

/** What services were seen to do, by their address. Too old ones are not told; of a service of this window none is kept. */
export class Observations {
  readonly #storage: ObservationStorage;
  readonly #isPassing: (baseUrl: string) => boolean;
  readonly #known = new Map<string, Observation>();
  readonly #changed = new Emitter<string>();
  /** Carries the address of which something else is known. */
  readonly onDidChange: Listen<string> = this.#changed.event;

  /** @param isPassing whether a service ends with this window */
  constructor(storage: ObservationStorage, isPassing: (baseUrl: string) => boolean) {
    this.#storage = storage;
    this.#isPassing = isPassing;
    const kept = z.array(z.unknown()).safeParse(storage.read()).data ?? [];
    // One that cannot be read is made again by the next check.
    for (const entry of kept) {
      const { data } = observationSchema.safeParse(entry);
      if (data !== undefined) this.#known.set(data.baseUrl, data);
    }
  }

  /** What is known of a service and may be relied on now. */
  get(baseUrl: string, now = new Date()): Observation | undefined {
    const known = this.#known.get(baseUrl);
    return known !== undefined && isFresh(known, now) ? known : undefined;
  }

  profile(baseUrl: string): ObservedProfile | undefined {
    return this.get(baseUrl)?.profile;
  }

  /** Keeps what a check has seen, over what was seen before. */
  async put(observation: Observation, now = new Date()): Promise<void> {
    const { baseUrl, observedAt, profile } = observation;
    this.#known.set(baseUrl, mergeObservations(this.#known.get(baseUrl), { baseUrl, observedAt, profile }, now));
    await this.#keep(baseUrl);
  }

  async forget(baseUrl: string): Promise<void> {
    if (this.#known.delete(baseUrl)) await this.#keep(baseUrl);
  }

  async #keep(baseUrl: string): Promise<void> {
    const lasting = [...this.#known.values()].filter((each) => !this.#isPassing(each.baseUrl));
    await this.#storage.write(lasting);
    this.#changed.fire(baseUrl);
  }
}

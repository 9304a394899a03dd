import type { ChangeAction } from "../../changes/change.ts";
import type { ResourceType, ScimDocument } from "../../scim/resource.ts";
import type { Listen } from "../platform/emitter.ts";
import { Emitter } from "../platform/emitter.ts";
import { eachInSlices } from "../platform/slices.ts";
import type { PendingView } from "../tree/rows.ts";
import type { PendingChange } from "./pendingChange.ts";
import { draftOf, parseKept, typeOf } from "./pendingChange.ts";

/** Where pending changes are kept over a reload. */
export interface PendingStorage {
  read(): unknown;
  write(value: unknown): PromiseLike<void>;
}

/** What is known of the services that changes are for. */
export interface PendingServices {
  /** Whether there is a connection with this address. Changes of another wait, unseen and uncounted, until it is back. */
  isKnown(baseUrl: string): boolean;
  /** Whether the service ends with this window, and its changes with it. */
  isPassing(baseUrl: string): boolean;
}

const always: PendingServices = { isKnown: () => true, isPassing: () => false };

/** Says which resources of which connection have other changes pending than before. */
export interface PendingEvent {
  readonly baseUrl: string;
  /** `undefined` of a whole plan, which can be of any number. */
  readonly keys: readonly string[] | undefined;
}

/** All changes that wait for review and push, by connection. At most one for each resource. */
export class PendingChanges {
  readonly #storage: PendingStorage;
  readonly #services: PendingServices;
  readonly #changes = new Map<string, Map<string, PendingChange>>();
  /** By address and job: which plan was put up last. */
  readonly #plans = new Map<string, object>();
  readonly #changed = new Emitter<PendingEvent>();
  readonly onDidChange: Listen<PendingEvent> = this.#changed.event;
  /** How many kept changes could not be read back. */
  readonly unreadable: number;
  #writing: PromiseLike<void> = Promise.resolve();

  constructor(storage: PendingStorage, services: PendingServices = always) {
    this.#storage = storage;
    this.#services = services;
    const kept = parseKept(storage.read());
    this.unreadable = kept.unreadable;
    for (const [baseUrl, changes] of kept.changes)
      if (changes.length > 0) this.#changes.set(baseUrl, new Map(changes.map((change) => [change.key, change])));
  }

  /** Base URLs of known connections with pending changes. */
  connections(): readonly string[] {
    return [...this.#changes.keys()].filter((baseUrl) => this.#services.isKnown(baseUrl));
  }

  all(baseUrl: string): readonly PendingChange[] {
    return [...(this.#changes.get(baseUrl)?.values() ?? [])];
  }

  get(baseUrl: string, key: string): PendingChange | undefined {
    return this.#changes.get(baseUrl)?.get(key);
  }

  /** How many changes are pending for known connections. */
  get total(): number {
    return this.connections().reduce((sum, baseUrl) => sum + (this.#changes.get(baseUrl)?.size ?? 0), 0);
  }

  /** Adds changes, each in the place of what was pending for its resource. */
  put(baseUrl: string, changes: readonly PendingChange[]): void {
    if (changes.length === 0) return;
    const held = this.#changes.get(baseUrl) ?? new Map<string, PendingChange>();
    this.#changes.set(baseUrl, held);
    for (const change of changes) held.set(change.key, change);
    this.#tell(
      baseUrl,
      changes.map(({ key }) => key),
    );
  }

  /** Takes changes out, without any effect on the service. */
  discard(baseUrl: string, keys: readonly string[]): void {
    const held = this.#changes.get(baseUrl);
    const gone = keys.filter((key) => held?.delete(key) === true);
    if (held?.size === 0) this.#changes.delete(baseUrl);
    if (gone.length > 0) this.#tell(baseUrl, gone);
  }

  /** Leaves changes out of the next push, or takes them in again. */
  setExcluded(baseUrl: string, keys: readonly string[], excluded: boolean): void {
    const changed = keys
      .map((key) => this.get(baseUrl, key))
      .filter((change) => change !== undefined && change.excluded !== excluded)
      .map((change) => ({ ...(change as PendingChange), excluded }));
    this.put(baseUrl, changed);
  }

  /**
   * Puts what a job has planned in the place of what it had planned before. Where an edit by hand is pending for the same
   * resource, that stays. Of very many, they go in bit by bit and are told of at the end; a newer plan overtakes.
   *
   * @returns how many planned changes were left out for that
   */
  async putPlan(baseUrl: string, job: string, planned: readonly PendingChange[]): Promise<number> {
    const turnOf = {};
    this.#plans.set(`${baseUrl}\n${job}`, turnOf);
    const isLast = () => this.#plans.get(`${baseUrl}\n${job}`) === turnOf;
    const held = this.#changes.get(baseUrl) ?? new Map<string, PendingChange>();
    this.#changes.set(baseUrl, held);
    let [gone, left] = [0, 0];
    await eachInSlices(held.values(), (change) => {
      if (isLast() && change.job === job && held.delete(change.key)) gone += 1;
    });
    await eachInSlices(planned, (change) => {
      if (!isLast()) return;
      if (held.has(change.key)) left += 1;
      else held.set(change.key, change);
    });
    // What was put up meanwhile, after everything else was discarded.
    const others = this.#changes.get(baseUrl);
    if (others !== held) for (const change of others?.values() ?? []) held.set(change.key, change);
    if (held.size === 0) this.#changes.delete(baseUrl);
    else this.#changes.set(baseUrl, held);
    if (gone + planned.length - left > 0) this.#tell(baseUrl, undefined);
    return left;
  }

  /** Takes held changes into the next push: a person accepts the removals. */
  accept(baseUrl: string, keys: readonly string[]): void {
    const accepted = keys
      .map((key) => this.get(baseUrl, key))
      .filter((change) => change?.held === true)
      .map((change) => ({ ...(change as PendingChange), held: false }));
    this.put(baseUrl, accepted);
  }

  /** What rows show of the changes of a connection. */
  view(baseUrl: string): PendingView {
    const held = this.#changes.get(baseUrl);
    const of = (type: ResourceType, id: string): PendingChange | undefined => held?.get(`${type}/${id}`);
    return {
      count: held?.size ?? 0,
      actionOf: (type: ResourceType, id: string): ChangeAction | undefined => of(type, id)?.change.action,
      after: (type: ResourceType, id: string): ScimDocument | undefined => of(type, id)?.change.after,
      creations: (type) => creationsAmong(held?.values() ?? [], type),
    };
  }

  /** Resolves when everything is kept. */
  async flush(): Promise<void> {
    await this.#writing;
  }

  #tell(baseUrl: string, keys: readonly string[] | undefined): void {
    // What a job has planned is planned anew; only what a person typed must not be lost.
    const typed = (changes: ReadonlyMap<string, PendingChange>) => {
      const found: PendingChange[] = [];
      for (const change of changes.values()) if (change.job === undefined) found.push(change);
      return found;
    };
    const lasting = [...this.#changes].filter(([url]) => !this.#services.isPassing(url));
    const kept = Object.fromEntries(lasting.map(([url, changes]) => [url, typed(changes)]));
    this.#writing = this.#storage.write(kept);
    this.#changed.fire({ baseUrl, keys });
  }
}

/** More new rows than this would hide who is there already; Source Control shows the others. */
const creationsShown = 200;

function creationsAmong(changes: Iterable<PendingChange>, type: ResourceType) {
  const found: { readonly key: string; readonly after: ScimDocument }[] = [];
  for (const { key, change } of changes) {
    const draft = draftOf(key);
    if (draft !== undefined && typeOf(key) === type) found.push({ key: draft, after: change.after ?? {} });
    if (found.length === creationsShown) break;
  }
  return found;
}

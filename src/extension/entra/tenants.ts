import { listProvisionedApplications, readTenant } from "../../entra/applications.ts";
import { listAssignments } from "../../entra/assignments.ts";
import { readJob } from "../../entra/jobs.ts";
import { readSchema } from "../../entra/schemaEdit.ts";
import { readSettings } from "../../entra/secrets.ts";
import type { SynchronizationJob } from "../../graph/types/synchronization.ts";
import { importSchema } from "../../mapping/entra/importSchema.ts";
import type { KnownTenant } from "../jobs/chooseGraph.ts";
import { Emitter } from "../platform/emitter.ts";
import type { Releasable } from "../platform/disposable.ts";
import type { EntraAccess } from "./access.ts";
import { readPurposes } from "./access.ts";
import type { EntraApplication, EntraJobDetails, EntraJobPlace, EntraTenant, Read } from "./model.ts";
import { NoProviderError, SignedOutError } from "./trouble.ts";

/** What is known of the tenants, read when it is first shown and again when it is asked for. Without VS Code. */
export class EntraTenants implements Releasable {
  readonly #access: EntraAccess;
  readonly #tenants = new Map<string, Read<EntraTenant>>();
  readonly #details = new Map<string, EntraJobDetails>();
  readonly #changed = new Emitter<void>();
  readonly onDidChange = this.#changed.event;
  /** What is being read belongs to an older state than this one says. */
  #round = 0;

  constructor(access: EntraAccess) {
    this.#access = access;
  }

  /** Whether anybody is signed in; `undefined` while it is not known. */
  get signedIn(): boolean | undefined {
    const states = [...this.#tenants.values()];
    if (states.length === 0 || states.some(({ state }) => state === "reading")) return undefined;
    return !states.every((each) => each.state === "failed" && isSignedOut(each.error));
  }

  /** The tenants as far as they are known. */
  tenants(): readonly (readonly [key: string, tenant: Read<EntraTenant>])[] {
    return this.#access.tenants().map((key) => [key, this.readTenant(key)]);
  }

  readTenant(key: string): Read<EntraTenant> {
    return this.#tenants.get(key) ?? reading;
  }

  /** The tenants that can be named, with the applications that were read. */
  known(): readonly KnownTenant[] {
    return this.tenants().flatMap(([key, read]): KnownTenant[] => {
      if (read.state !== "read") return key === "" ? [] : [{ id: key, name: key, applications: [] }];
      const { id, name, applications } = read.value;
      const named = applications.map(({ servicePrincipal }) => ({
        id: servicePrincipal.id,
        name: servicePrincipal.displayName ?? servicePrincipal.id,
      }));
      return [{ id, name, applications: named }];
    });
  }

  tenant(key: string): EntraTenant | undefined {
    const known = this.readTenant(key);
    return known.state === "read" ? known.value : undefined;
  }

  application(tenant: string, servicePrincipalId: string): EntraApplication | undefined {
    return this.tenant(tenant)?.applications.find(({ servicePrincipal }) => servicePrincipal.id === servicePrincipalId);
  }

  job({ tenant, servicePrincipalId, jobId }: EntraJobPlace): SynchronizationJob | undefined {
    return this.application(tenant, servicePrincipalId)?.jobs.find(({ id }) => id === jobId);
  }

  /** Every job that is known, for a choice. */
  places(): readonly EntraJobPlace[] {
    return this.tenants().flatMap(([tenant, read]) =>
      read.state !== "read"
        ? []
        : read.value.applications.flatMap(({ servicePrincipal, jobs }) =>
            jobs.map(({ id }) => ({ tenant, servicePrincipalId: servicePrincipal.id, jobId: id })),
          ),
    );
  }

  hasDetails(place: EntraJobPlace): boolean {
    return this.#details.has(keyOf(place));
  }

  /** What stands below a job, as far as it is known. */
  details(place: EntraJobPlace): EntraJobDetails {
    return this.#details.get(keyOf(place)) ?? { schema: reading, settings: reading, assignments: reading };
  }

  /** Whether a session for reading is there for any tenant, without asking. */
  async canRead(): Promise<boolean> {
    const reads = this.#access.tenants().map((key) => settle(() => this.#access.client(key, readPurposes, "silent")));
    return (await Promise.all(reads)).some(({ state }) => state === "read");
  }

  /** Reads every tenant. @param how `ask` upon a person's action */
  async load(how: "silent" | "ask" = "silent"): Promise<void> {
    const round = ++this.#round;
    const keys = this.#access.tenants();
    this.#details.clear();
    for (const known of [...this.#tenants.keys()]) if (!keys.includes(known)) this.#tenants.delete(known);
    const refused: unknown[] = [];
    for (const key of keys) {
      const read = await settle(() => this.#readTenant(key, how));
      if (round !== this.#round) return;
      this.#tenants.set(key, read);
      if (read.state === "failed") refused.push(read.error);
      this.#changed.fire();
    }
    if (how === "ask" && refused.length === keys.length) throw refused[0];
  }

  /** Reads what stands below a job. */
  async loadDetails(place: EntraJobPlace): Promise<EntraJobDetails> {
    const application = this.application(place.tenant, place.servicePrincipalId);
    const client = settle(() => this.#access.client(place.tenant, readPurposes, "silent"));
    const part = async <T>(
      read: (from: Awaited<ReturnType<EntraAccess["client"]>>) => Promise<T>,
    ): Promise<Read<T>> => {
      const known = await client;
      return known.state === "read" ? await settle(() => read(known.value)) : known;
    };
    const [schema, settings, assignments] = await Promise.all([
      part(async (from) => importSchema(await readSchema(from, place))),
      part((from) => readSettings(from, place.servicePrincipalId)),
      part((from) =>
        application === undefined ? Promise.resolve([]) : listAssignments(from, application.servicePrincipal),
      ),
    ]);
    const details = { schema, settings, assignments };
    this.#details.set(keyOf(place), details);
    return details;
  }

  /** Reads the status of one job again, and what stands below it when that was shown. */
  async refreshJob(place: EntraJobPlace): Promise<SynchronizationJob> {
    const client = await this.#access.client(place.tenant, readPurposes, "silent");
    const job = await readJob(client, place);
    const tenant = this.tenant(place.tenant);
    if (tenant !== undefined) {
      const applications = tenant.applications.map((each) =>
        each.servicePrincipal.id === place.servicePrincipalId
          ? { ...each, jobs: each.jobs.map((known) => (known.id === job.id ? job : known)) }
          : each,
      );
      this.#tenants.set(place.tenant, { state: "read", value: { ...tenant, applications } });
    }
    if (this.#details.has(keyOf(place))) await this.loadDetails(place);
    this.#changed.fire();
    return job;
  }

  dispose(): void {
    this.#changed.dispose();
  }

  async #readTenant(key: string, how: "silent" | "ask"): Promise<EntraTenant> {
    const client = await this.#access.client(key, readPurposes, how);
    const { id, displayName } = await readTenant(client);
    const applications = await listProvisionedApplications(client);
    return { key, id, name: displayName ?? id, applications };
  }
}

const reading = { state: "reading" } as const;
const keyOf = ({ tenant, servicePrincipalId, jobId }: EntraJobPlace): string =>
  JSON.stringify([tenant, servicePrincipalId, jobId]);

/** Whether an error only says that a sign-in is to be had by asking. */
export const isSignedOut = (error: unknown): boolean =>
  error instanceof SignedOutError || error instanceof NoProviderError;

async function settle<T>(read: () => Promise<T>): Promise<Read<T>> {
  try {
    return { state: "read", value: await read() };
  } catch (error) {
    return { state: "failed", error };
  }
}

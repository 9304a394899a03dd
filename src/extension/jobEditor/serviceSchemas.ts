import type { ResourceSchema } from "../../scim/schema.ts";
import type { Kind } from "./messages/view.ts";
import type { ServiceAccess } from "./serviceAccess.ts";

/** What the service of a job says of its resources, asked once for each address. */
export class ServiceSchemas {
  readonly #access: ServiceAccess;
  readonly #changed: () => void;
  #known: { readonly baseUrl: string; readonly schemas?: Readonly<Record<Kind, ResourceSchema>> } | undefined;

  /** @param changed is called once the service has answered */
  constructor(access: ServiceAccess, changed: () => void) {
    this.#access = access;
    this.#changed = changed;
  }

  /** Undefined as long as the service has not told. */
  get schemas(): Readonly<Record<Kind, ResourceSchema>> | undefined {
    return this.#known?.schemas;
  }

  /** Asks the service at an address, unless it was asked. */
  async want(baseUrl: string): Promise<void> {
    if (this.#known?.baseUrl === baseUrl) return;
    this.#known = { baseUrl };
    const schemas = await this.#access.schemas(baseUrl);
    if (schemas === undefined || this.#known.baseUrl !== baseUrl) return;
    this.#known = { baseUrl, schemas };
    this.#changed();
  }
}

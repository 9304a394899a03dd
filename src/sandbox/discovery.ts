import { ScimError } from "../scim/errors.ts";
import { endpoints, urns, type ResourceType } from "../scim/resource.ts";
import type { ResourceSchema, SchemaDefinition } from "../scim/schema.ts";
import type { Level } from "./entry.ts";
import { levelRules } from "./levels.ts";
import { cursorSeconds } from "./paging.ts";

const core = "urn:ietf:params:scim:schemas:core:2.0:";

/** What the discovery endpoints tell (RFC 7644 section 4, RFC 7643 sections 5 to 7, RFC 9865 section 4). */
export class Discovery {
  readonly #baseUrl: string;
  readonly #level: Level;
  readonly #pageCap: number;

  constructor(baseUrl: string, level: Level, pageCap: number) {
    this.#baseUrl = baseUrl;
    this.#level = level;
    this.#pageCap = pageCap;
  }

  serviceProviderConfig(): unknown {
    const rfc = this.#level === "rfc";
    return {
      schemas: [`${core}ServiceProviderConfig`],
      documentationUri: "https://www.rfc-editor.org/rfc/rfc7644",
      patch: { supported: true },
      bulk: { supported: false, maxOperations: 0, maxPayloadSize: 0 },
      filter: { supported: true, maxResults: this.#pageCap },
      changePassword: { supported: false },
      sort: { supported: true },
      etag: { supported: rfc },
      pagination: {
        cursor: rfc,
        index: true,
        defaultPaginationMethod: "index",
        defaultPageSize: Math.min(100, this.#pageCap),
        maxPageSize: this.#pageCap,
        ...(rfc && { cursorTimeout: cursorSeconds }),
      },
      authenticationSchemes: [
        {
          type: "oauthbearertoken",
          name: "Bearer token",
          description: "The token that the sandbox printed when it started.",
          specUri: "https://www.rfc-editor.org/rfc/rfc6750",
          primary: true,
        },
      ],
      meta: { resourceType: "ServiceProviderConfig", location: `${this.#baseUrl}/ServiceProviderConfig` },
    };
  }

  resourceTypes(id?: string): unknown {
    return this.#answer(
      id,
      this.#schemas().map(
        ([
          type,
          {
            core: { id: schema, description },
            extensions,
          },
        ]) => ({
          schemas: [`${core}ResourceType`],
          id: type,
          name: type,
          endpoint: `/${endpoints[type]}`,
          ...(description !== undefined && { description }),
          schema,
          schemaExtensions: extensions.map((extension) => ({ schema: extension.id, required: false })),
          meta: { resourceType: "ResourceType", location: `${this.#baseUrl}/ResourceTypes/${type}` },
        }),
      ),
    );
  }

  schemas(id?: string): unknown {
    const definitions = this.#schemas().flatMap(([, schema]): readonly SchemaDefinition[] => [
      schema.core,
      ...schema.extensions,
    ]);
    return this.#answer(
      id,
      definitions.map((definition) => ({
        schemas: [`${core}Schema`],
        ...definition,
        meta: { resourceType: "Schema", location: `${this.#baseUrl}/Schemas/${definition.id}` },
      })),
    );
  }

  #schemas(): readonly [ResourceType, ResourceSchema][] {
    return Object.entries(levelRules[this.#level].schemas) as [ResourceType, ResourceSchema][];
  }

  #answer(id: string | undefined, resources: readonly { readonly id: string }[]): unknown {
    if (id === undefined) {
      return {
        schemas: [urns.listResponse],
        totalResults: resources.length,
        startIndex: 1,
        itemsPerPage: resources.length,
        Resources: resources,
      };
    }
    const found = resources.find((resource) => resource.id.toLowerCase() === id.toLowerCase());
    if (!found) throw new ScimError(404, `There is no ${id} here.`);
    return found;
  }
}

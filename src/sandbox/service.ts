import { ScimError } from "../scim/errors.ts";
import type { ResourceType } from "../scim/resource.ts";
import { refuseCaller } from "./access.ts";
import type { Caller, Callers } from "./callers.ts";
import { Discovery } from "./discovery.ts";
import type { Entry, Level } from "./entry.ts";
import { isDatabricksId } from "./databricksRules.ts";
import { levelRules } from "./levels.ts";
import { oauthReply } from "./oauth.ts";
import type { Profile, Switches } from "./options.ts";
import { Lists } from "./lists.ts";
import { Presenter } from "./presenter.ts";
import type { Projection } from "./projection.ts";
import { readQuery, readSearchRequest } from "./query.ts";
import { etag, type Renderer } from "./render.ts";
import { emptyReply, errorReply, jsonReply, PlatformError, scimReply, scimText, type Reply } from "./reply.ts";
import { readJson, type SandboxRequest } from "./request.ts";
import { findRoute, workspaceId, type Route } from "./routes.ts";
import type { Searcher } from "./search.ts";
import type { Store } from "./store.ts";
import { refuseStale } from "./versions.ts";
import type { Visibility } from "./visibility.ts";
import type { Writer } from "./writer.ts";

/** What answers requests: the parts of a sandbox that one host stands on. */
export interface ServiceParts {
  readonly profile: Profile;
  readonly store: Store;
  readonly renderer: Renderer;
  readonly searcher: Searcher;
  readonly writer: Writer;
  readonly callers: Callers;
  readonly visibility: Visibility;
  readonly switches: Switches;
  readonly baseUrl: (level: Level) => string;
  readonly now: () => number;
  /** Profile `rfc`: whom `/Me` stands for. */
  readonly me?: string | undefined;
}

type Addressed = Exclude<Route, { kind: "token" | "unknown" }>;

const allow: Readonly<Record<Addressed["kind"], readonly string[]>> = {
  collection: ["GET", "POST"],
  resource: ["GET", "PUT", "PATCH", "DELETE"],
  search: ["POST"],
  me: ["GET"],
  discovery: ["GET"],
};

/** Answers SCIM requests of one host. Synchronous: one request is worked off whole before the next is looked at. */
export class Service {
  readonly #parts: ServiceParts;
  readonly #presenter: Presenter;
  readonly #lists: Lists;

  constructor(parts: ServiceParts) {
    this.#parts = parts;
    this.#presenter = new Presenter(parts.renderer, parts.visibility);
    this.#lists = new Lists(this.#presenter, parts);
  }

  /** The answer to a request; every failure that a client can cause is an answer too. */
  answer(request: SandboxRequest): Reply {
    try {
      return this.#answer(request);
    } catch (error) {
      return errorReply(error);
    }
  }

  #answer(request: SandboxRequest): Reply {
    const route = findRoute(this.#parts.profile, request.path);
    if (route.kind === "token") return oauthReply(request, this.#parts.callers);
    if (route.kind === "unknown" || !this.#serves(route)) return this.#unknown(request);
    const caller = this.#parts.callers.authenticate(request.headers.authorization);
    if (caller === undefined) return this.#unauthorized();
    refuseCaller(caller, route, request, this.#parts.switches);
    if (!allow[route.kind].includes(request.method)) {
      throw new ScimError(405, `${request.method} is not possible on ${request.path}.`);
    }
    switch (route.kind) {
      case "collection":
        return request.method === "GET"
          ? this.#lists.answer(route.level, [route.type], readQuery(request.query), caller)
          : this.#create(route.level, route.type, request);
      case "resource":
        return this.#resource(route.level, route.type, route.id, request);
      case "search": {
        const types: readonly ResourceType[] = route.type ? [route.type] : ["User", "Group"];
        return this.#lists.answer(route.level, types, readSearchRequest(this.#body(request)), caller);
      }
      case "me":
        return this.#me(route.level, caller, request);
      case "discovery":
        return this.#discover(route, request);
    }
  }

  #serves(route: Addressed): boolean {
    if (route.level === "rfc") return true;
    if (route.kind === "discovery") return this.#parts.switches.discovery;
    return route.kind !== "search" && (route.kind !== "me" || route.level === "workspace");
  }

  #unknown({ method, path }: SandboxRequest): Reply {
    if (this.#parts.profile === "rfc") throw new ScimError(404, `There is nothing at ${path}.`);
    throw new PlatformError(404, "ENDPOINT_NOT_FOUND", `No API found for '${method} ${path}'`);
  }

  #unauthorized(): Reply {
    const headers = { "www-authenticate": 'Bearer realm="SCIM sandbox"' };
    const detail = "The access token is missing, unknown or expired.";
    return this.#parts.profile === "rfc"
      ? scimReply(401, new ScimError(401, detail).toErrorBody(), headers)
      : jsonReply(
          401,
          { error_code: 401, message: "Credential was not sent or was of an unsupported type for this API." },
          headers,
        );
  }

  #create(level: Level, type: ResourceType, request: SandboxRequest): Reply {
    const projection = this.#presenter.projection(level, type, request.query);
    const entry = this.#parts.writer.create(level, type, this.#body(request));
    const status = level === "rfc" ? 201 : this.#parts.switches.createStatus;
    return scimText(status, this.#presenter.written(entry, level, projection), {
      ...this.#versionHeader(entry, level),
      location: this.#parts.renderer.location(entry, level),
    });
  }

  #resource(level: Level, type: ResourceType, id: string, request: SandboxRequest): Reply {
    if (levelRules[level].databricks && !isDatabricksId(id)) throw new ScimError(404, "Endpoint not supported.");
    const projection = this.#presenter.projection(level, type, request.query);
    const entry = this.#parts.store.get(level, id);
    if (entry?.type !== type || !this.#parts.visibility.isVisible(entry)) {
      throw new ScimError(404, `${type} with id ${id} not found.`);
    }
    if (request.method === "GET") {
      const version = this.#versionHeader(entry, level);
      const known = request.headers["if-none-match"];
      if (version.etag !== undefined && known === version.etag) return emptyReply(304, version);
      return scimText(200, this.#presenter.read(entry, level, projection), version);
    }
    if (level === "rfc") refuseStale(request.headers["if-match"], etag(entry));
    switch (request.method) {
      case "DELETE":
        this.#parts.writer.delete(level, entry);
        return emptyReply(204);
      case "PUT":
        this.#parts.writer.replace(level, entry, this.#body(request));
        break;
      default:
        this.#parts.writer.patch(level, entry, this.#body(request));
    }
    return this.#updated(entry, level, projection);
  }

  #updated(entry: Entry, level: Level, projection: Projection | undefined): Reply {
    const { updateAnswer } = this.#parts.switches;
    if (updateAnswer === "resource" || projection) {
      return scimText(200, this.#presenter.written(entry, level, projection), this.#versionHeader(entry, level));
    }
    return updateAnswer === "empty" ? scimReply(200, {}) : emptyReply(204, this.#versionHeader(entry, level));
  }

  #me(level: Level, caller: Caller, request: SandboxRequest): Reply {
    const { me, store } = this.#parts;
    const entry = me === undefined ? caller.entry : store.find("User", "userName", me)[0];
    if (entry === undefined) {
      throw new ScimError(501, "The token does not stand for a user of this service, so there is no /Me.");
    }
    const text = this.#presenter.written(entry, level, this.#presenter.projection(level, entry.type, request.query));
    if (level === "rfc") return scimText(200, text, { location: this.#parts.renderer.location(entry, level) });
    return scimText(200, text, { "x-databricks-org-id": workspaceId });
  }

  #discover({ name, id, level }: Extract<Route, { kind: "discovery" }>, request: SandboxRequest): Reply {
    if (new URLSearchParams(request.query).has("filter")) {
      throw new ScimError(403, "Discovery endpoints cannot be filtered.");
    }
    const discovery = new Discovery(this.#parts.baseUrl(level), level, this.#parts.switches.pageCap);
    switch (name) {
      case "ServiceProviderConfig":
        return scimReply(200, discovery.serviceProviderConfig());
      case "ResourceTypes":
        return scimReply(200, discovery.resourceTypes(id));
      case "Schemas":
        return scimReply(200, discovery.schemas(id));
    }
  }

  #body(request: SandboxRequest): unknown {
    return readJson(request, this.#parts.switches.plainJsonRefused);
  }

  #versionHeader(entry: Entry, level: Level): { readonly etag?: string } {
    return level === "rfc" ? { etag: etag(entry) } : {};
  }
}

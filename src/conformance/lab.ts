import { randomBytes } from "node:crypto";
import { HttpClient } from "../http/httpClient.ts";
import type { HttpMethod } from "../http/request.ts";
import type { TokenProvider } from "../http/token.ts";
import { urns, type ResourceType, type ScimDocument } from "../scim/resource.ts";
import { endpoints } from "../scim/resource.ts";
import { elementsOf, isComplex, property } from "../scim/values.ts";
import { idOf, type Answer, type Exchange } from "./labAnswer.ts";

export interface LabOptions {
  /** As `normalizeBaseUrl` gives it. */
  readonly baseUrl: string;
  readonly token: string | TokenProvider | undefined;
  readonly signal?: AbortSignal | undefined;
  /** More certificate authorities, PEM. */
  readonly ca?: readonly string[] | undefined;
}

export interface SendOptions {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Without the token. */
  readonly anonymous?: boolean;
  /** Sent even when the run was called off: what was created has to go. */
  readonly always?: boolean;
}

const longestEvidence = 4_000;

/** Where rules are tried: sends requests as they are, keeps the evidence, and removes what it created. */
export class Lab {
  readonly #http: HttpClient;
  readonly #anonymous: HttpClient;
  readonly #root: string;
  readonly #query: string;
  readonly #signal: AbortSignal | undefined;
  readonly #run = randomBytes(5).toString("hex");
  readonly #created = new Map<string, string>();
  readonly #samples = new Map<ResourceType, ScimDocument | undefined>();
  #count = 0;
  #config: Promise<ScimDocument | undefined> | undefined;
  #evidence: Exchange[] = [];

  constructor(options: LabOptions) {
    const { origin, pathname, search } = new URL(options.baseUrl);
    this.#root = pathname.replace(/\/+$/, "");
    this.#query = search.slice(1);
    this.#signal = options.signal;
    const shared = {
      origin,
      accept: "application/scim+json",
      attempts: 3,
      ca: options.ca,
      timeouts: { headersMs: 20_000, totalMs: 60_000 },
    };
    this.#http = new HttpClient({ ...shared, token: options.token });
    this.#anonymous = new HttpClient(shared);
  }

  /** Sends one request. @throws HttpError when there is no answer */
  async send(method: HttpMethod, path: string, options: SendOptions = {}): Promise<Answer> {
    const { body, headers = {}, anonymous = false, always = false } = options;
    const text = body === undefined || typeof body === "string" ? body : JSON.stringify(body);
    const line = `${method} ${path}`;
    const extra = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
    const sent = [line, ...extra, ...(text === undefined ? [] : ["", text])].join("\n");
    const query = this.#query === "" ? "" : `${path.includes("?") ? "&" : "?"}${this.#query}`;
    try {
      const response = await (anonymous ? this.#anonymous : this.#http).request({
        method,
        path: this.#root + path + query,
        headers: { ...(text !== undefined && { "content-type": "application/scim+json" }), ...headers },
        ...(text !== undefined && { body: text }),
        signal: always ? undefined : this.#signal,
      });
      const type = response.header("content-type") ?? "";
      this.#keep(sent, `${response.status} ${type}`.trim() + (response.text === "" ? "" : `\n\n${response.text}`));
      const header = (name: string) => response.header(name);
      return { status: response.status, text: response.text, body: parse(response.text), header };
    } catch (error) {
      this.#keep(sent, error instanceof Error ? error.message : String(error));
      throw error;
    }
  }

  get(path: string, headers?: Readonly<Record<string, string>>): Promise<Answer> {
    return this.send("GET", path, headers === undefined ? {} : { headers });
  }

  /** A PATCH of operations as they are given. */
  patch(path: string, operations: readonly unknown[], headers?: Readonly<Record<string, string>>): Promise<Answer> {
    const body = { schemas: [urns.patchOp], Operations: operations };
    return this.send("PATCH", path, { body, ...(headers && { headers }) });
  }

  /** A list query: `filter` and others by name. */
  list(type: ResourceType, query: Readonly<Record<string, string>>): Promise<Answer> {
    const text = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
    return this.get(`/${endpoints[type]}?${text.join("&")}`);
  }

  /** A name that nobody has. */
  unique(): string {
    return `scim-check-${this.#run}-${++this.#count}`;
  }

  /** The document of a new user. */
  newUser(more: ScimDocument = {}): ScimDocument {
    const userName = `${this.unique()}@example.com`;
    const emails = [{ value: userName, type: "work", primary: true }];
    return {
      schemas: [urns.user],
      userName,
      name: { givenName: "Scim", familyName: "Check" },
      emails,
      active: true,
      ...more,
    };
  }

  /** The document of a new group. */
  newGroup(more: ScimDocument = {}): ScimDocument {
    return { schemas: [urns.group], displayName: this.unique(), ...more };
  }

  /** Creates a resource, to be removed at the end. */
  async create(type: ResourceType, document: ScimDocument): Promise<Answer> {
    const answer = await this.send("POST", `/${endpoints[type]}`, { body: document });
    const id = idOf(answer.body);
    if (answer.status < 300 && id !== undefined) this.#created.set(`/${endpoints[type]}/${encodeURIComponent(id)}`, id);
    return answer;
  }

  /** Creates a user or group for a rule that needs one. @throws LabError when the service does not create it */
  async made(type: ResourceType, more: ScimDocument = {}): Promise<Made> {
    const document = type === "User" ? this.newUser(more) : this.newGroup(more);
    const answer = await this.create(type, document);
    const id = idOf(answer.body);
    if (answer.status >= 300 || id === undefined || !isComplex(answer.body)) {
      throw new LabError(`A ${type} could not be created (${answer.status}), so that this could not be tried.`);
    }
    return { id, path: `/${endpoints[type]}/${encodeURIComponent(id)}`, sent: document, stored: answer.body };
  }

  /** What is stored under a path, or `undefined`. */
  async read(path: string): Promise<ScimDocument | undefined> {
    const { status, body } = await this.get(path);
    return status === 200 && isComplex(body) ? body : undefined;
  }

  /** Someone or something that is there already, or `undefined`. */
  async sample(type: ResourceType): Promise<ScimDocument | undefined> {
    if (!this.#samples.has(type)) {
      const { body } = await this.list(type, { startIndex: "1", count: "1" });
      const [first] = elementsOf(property(body, "Resources"));
      this.#samples.set(type, isComplex(first) ? first : undefined);
    }
    return this.#samples.get(type);
  }

  /** The body of /ServiceProviderConfig, read once; `undefined` where the service has none. */
  async config(): Promise<ScimDocument | undefined> {
    this.#config ??= this.read("/ServiceProviderConfig");
    return this.#config;
  }

  /** Whether the service announces a feature; `undefined` where it says nothing of it. */
  async declares(
    feature: "patch" | "bulk" | "filter" | "sort" | "etag" | "changePassword",
  ): Promise<boolean | undefined> {
    const supported = property(property(await this.config(), feature), "supported");
    return typeof supported === "boolean" ? supported : undefined;
  }

  /** The evidence since the last call. */
  takeEvidence(): readonly Exchange[] {
    const taken = this.#evidence;
    this.#evidence = [];
    return taken;
  }

  /** Removes everything that was created. @returns the paths of what could not be removed */
  async cleanUp(): Promise<readonly string[]> {
    const left: string[] = [];
    for (const path of [...this.#created.keys()].reverse()) {
      const status = await this.send("DELETE", path, { always: true }).then(
        (answer) => answer.status,
        () => 0,
      );
      if (status !== 404 && (status < 200 || status >= 300)) left.push(path);
    }
    this.#created.clear();
    return left;
  }

  async close(): Promise<void> {
    await Promise.all([this.#http.close(), this.#anonymous.close()]);
  }

  #keep(sent: string, received: string): void {
    this.#evidence.push({ sent: cut(sent), received: cut(received) });
  }
}

/** A resource that a rule created. */
export interface Made {
  readonly id: string;
  readonly path: string;
  readonly sent: ScimDocument;
  readonly stored: ScimDocument;
}

/** Something that a rule stands on does not work. */
export class LabError extends Error {
  readonly code = "lab";
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function cut(text: string): string {
  return text.length <= longestEvidence ? text : `${text.slice(0, longestEvidence)}… (${text.length} characters)`;
}

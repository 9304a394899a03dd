import type { Change, ChangeRequest } from "./change.ts";
import type { ResourceType, ScimDocument } from "../scim/resource.ts";
import { endpoints, urns } from "../scim/resource.ts";
import { isComplex, keyOf } from "../scim/values.ts";

/** How the id of an object that a change creates is written before the service has issued it. */
export function placeholder(sourceId: string): string {
  return `{${sourceId}}`;
}

/** The name inside a placeholder, or `undefined` for any other text. */
export function placeholderName(text: string): string | undefined {
  return text.length > 2 && text.startsWith("{") && text.endsWith("}") ? text.slice(1, -1) : undefined;
}

/** What other changes call the object that a create makes: its source id, or the change's id when it came by hand. */
export function referenceName(change: Pick<Change, "id" | "sourceId">): string {
  return change.sourceId ?? change.id;
}

/** The path of a resource relative to the base URL; a placeholder stands as it is. */
export function resourcePath(resourceType: ResourceType, id: string): string {
  return `/${endpoints[resourceType]}/${placeholderName(id) === undefined ? encodeURIComponent(id) : id}`;
}

/**
 * What a reference resolves to: the id, `absent` when the object that it names could not be created, or `unknown` when
 * no change creates such an object and the text is meant as it stands.
 */
export type Resolution = { readonly id: string } | "absent" | "unknown";
export type Resolve = (types: readonly ResourceType[], name: string) => Resolution;

/** A request whose placeholders are resolved, and the references that had to be left out of it. */
export interface ResolvedRequest {
  /** Absent when nothing is left to send. */
  readonly request?: ChangeRequest;
  readonly absent: readonly string[];
}

/**
 * Puts ids in the place of placeholders: in the path, and in the `value` of members and managers. A reference to an object
 * that is not there is taken out with its element or operation, so that the rest of the request can go.
 */
export function resolveRequest(request: ChangeRequest, resolve: Resolve): ResolvedRequest {
  const absent: string[] = [];
  const path = resolvePath(request.path, resolve);
  if (path === undefined) return { absent: [request.path] };
  if (request.body === undefined) return { request: { ...request, path }, absent };
  const body = resolveBody(request.body, resolve, absent);
  if (isComplex(body) && Array.isArray(body["Operations"]) && body["Operations"].length === 0) return { absent };
  return { request: path === request.path && body === request.body ? request : { ...request, path, body }, absent };
}

function resolvePath(path: string, resolve: Resolve): string | undefined {
  const slash = path.indexOf("/", 1);
  const name = slash < 0 ? undefined : placeholderName(path.slice(slash + 1));
  if (name === undefined) return path;
  const type = (Object.keys(endpoints) as ResourceType[]).find((key) => `/${endpoints[key]}` === path.slice(0, slash));
  const resolution = type === undefined ? "unknown" : resolve([type], name);
  if (resolution === "unknown" || resolution === "absent") return undefined;
  return `${path.slice(0, slash)}/${encodeURIComponent(resolution.id)}`;
}

const memberTypes: readonly ResourceType[] = ["User", "ServicePrincipal", "Group"];

function resolveBody(body: unknown, resolve: Resolve, absent: string[]): unknown {
  if (!isComplex(body)) return body;
  const operations = body["Operations"];
  if (!Array.isArray(operations)) return resolveDocument(body, resolve, absent);
  const kept = operations
    .map((operation: unknown) => resolveOperation(operation, resolve, absent))
    .filter((operation) => operation !== undefined);
  const same = kept.length === operations.length && kept.every((operation, at) => operation === operations[at]);
  return same ? body : { ...body, Operations: kept };
}

function resolveOperation(operation: unknown, resolve: Resolve, absent: string[]): unknown {
  if (!isComplex(operation) || operation["value"] === undefined) return operation;
  const path = typeof operation["path"] === "string" ? operation["path"].toLowerCase() : undefined;
  const value = operation["value"];
  if (path === undefined) {
    if (!isComplex(value)) return operation;
    const document = resolveDocument(value, resolve, absent);
    if (Object.keys(document).length === 0) return undefined;
    return document === value ? operation : { ...operation, value: document };
  }
  const types = path === "members" ? memberTypes : /(^|:)manager(\.value)?$/.test(path) ? userTypes : undefined;
  if (types === undefined) return operation;
  const resolved = resolveValue(value, types, resolve, absent);
  if (resolved === undefined) return undefined;
  return resolved === value ? operation : { ...operation, value: resolved };
}

const userTypes: readonly ResourceType[] = ["User"];

/** A document with ids in the place of placeholders in members and manager; names of absent objects go to `absent`. */
export function resolveDocument(document: ScimDocument, resolve: Resolve, absent: string[]): ScimDocument {
  let result = document;
  const put = (key: string, value: unknown) => {
    if (value === result[key]) return;
    if (value !== undefined) result = { ...result, [key]: value };
    else result = Object.fromEntries(Object.entries(result).filter(([name]) => name !== key));
  };
  const members = keyOf(document, "members");
  if (members !== undefined) put(members, resolveValue(document[members], memberTypes, resolve, absent));
  const enterprise = keyOf(document, urns.enterpriseUser);
  const extension = enterprise === undefined ? undefined : document[enterprise];
  if (enterprise === undefined || !isComplex(extension)) return result;
  const manager = keyOf(extension, "manager");
  if (manager === undefined) return result;
  const resolved = resolveValue(extension[manager], userTypes, resolve, absent);
  if (resolved === extension[manager]) return result;
  const { [manager]: _manager, ...others } = extension;
  put(enterprise, resolved === undefined ? others : { ...others, [manager]: resolved });
  return result;
}

/** Resolves `"{x}"`, `{ value: "{x}" }` or a list of either; `undefined` when nothing of it is left. */
function resolveValue(value: unknown, types: readonly ResourceType[], resolve: Resolve, absent: string[]): unknown {
  if (Array.isArray(value)) {
    const kept = value
      .map((element: unknown) => resolveValue(element, types, resolve, absent))
      .filter((element) => element !== undefined);
    if (kept.length === 0 && value.length > 0) return undefined;
    return kept.length === value.length && kept.every((element, at) => element === value[at]) ? value : kept;
  }
  if (isComplex(value)) {
    const kind = memberTypes.find((type) => type === value["type"]);
    const inner = resolveValue(value["value"], kind === undefined ? types : [kind], resolve, absent);
    if (inner === value["value"]) return value;
    return inner === undefined ? undefined : { ...value, value: inner };
  }
  const name = typeof value === "string" ? placeholderName(value) : undefined;
  if (name === undefined) return value;
  const resolution = resolve(types, name);
  if (resolution === "unknown") return value;
  if (resolution !== "absent") return resolution.id;
  absent.push(name);
  return undefined;
}

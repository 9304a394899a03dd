import type { Change, ChangeRequest } from "../changes/change.ts";
import type { Dialect } from "../scim/dialects/dialect.ts";
import { urns, type ScimDocument } from "../scim/resource.ts";
import type { AppRole } from "../graph/types/applications.ts";
import { elementsOf, isComplex } from "../scim/values.ts";

/** The schema that the service's client puts beside the core one when it creates a group. */
const adScimGroup = "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group";

/** Whether a tenant URL asks for the newer, standard-conforming client. */
export function isCompliant(tenantUrl: string): boolean {
  return (
    URL.canParse(tenantUrl) &&
    [...new URL(tenantUrl).searchParams.keys()].some((name) => /^aadOptscim062020$/i.test(name))
  );
}

/**
 * How Microsoft Entra's client writes to a service, whatever the service would take: capital operation names, `active` as text
 * and value lists on removal by default; RFC forms with the flag `aadOptscim062020`.
 * Source: Microsoft Entra documentation, "Known issues and resolutions with SCIM 2.0 protocol compliance".
 */
export function entraDialect(dialect: Dialect, compliant: boolean): Dialect {
  return {
    ...dialect,
    patch: {
      ...dialect.patch,
      removeMember: compliant ? "filter" : "value",
      booleans: compliant ? "json" : "text",
      operationCase: compliant ? "lower" : "capital",
      filteredPaths: true,
    },
  };
}

/** How roles are added without the flag. */
export interface LegacyRoles {
  /** What the application declares. */
  readonly declared: readonly AppRole[];
  /** Whether a user has one role, the primary one. */
  readonly one: boolean;
}

/**
 * A change with its requests in the shapes that the service's client sends.
 *
 * @param roles where roles are added as texts
 */
export function inEntraForm(change: Change, compliant: boolean, roles?: LegacyRoles): Change {
  return {
    ...change,
    requests: change.requests.flatMap((request) => {
      if (request.method === "POST") return createRequests(request, change, compliant);
      if (request.method !== "PATCH") return [request];
      if (compliant) return [merged(request)];
      return [roles === undefined ? request : withRolesAsText(request, roles)];
    }),
  };
}

/** Users carry the enterprise schema; groups are created without members, which follow in a PATCH. */
function createRequests(request: ChangeRequest, change: Change, compliant: boolean): ChangeRequest[] {
  const { members, ...body } = (request.body ?? {}) as ScimDocument;
  const { resourceType } = change;
  if (resourceType !== "Group") {
    const schemas = [urns.user, urns.enterpriseUser];
    return [{ ...request, body: { ...body, schemas, meta: { resourceType } } }];
  }
  const create = { ...request, body: { ...body, schemas: [urns.group, adScimGroup], meta: { resourceType } } };
  if (!Array.isArray(members) || members.length === 0) return [create];
  const value = members.map((member: unknown) => (isComplex(member) ? { value: member["value"] } : member));
  const operation = { op: compliant ? "add" : "Add", path: "members", value };
  const path = `/Groups/{${change.sourceId ?? change.id}}`;
  return [create, { method: "PATCH", path, body: { schemas: [urns.patchOp], Operations: [operation] } }];
}

/**
 * Without the flag, an added role is `{"id", "value", "displayName"}` as a text within `value`.
 * Source: Microsoft Entra documentation, "Customize attribute mappings", provisioning a role to a SCIM app.
 */
function withRolesAsText(request: ChangeRequest, { declared, one }: LegacyRoles): ChangeRequest {
  const { Operations: operations = [], ...rest } = bodyOf(request);
  const asText = (element: unknown) => {
    const value = isComplex(element) ? element["value"] : element;
    const role = declared.find((each) => each.value === value || each.displayName === value);
    const { id = null, displayName = value } = role ?? {};
    return { value: JSON.stringify({ id, value: role?.value ?? value, displayName }) };
  };
  const Operations = operations.map((operation) => {
    if (operation.path?.startsWith("roles") !== true || /^remove$/i.test(operation.op)) return operation;
    const elements = elementsOf(operation.value);
    const added = one ? elements.filter((element) => !isComplex(element) || element["primary"] === true) : elements;
    return { op: "Add", path: "roles", value: added.map(asText) };
  });
  return { ...request, body: { ...rest, Operations } };
}

function bodyOf(request: ChangeRequest): { readonly Operations?: readonly Operation[] } {
  return request.body ?? {};
}

interface Operation {
  readonly op: string;
  readonly path?: string;
  readonly value?: unknown;
}

/** With the flag, all plain replaces go into one operation without a path; filtered paths stay by themselves. */
function merged(request: ChangeRequest): ChangeRequest {
  const { Operations: operations = [], ...rest } = bodyOf(request);
  const isPlain = ({ op, path, value }: Operation) =>
    op === "replace" && path !== undefined && !path.includes("[") && !Array.isArray(value);
  const plain = operations.filter(isPlain);
  if (plain.length < 2) return request;
  const value = Object.fromEntries(plain.map(({ path = "", value: each }) => [path, each]));
  const others = operations.filter((operation) => !isPlain(operation));
  return { ...request, body: { ...rest, Operations: [...others, { op: "replace", value }] } };
}

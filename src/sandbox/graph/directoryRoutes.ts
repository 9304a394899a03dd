import type { ApplicationTemplate, Organization } from "@microsoft/microsoft-graph-types";
import * as z from "zod";
import { deltaPage } from "./deltaRoutes.ts";
import { GraphFault, notFound } from "./fault.ts";
import { pageOf, parseQuery, selected } from "./odata.ts";
import { done, route, type Answer, type Call, type Route } from "./route.ts";
import { gallery } from "./templates.ts";

const instantiateBody = z.looseObject({ displayName: z.string().min(1) });
const assignmentBody = z.object({ principalId: z.string(), resourceId: z.string(), appRoleId: z.string() });
const servicePrincipalBody = z.looseObject({ appRoleAssignmentRequired: z.boolean().optional() });

/** Reads a body. @throws GraphFault 400 */
export function bodyOf<Schema extends z.ZodType>(call: Call, schema: Schema): z.output<Schema> {
  const parsed = schema.safeParse(call.body);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new GraphFault(
    400,
    "Request_BadRequest",
    `Invalid value specified for property '${issue?.path.join(".") ?? ""}'.`,
  );
}

/** A collection as one page of it. */
export function collection(call: Call, rows: readonly object[], type: string): Answer {
  const { url, state } = call;
  const body = pageOf(rows, parseQuery(url.searchParams), {
    self: url,
    largest: state.pageSize,
    context: `${url.origin}/v1.0/$metadata#${type}`,
  });
  return { status: 200, body };
}

function one(call: Call, row: object | undefined): Answer {
  if (row === undefined) throw notFound(call.ids[0] ?? "");
  return { status: 200, body: selected({ ...row }, parseQuery(call.url.searchParams).select) };
}

const live = <T extends { readonly removed?: unknown; readonly properties: object }>(objects: Iterable<T>) =>
  [...objects].filter(({ removed }) => removed === undefined).map(({ properties }) => properties);

function members(call: Call, cast?: "user"): Answer {
  const { tenant } = call.state;
  const group = tenant.groups.get(call.ids[0] ?? "");
  if (group?.removed !== undefined || group === undefined) throw notFound(call.ids[0] ?? "");
  const rows = [...group.members].flatMap((id) => {
    const user = tenant.users.get(id);
    const row = user ?? tenant.groups.get(id);
    if (row === undefined || (cast === "user" && user === undefined)) return [];
    return [{ "@odata.type": `#microsoft.graph.${user === undefined ? "group" : "user"}`, ...row.properties }];
  });
  return collection(call, rows, "directoryObjects");
}

/** Users, groups, applications, service principals and assignments. */
export const directoryRoutes: readonly Route[] = [
  route("GET", "/organization", "readOrganization", (call) =>
    collection(call, [{ id: call.state.tenant.id, displayName: "Contoso" } satisfies Organization], "organization"),
  ),
  route("GET", "/users/delta", "readUsers", ({ state, url }) => ({
    status: 200,
    body: deltaPage(state.tenant, "users", url, state.pageSize),
  })),
  route("GET", "/groups/delta", "readGroups", ({ state, url }) => ({
    status: 200,
    body: deltaPage(state.tenant, "groups", url, state.pageSize),
  })),
  route("GET", "/users", "readUsers", (call) => collection(call, live(call.state.tenant.users.values()), "users")),
  route("GET", "/users/$count", "readUsers", ({ state }) => ({
    status: 200,
    body: String(live(state.tenant.users.values()).length),
    headers: { "content-type": "text/plain" },
  })),
  route("GET", "/groups", "readGroups", (call) => collection(call, live(call.state.tenant.groups.values()), "groups")),
  route("GET", "/users/*", "readUsers", (call) => one(call, found(call.state.tenant.users.get(call.ids[0] ?? "")))),
  route("GET", "/groups/*", "readGroups", (call) => one(call, found(call.state.tenant.groups.get(call.ids[0] ?? "")))),
  route("GET", "/groups/*/members", "readGroups", (call) => members(call)),
  route("GET", "/groups/*/members/microsoft.graph.user", "readGroups", (call) => members(call, "user")),
  route("GET", "/applicationTemplates", "readTemplates", (call) =>
    collection(
      call,
      gallery.map(({ id, displayName, publisher }): ApplicationTemplate => ({
        id,
        displayName,
        publisher,
        description: null,
        categories: [],
        supportedProvisioningTypes: ["sync"],
        supportedSingleSignOnModes: [],
      })),
      "applicationTemplates",
    ),
  ),
  route("POST", "/applicationTemplates/*/instantiate", "instantiateTemplate", (call) => ({
    status: 201,
    body: call.state.instantiate(call.ids[0] ?? "", bodyOf(call, instantiateBody).displayName),
  })),
  route("GET", "/servicePrincipals", "readApplications", (call) =>
    collection(call, [...call.state.tenant.servicePrincipals.values()], "servicePrincipals"),
  ),
  route("GET", "/servicePrincipals/*", "readApplications", (call) =>
    one(call, call.state.tenant.servicePrincipals.get(call.ids[0] ?? "")),
  ),
  route("PATCH", "/servicePrincipals/*", "changeApplication", (call) => {
    const [id = ""] = call.ids;
    const known = call.state.tenant.servicePrincipals.get(id);
    if (known === undefined) throw notFound(id);
    const { appRoleAssignmentRequired } = bodyOf(call, servicePrincipalBody);
    if (appRoleAssignmentRequired !== undefined) known.appRoleAssignmentRequired = appRoleAssignmentRequired;
    return done;
  }),
  route("GET", "/servicePrincipals/*/appRoleAssignedTo", "readAssignments", (call) =>
    collection(call, call.state.tenant.assignmentsTo(call.ids[0] ?? ""), "appRoleAssignments"),
  ),
  route("POST", "/servicePrincipals/*/appRoleAssignedTo", "assign", (call) => {
    const { principalId, resourceId, appRoleId } = bodyOf(call, assignmentBody);
    if (resourceId !== call.ids[0]) throw new GraphFault(400, "Request_BadRequest", "resourceId does not match.");
    return { status: 201, body: call.state.tenant.assign(resourceId, principalId, appRoleId) };
  }),
  route("DELETE", "/servicePrincipals/*/appRoleAssignedTo/*", "assign", (call) => {
    if (!call.state.tenant.assignments.delete(call.ids[1] ?? "")) throw notFound(call.ids[1] ?? "");
    return done;
  }),
];

function found(object: { readonly removed?: unknown; readonly properties: object } | undefined): object | undefined {
  return object?.removed === undefined ? object?.properties : undefined;
}

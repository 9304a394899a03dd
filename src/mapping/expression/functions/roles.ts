import { rolesAttribute } from "../attribute.ts";
import type { EvaluationContext } from "../context.ts";
import type { RoleValue } from "../value.ts";
import type { FunctionDefinition, Parameter } from "./definition.ts";

const parameters: readonly Parameter[] = [{ name: "source", type: "attribute", doc: `Always [${rolesAttribute}].` }];

const check: FunctionDefinition["check"] = (call) => {
  const [argument] = call.arguments;
  return argument?.kind === "attribute" && argument.name === rolesAttribute
    ? undefined
    : `${call.name} takes exactly [${rolesAttribute}].`;
};

/** The type that the service writes into each element of `roles`. */
const roleType = "WindowsAzureActiveDirectoryRole";

function rolesOf(context: EvaluationContext): readonly RoleValue[] {
  return (context.appRoleAssignments ?? []).map((role) => ({
    primary: false,
    type: roleType,
    display: role.displayName,
    value: role.value,
  }));
}

/** The functions that read the roles of a user for this application. */
export const roleFunctions: readonly FunctionDefinition[] = [
  {
    name: "SingleAppRoleAssignment",
    kind: "roles",
    returns: "text",
    parameters,
    doc: "The name of the user's role; with several roles, which one is undefined.",
    example: "SingleAppRoleAssignment([appRoleAssignments])",
    check,
    compile: () => (_attributes, context) => context.appRoleAssignments?.[0]?.displayName ?? null,
  },
  {
    name: "AppRoleAssignmentsComplex",
    kind: "roles",
    returns: "roles",
    parameters,
    doc: "All roles of the user; they are added at the target and never removed.",
    example: "AppRoleAssignmentsComplex([appRoleAssignments])",
    check,
    compile: () => (_attributes, context) => {
      const roles = rolesOf(context);
      return roles.length === 0 ? null : roles;
    },
  },
  {
    name: "AssertiveAppRoleAssignmentsComplex",
    kind: "roles",
    returns: "roles",
    parameters,
    doc: "All roles of the user; they replace those at the target.",
    example: "AssertiveAppRoleAssignmentsComplex([appRoleAssignments])",
    check,
    compile: () => (_attributes, context) => rolesOf(context),
  },
];

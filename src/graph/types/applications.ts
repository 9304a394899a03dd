import * as z from "zod";

export const appRole = z.looseObject({
  id: z.string(),
  displayName: z.string().nullish(),
  value: z.string().nullish(),
  isEnabled: z.boolean().optional(),
  allowedMemberTypes: z.array(z.string()).optional(),
});
export type AppRole = z.output<typeof appRole>;

export const servicePrincipal = z.looseObject({
  id: z.string().min(1),
  appId: z.string().nullish(),
  displayName: z.string().nullish(),
  appRoleAssignmentRequired: z.boolean().nullish(),
  appRoles: z.array(appRole).nullish(),
  tags: z.array(z.string()).nullish(),
});
export type ServicePrincipal = z.output<typeof servicePrincipal>;

export const applicationTemplate = z.looseObject({
  id: z.string().min(1),
  displayName: z.string().nullish(),
  publisher: z.string().nullish(),
  supportedProvisioningTypes: z.array(z.string()).nullish(),
});
export type ApplicationTemplate = z.output<typeof applicationTemplate>;

export const applicationServicePrincipal = z.looseObject({
  application: z.looseObject({ id: z.string().min(1), appId: z.string().nullish() }),
  servicePrincipal,
});

export const appRoleAssignment = z.looseObject({
  id: z.string(),
  appRoleId: z.string(),
  principalId: z.string(),
  principalType: z.string().nullish(),
  principalDisplayName: z.string().nullish(),
  resourceId: z.string().nullish(),
});
export type AppRoleAssignment = z.output<typeof appRoleAssignment>;

/** The app role id of an assignment without a role ("Default Access"). */
export const defaultAccessRoleId = "00000000-0000-0000-0000-000000000000";

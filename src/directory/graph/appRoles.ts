import { defaultAccessRoleId, type AppRole, type AppRoleAssignment } from "../../graph/types/applications.ts";
import type { Assignment } from "../source.ts";

/** What people call a role: its name before its value before its id. */
export function appRoleName({ id, displayName, value }: AppRole): string {
  return displayName ?? value ?? id;
}

/** Reads assignments to one application by the roles that it declares. */
export class AppRoles {
  readonly #roles: ReadonlyMap<string, AppRole>;

  constructor(roles: readonly AppRole[]) {
    this.#roles = new Map(roles.map((role) => [role.id, role]));
  }

  /** The name of an assignment's role. One that the application no longer declares still is a real role. */
  nameOf(appRoleId: string): string {
    if (appRoleId === defaultAccessRoleId) return "Default Access";
    return appRoleName(this.#roles.get(appRoleId) ?? { id: appRoleId });
  }

  /** An assignment as scope and mappings read it; undefined for one of another application, which is never provisioned. */
  assignment(item: AppRoleAssignment): Assignment | undefined {
    const { principalId, principalType, appRoleId } = item;
    if (principalType !== "User" && principalType !== "Group") return undefined;
    const value = this.#roles.get(appRoleId)?.value;
    return {
      principalId,
      principalType,
      appRole: this.nameOf(appRoleId),
      ...(value != null && value !== "" && { appRoleValue: value }),
    };
  }
}

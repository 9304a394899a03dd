import { AppRoles } from "../../directory/graph/appRoles.ts";
import { GraphAttributes } from "../../directory/graph/attributes.ts";
import { DirectoryMirror } from "../../directory/graph/mirror.ts";
import type { ReadAttributes } from "../../directory/open.ts";
import type {
  Assignment,
  Completeness,
  DirectoryGroup,
  DirectoryRead,
  DirectorySource,
  DirectoryUser,
} from "../../directory/source.ts";
import { appRole, appRoleAssignment } from "../../graph/types/applications.ts";
import { deltaGroup, deltaUser } from "../../graph/types/directory.ts";
import { deltaPage } from "./deltaRoutes.ts";
import type { Tenant } from "./tenant.ts";

/** What a run on demand looks at. */
export interface Focus {
  readonly groupId: string;
  readonly memberIds: ReadonlySet<string>;
}

/**
 * The tenant as the provisioning engine sees it. Attributes are read by the same code that reads them through Graph, so that a
 * prediction and the service mean the same by a name.
 */
export class TenantDirectory implements DirectorySource {
  readonly type = "graph";
  readonly description = "the tenant of the sandbox";
  readonly #tenant: Tenant;
  readonly #servicePrincipalId: string;
  readonly #users: GraphAttributes;
  readonly #groups: GraphAttributes;
  readonly #focus: Focus | undefined;

  constructor(tenant: Tenant, servicePrincipalId: string, attributes: ReadAttributes, focus?: Focus) {
    this.#tenant = tenant;
    this.#servicePrincipalId = servicePrincipalId;
    this.#users = new GraphAttributes(attributes.users, ["userPrincipalName", "displayName", "accountEnabled"]);
    this.#groups = new GraphAttributes(attributes.groups, ["displayName"]);
    this.#focus = focus;
  }

  read(): DirectoryRead {
    const mirror = new DirectoryMirror();
    const page = (kind: "users" | "groups", select: readonly string[]) => {
      const url = new URL(`http://tenant/v1.0/${kind}/delta?$select=${select.join(",")}`);
      return deltaPage(this.#tenant, kind, url, Infinity) as { readonly value: readonly unknown[] };
    };
    mirror.applyUsers(
      page("users", this.#users.select).value.map((item) => deltaUser.parse(item)),
      this.#users,
    );
    mirror.applyGroups(
      page("groups", [...this.#groups.select, "members"]).value.map((item) => deltaGroup.parse(item)),
      this.#groups,
    );
    this.#addDeleted(mirror);
    const assignments = this.#assignments();
    const focus = this.#focus;
    return {
      users: () => stream<DirectoryUser>(mirror.directoryUsers()),
      groups: () => stream<DirectoryGroup>(focusOn(mirror.directoryGroups(), focus)),
      assignments: () => stream<Assignment>([assignments]),
      completeness: (): Completeness =>
        focus === undefined
          ? { complete: true, proof: "The tenant is in memory." }
          : // Only the named members of the group are looked at; the others must not be taken for gone.
            { complete: false, reason: "Provisioning on demand looks at the named members only." },
      problems: () => [],
    };
  }

  /** Who is in the recycle bin still is seen by the engine, as soft-deleted. */
  #addDeleted(mirror: DirectoryMirror): void {
    for (const user of this.#tenant.users.values()) {
      if (user.removed?.reason !== "changed") continue;
      const attributes = this.#users.create();
      this.#users.apply(attributes, { ...user.properties });
      mirror.users.set(user.id, { attributes, softDeleted: true });
    }
  }

  #assignments(): Assignment[] {
    const declared = this.#tenant.servicePrincipals.get(this.#servicePrincipalId)?.appRoles ?? [];
    const roles = new AppRoles(declared.map((role) => appRole.parse(role)));
    return this.#tenant
      .assignmentsTo(this.#servicePrincipalId)
      .flatMap((item) => roles.assignment(appRoleAssignment.parse(item)) ?? []);
  }
}

function* focusOn(
  batches: Iterable<readonly DirectoryGroup[]>,
  focus: Focus | undefined,
): Generator<readonly DirectoryGroup[]> {
  for (const batch of batches) {
    yield focus === undefined
      ? batch
      : batch.map((group) =>
          group.id === focus.groupId
            ? { ...group, members: group.members.filter((id) => focus.memberIds.has(id)) }
            : group,
        );
  }
}

// eslint-disable-next-line @typescript-eslint/require-await -- what is in memory, in the form of the contract
async function* stream<Item>(batches: Iterable<readonly Item[]>): AsyncGenerator<readonly Item[]> {
  yield* batches;
}

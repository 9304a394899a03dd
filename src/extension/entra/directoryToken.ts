import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { Purpose } from "../../graph/permissions.ts";
import { UntrustedError } from "../connections/trouble.ts";
import { UserError } from "../platform/errors.ts";
import type { EntraAccess } from "./access.ts";

const purposes: readonly Purpose[] = ["readUsers", "readGroups", "readApplications", "readAssignments"];

/**
 * The token by which a job reads its directory from Microsoft Graph. It goes to the service that the person's settings name and
 * to no other, whatever the file of a job says.
 *
 * @throws UntrustedError; UserError for another service; SignedOutError
 */
export async function directoryToken(access: EntraAccess, graphUrl: string, tenantId: string): Promise<string> {
  if (!vscode.workspace.isTrusted) throw new UntrustedError();
  if (graphUrl !== access.graphUrl)
    throw new UserError(
      l10n.t(
        "The job reads its directory from {0}, but the setting scim.entra.graphUrl names {1}. Nothing was sent there.",
        graphUrl,
        access.graphUrl,
      ),
    );
  const token = await access.token(tenantId, purposes)(undefined);
  if (token === undefined) throw new UserError(l10n.t("Microsoft gave no token for the tenant {0}.", tenantId));
  return token;
}

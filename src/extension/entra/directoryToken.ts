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
  checkService(access, graphUrl);
  const token = await access.token(tenantId, purposes)(undefined);
  if (token === undefined) throw new UserError(l10n.t("Microsoft gave no token for the tenant {0}.", tenantId));
  return token;
}

/**
 * Opens a sign-in for reading a directory where there is no session, upon a person's action.
 *
 * @throws UntrustedError; UserError for another service; ConsentRefusedError, NoProviderError
 */
export async function signInForDirectory(access: EntraAccess, graphUrl: string, tenantId: string): Promise<void> {
  checkService(access, graphUrl);
  await access.client(tenantId, purposes, "ask");
}

function checkService(access: EntraAccess, graphUrl: string): void {
  if (!vscode.workspace.isTrusted) throw new UntrustedError();
  if (graphUrl !== access.graphUrl)
    throw new UserError(
      l10n.t(
        "The job reads its directory from {0}, but the setting scim.entra.graphUrl names {1}. Nothing was sent there.",
        graphUrl,
        access.graphUrl,
      ),
    );
}

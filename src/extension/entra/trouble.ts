import * as l10n from "@vscode/l10n";

/** Nobody is signed in to Microsoft, or not with the permissions that are needed; a person's action can change that. */
export class SignedOutError extends Error {
  readonly code = "signedOut";
  constructor(tenant: string) {
    super(
      tenant === ""
        ? l10n.t("Nobody is signed in to Microsoft Entra with the permissions that this needs.")
        : l10n.t("Nobody is signed in to the Microsoft Entra tenant {0} with the permissions that this needs.", tenant),
    );
    this.name = "SignedOutError";
  }
}

/** The person, or the tenant's administrator, did not agree to the sign-in. */
export class ConsentRefusedError extends Error {
  readonly code = "consentRefused";
  constructor(permissions: readonly string[]) {
    const names = permissions.map((scope) => scope.slice(scope.lastIndexOf("/") + 1)).join(", ");
    super(
      l10n.t(
        "The sign-in to Microsoft was not completed, so nothing was sent. The action needs {0}; where people may not consent themselves, an administrator grants it once for the tenant.",
        names,
      ),
    );
    this.name = "ConsentRefusedError";
  }
}

/** This VS Code has no authentication provider for the cloud. */
export class NoProviderError extends Error {
  readonly code = "noProvider";
  constructor(provider: string) {
    super(
      provider === "microsoft"
        ? l10n.t(
            "This VS Code has no Microsoft sign-in: its built-in extension Microsoft Account is missing or disabled.",
          )
        : l10n.t(
            "This VS Code has no sign-in for national clouds. Set microsoft-sovereign-cloud.environment to the cloud of scim.entra.graphUrl.",
          ),
    );
    this.name = "NoProviderError";
  }
}

/**
 * What a failed request for a session means. VS Code says in words only whether the person called it off.
 *
 * @param scopes what was asked for
 */
export function signInTrouble(error: unknown, provider: string, scopes: readonly string[]): Error {
  const message = error instanceof Error ? error.message : String(error);
  if (/timed out waiting|no authentication provider|not registered|did not register/i.test(message))
    return new NoProviderError(provider);
  if (/cancel|consent|denied|AADSTS(65001|65004|90094|900941)/i.test(message)) return new ConsentRefusedError(scopes);
  return error instanceof Error ? error : new Error(message);
}

import { randomBytes } from "node:crypto";
import { permissions, type Permission, type Purpose } from "../../graph/permissions.ts";
import { jsonReply, type Reply } from "../reply.ts";
import type { SandboxRequest } from "../request.ts";
import { GraphFault } from "./fault.ts";

/** Who may do what: tokens, the permissions that they carry, and the applications that get tokens by client credentials. */
export class Access {
  readonly tenantId: string;
  readonly #tokens = new Map<string, ReadonlySet<string> | "all">();
  readonly #applications = new Map<
    string,
    { readonly secret: string; readonly granted: ReadonlySet<string> | "none" | "all" }
  >();

  constructor(tenantId: string) {
    this.tenantId = tenantId;
  }

  /** A new token with all permissions, or with the given ones only. */
  issue(granted: readonly string[] | "all" = "all"): string {
    const token = randomBytes(24).toString("base64url");
    this.#tokens.set(token, granted === "all" ? "all" : new Set(granted));
    return token;
  }

  revoke(token: string): void {
    this.#tokens.delete(token);
  }

  /** Registers an application; `none` stands for one that no administrator has consented to. */
  register(clientId: string, granted: readonly string[] | "none" | "all" = "all"): string {
    const secret = randomBytes(24).toString("base64url");
    this.#applications.set(clientId, {
      secret,
      granted: Array.isArray(granted) ? new Set(granted) : (granted as "none" | "all"),
    });
    return secret;
  }

  /** @throws GraphFault 401 without a known token, 403 when it lacks every permission that would do */
  check(request: SandboxRequest, purpose: Purpose): void {
    const token = /^Bearer (.+)$/i.exec(request.headers.authorization ?? "")?.[1];
    const granted = token === undefined ? undefined : this.#tokens.get(token);
    if (granted === undefined) {
      throw new GraphFault(401, "InvalidAuthenticationToken", "Access token has expired or is not yet valid.");
    }
    if (granted === "all") return;
    const { delegated, application }: Permission = permissions[purpose];
    const enough = [...delegated, ...application];
    if (enough.length === 0 || enough.some((name) => granted.has(name))) return;
    throw new GraphFault(403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.");
  }

  /** Answers `POST /{tenant}/oauth2/v2.0/token`: client credentials in a Basic header or in the form. */
  token(request: SandboxRequest, tenant: string): Reply {
    const form = new URLSearchParams(request.body);
    const basic = /^basic +(.+)$/i.exec(request.headers.authorization ?? "")?.[1];
    const [id, secret] =
      basic === undefined
        ? [form.get("client_id"), form.get("client_secret")]
        : Buffer.from(basic, "base64").toString().split(":").map(decodeURIComponent);
    const refuse = (code: string, error: string, description: string) =>
      jsonReply(error === "invalid_client" ? 401 : 400, { error, error_description: `${code}: ${description}` });
    if (form.get("grant_type") !== "client_credentials") {
      return refuse("AADSTS70003", "unsupported_grant_type", "The app requested an unsupported grant type.");
    }
    if (tenant !== this.tenantId && !/^contoso\./.test(tenant)) {
      return refuse("AADSTS90002", "invalid_request", `Tenant '${tenant}' not found.`);
    }
    const application = this.#applications.get(id ?? "");
    if (application === undefined || application.secret !== secret) {
      return refuse("AADSTS7000215", "invalid_client", "Invalid client secret provided.");
    }
    if (application.granted === "none") {
      return refuse(
        "AADSTS65001",
        "invalid_grant",
        "The user or administrator has not consented to use the application.",
      );
    }
    const token = this.issue(application.granted === "all" ? "all" : [...application.granted]);
    return jsonReply(
      200,
      { token_type: "Bearer", expires_in: 3599, access_token: token },
      { "cache-control": "no-store" },
    );
  }
}

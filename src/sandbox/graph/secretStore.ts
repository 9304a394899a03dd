import type { SynchronizationSecret, SynchronizationSecretKeyStringValuePair } from "@microsoft/microsoft-graph-types";
import * as z from "zod";
import { GraphFault } from "./fault.ts";

/** The keys of the public type `synchronizationSecret`. */
const keys = [
  "None",
  "UserName",
  "Password",
  "SecretToken",
  "AppKey",
  "BaseAddress",
  "ClientIdentifier",
  "ClientSecret",
  "SingleSignOnType",
  "Sandbox",
  "Url",
  "Domain",
  "ConsumerKey",
  "ConsumerSecret",
  "TokenKey",
  "TokenExpiration",
  "Oauth2AccessToken",
  "Oauth2AccessTokenCreationTime",
  "Oauth2RefreshToken",
  "SyncAll",
  "InstanceName",
  "Oauth2ClientId",
  "Oauth2ClientSecret",
  "CompanyId",
  "UpdateKeyOnSoftDelete",
  "SynchronizationSchedule",
  "SystemOfRecord",
  "SandboxName",
  "EnforceDomain",
  "SyncNotificationSettings",
  "SkipOutOfScopeDeletions",
  "Oauth2AuthorizationCode",
  "Oauth2RedirectUri",
  "ApplicationTemplateIdentifier",
  "Oauth2TokenExchangeUri",
  "Oauth2AuthorizationUri",
  "AuthenticationType",
  "Server",
  "PerformInboundEntitlementGrants",
  "HardDeletesEnabled",
  "SyncAgentCompatibilityKey",
  "SyncAgentADContainer",
  "ValidateDomain",
  "TestReferences",
  "ConnectionString",
] as const satisfies readonly SynchronizationSecret[];

const listSchema = z.object({ value: z.array(z.object({ key: z.enum(keys), value: z.string() })) });
const notificationSchema = z.looseObject({
  Enabled: z.boolean().optional(),
  Recipients: z.string().nullish(),
  DeleteThresholdEnabled: z.boolean().optional(),
  DeleteThresholdValue: z.number().optional(),
});

/** Keys whose values the service never gives back. */
const hidden = /token|password|secret|appkey/i;

/** The secrets of one enterprise application. A write replaces all of them. */
export class Secrets {
  #values = new Map<SynchronizationSecret, string>();

  get(key: SynchronizationSecret): string | undefined {
    return this.#values.get(key);
  }

  get hasCredentials(): boolean {
    return (this.get("BaseAddress") ?? "") !== "" && (this.get("SecretToken") ?? "") !== "";
  }

  /** @throws GraphFault 400 for another shape */
  replace(body: unknown): void {
    const parsed = listSchema.safeParse(body);
    if (!parsed.success)
      throw new GraphFault(400, "BadRequest", "The property 'value' must be a list of keys and values.");
    this.#values = new Map(parsed.data.value.map(({ key, value }) => [key, value]));
  }

  /** As a read shows them: without the values of secrets (inferred from procedures that ask for them again). */
  toGraph(): { value: SynchronizationSecretKeyStringValuePair[] } {
    return {
      value: [...this.#values].map(([key, value]) => ({ key, value: hidden.test(key) ? "" : value })),
    };
  }
}

/** The deletion threshold and the address of `SyncNotificationSettings`. */
export function notificationSettings(secrets: Secrets): { readonly threshold?: number; readonly recipients?: string } {
  const text = secrets.get("SyncNotificationSettings");
  if (text === undefined) return {};
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return {};
  }
  const parsed = notificationSchema.safeParse(json);
  if (!parsed.success) return {};
  const { DeleteThresholdEnabled: on, DeleteThresholdValue: threshold, Enabled: mail, Recipients: to } = parsed.data;
  return {
    ...(on === true && threshold !== undefined && { threshold }),
    ...(mail === true && to != null && { recipients: to }),
  };
}

import * as z from "zod";
import type { GraphClient, GraphRequest } from "../graph/client.ts";
import { secrets as secretsSchema } from "../graph/types/synchronization.ts";
import { synchronization } from "./applications.ts";
import { EntraError } from "./entraError.ts";
import { jobPath, type JobAddress } from "./jobs.ts";
import { simpleStep, type Step } from "./step.ts";

const notificationSchema = z.looseObject({
  Enabled: z.boolean().nullish(),
  Recipients: z.string().nullish(),
  DeleteThresholdEnabled: z.boolean().nullish(),
  DeleteThresholdValue: z.number().nullish(),
});

/** What the service keeps beside the schema, as far as it gives it back. */
export interface JobSettings {
  readonly baseUrl: string | undefined;
  readonly syncAll: boolean;
  readonly skipOutOfScopeDeletions: boolean;
  /** Where quarantine mails go; absent when they are off. */
  readonly notificationEmail: string | undefined;
  /** Deletions of one cycle from which the job is held; absent when that is off. */
  readonly deleteThreshold: number | undefined;
  /**
   * Keys that have a value which the service does not give back: each must be given again with any change (inferred from
   * published procedures that have the person type them again).
   */
  readonly hiddenKeys: readonly string[];
}

interface Entry {
  readonly key: string;
  readonly value?: string | null | undefined;
}

async function readEntries(
  client: GraphClient,
  servicePrincipalId: string,
  signal?: AbortSignal,
): Promise<readonly Entry[]> {
  const path = `${synchronization(servicePrincipalId)}/secrets`;
  return (await client.get(path, "readSynchronization", secretsSchema, { signal })).value;
}

/** Reads the settings of an application's provisioning. @throws GraphError */
export async function readSettings(
  client: GraphClient,
  servicePrincipalId: string,
  signal?: AbortSignal,
): Promise<JobSettings> {
  const entries = await readEntries(client, servicePrincipalId, signal);
  const value = (key: string) => entries.find((entry) => entry.key === key)?.value ?? undefined;
  const isTrue = (key: string) => /^true$/i.test(value(key) ?? "");
  const mail = parseNotification(value("SyncNotificationSettings"));
  const baseUrl = value("BaseAddress");
  return {
    baseUrl: baseUrl === "" ? undefined : baseUrl,
    syncAll: isTrue("SyncAll"),
    skipOutOfScopeDeletions: isTrue("SkipOutOfScopeDeletions"),
    notificationEmail: mail.Enabled === true ? (mail.Recipients ?? undefined) : undefined,
    deleteThreshold: mail.DeleteThresholdEnabled === true ? (mail.DeleteThresholdValue ?? undefined) : undefined,
    hiddenKeys: entries.filter((entry) => (entry.value ?? "") === "").map(({ key }) => key),
  };
}

/** What is to be changed; what is absent stays. */
export interface SettingsChange {
  readonly baseUrl?: string;
  readonly syncAll?: boolean;
  readonly skipOutOfScopeDeletions?: boolean;
  /** `null` turns quarantine mails off. */
  readonly notificationEmail?: string | null;
  /** `null` turns accidental-deletion prevention off. */
  readonly deleteThreshold?: number | null;
  /** Values by key that are sent along: `SecretToken`, and every hidden key. Never kept. */
  readonly secrets?: Readonly<Record<string, string>>;
}

/**
 * Tutorial steps "Tenant URL and secret token", "Notification", "Scope": changes settings. The service replaces all of them at
 * once, so everything it gave back is sent again, and what it does not give back must be in `secrets`.
 *
 * @throws EntraError `tokenNeeded` naming the keys that would be lost
 */
export async function changeSettings(
  client: GraphClient,
  servicePrincipalId: string,
  change: SettingsChange,
): Promise<Step> {
  const entries = await readEntries(client, servicePrincipalId);
  const values = new Map(entries.map(({ key, value }) => [key, value ?? ""]));
  for (const [key, value] of Object.entries(change.secrets ?? {})) values.set(key, value);
  if (change.baseUrl !== undefined) values.set("BaseAddress", change.baseUrl);
  if (change.syncAll !== undefined) values.set("SyncAll", String(change.syncAll));
  else if (!values.has("SyncAll")) values.set("SyncAll", "false");
  if (change.skipOutOfScopeDeletions !== undefined)
    values.set("SkipOutOfScopeDeletions", change.skipOutOfScopeDeletions ? "True" : "False");
  if (change.notificationEmail !== undefined || change.deleteThreshold !== undefined) {
    values.set("SyncNotificationSettings", notificationText(values.get("SyncNotificationSettings"), change));
  }
  const lost = [...values].filter(([, value]) => value === "").map(([key]) => key);
  if (!values.has("SecretToken") && values.has("BaseAddress")) lost.push("SecretToken");
  if (lost.length > 0) {
    throw new EntraError(
      "tokenNeeded",
      `The service replaces all settings at once and does not give back ${lost.join(", ")}. Give ${lost.length === 1 ? "it" : "them"} again with this change.`,
    );
  }
  const request: GraphRequest = {
    method: "PUT",
    path: `${synchronization(servicePrincipalId)}/secrets`,
    purpose: "changeSynchronization",
    body: { value: [...values].map(([key, value]) => ({ key, value })) },
    idempotent: true,
  };
  const before = /^true$/i.test(entries.find(({ key }) => key === "SyncAll")?.value ?? "");
  const narrowed = change.syncAll === false && before;
  return simpleStep(client, "Save the settings of provisioning", [request], {
    warnings: narrowed ? ["The narrower scope takes effect only after provisioning is restarted."] : [],
  });
}

/**
 * Tutorial step "Test Connection": lets the service try credentials, new ones or the stored ones.
 * @throws GraphError `credentialsInvalid` when run, with what the service says
 */
export function testConnection(
  client: GraphClient,
  address: JobAddress,
  credentials?: { readonly baseUrl: string; readonly token: string },
): Step {
  const list =
    credentials === undefined
      ? []
      : [
          { key: "BaseAddress", value: credentials.baseUrl },
          { key: "SecretToken", value: credentials.token },
        ];
  const request: GraphRequest = {
    method: "POST",
    path: `${jobPath(address)}/validateCredentials`,
    purpose: "changeSynchronization",
    body: { useSavedCredentials: credentials === undefined, ...(credentials && { credentials: list }) },
    idempotent: true,
  };
  return simpleStep(client, "Test Connection", [request]);
}

function parseNotification(text: string | undefined): z.output<typeof notificationSchema> {
  try {
    return notificationSchema.parse(JSON.parse(text ?? "{}"));
  } catch {
    return {};
  }
}

/** The JSON text with only what is changed; parts that nobody here knows stay. */
function notificationText(before: string | undefined, change: SettingsChange): string {
  const { notificationEmail: mail, deleteThreshold: threshold } = change;
  return JSON.stringify({
    ...parseNotification(before),
    ...(mail !== undefined && { Enabled: mail !== null, Recipients: mail ?? "" }),
    ...(threshold !== undefined && {
      DeleteThresholdEnabled: threshold !== null,
      ...(threshold !== null && { DeleteThresholdValue: threshold }),
    }),
  });
}

import * as z from "zod";
import { normalizeBaseUrl } from "./baseUrl.ts";

/** What a service was seen to do, as data that a client can stand on. A part that was not tried is absent. */
export const observedProfileSchema = z.object({
  /** Whether PATCH changes a user; else the merged document is PUT. */
  patch: z.boolean().exactOptional(),
  /** Filter operators that are evaluated. */
  filterOperators: z.array(z.string()).exactOptional(),
  /** Whether a filter finds userName in its own letter case only. */
  caseSensitiveFilter: z.boolean().exactOptional(),
  /** Most resources that a page was seen to hold where more were asked for and there. */
  maxPageSize: z.int().positive().exactOptional(),
  sort: z.boolean().exactOptional(),
  etags: z.boolean().exactOptional(),
  search: z.boolean().exactOptional(),
  discovery: z.boolean().exactOptional(),
  /** Whether a list of groups carries members. */
  listHasMembers: z.boolean().exactOptional(),
  /** The forms that take a member out. */
  removeMember: z.array(z.enum(["filter", "value"])).exactOptional(),
  /** Whether paths may hold a value filter. */
  filteredPaths: z.boolean().exactOptional(),
  /** Whether `active` may be sent as text. */
  textBooleans: z.boolean().exactOptional(),
  /** Whether userName is stored as it is sent. */
  keepsUserNameCase: z.boolean().exactOptional(),
  userNameWritable: z.boolean().exactOptional(),
  enterpriseUser: z.boolean().exactOptional(),
  /** Whether a deleted user is gone and its name free. */
  hardDelete: z.boolean().exactOptional(),
});
export type ObservedProfile = z.infer<typeof observedProfileSchema>;

/** A profile, of which service it is, and since when it is known. */
export const observationSchema = z.object({
  /** As `normalizeBaseUrl` gives it: a profile says nothing of any other address. */
  baseUrl: z.string(),
  observedAt: z.iso.datetime(),
  profile: observedProfileSchema,
});
export type Observation = z.infer<typeof observationSchema>;

/** Services change: what was seen so long ago is not relied on, in milliseconds. */
const lifetime = 90 * 86_400_000;

/** Whether what was seen may still be relied on. A time in the future is no time at which anything was seen. */
export function isFresh({ observedAt }: Observation, now: Date): boolean {
  const age = now.getTime() - Date.parse(observedAt);
  return age < lifetime && age > -86_400_000;
}

/** An observation cannot be used; says why and what to do. */
export class ObservationError extends Error {
  readonly code = "observation";
}

/**
 * Reads the profile of a service from a report of `check URL --conformance --format json`.
 *
 * @param file its name, for messages
 * @param baseUrl the service that it is wanted for
 * @throws ObservationError when it is no such report, is of another service, or too old
 */
export function parseObservation(text: string, file: string, baseUrl: string, now: Date): ObservedProfile {
  const again = `Make it again with: check ${baseUrl} --conformance --write --format json`;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ObservationError(`${file} is no JSON. ${again}`);
  }
  const parsed = observationSchema.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new ObservationError(
      `${file} is no conformance report: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""}. ${again}`,
    );
  }
  const { data } = parsed;
  if (addressOf(data.baseUrl) !== addressOf(baseUrl))
    throw new ObservationError(`${file} was observed at ${data.baseUrl.slice(0, 200)}, not at ${baseUrl}. ${again}`);
  if (!isFresh(data, now))
    throw new ObservationError(`${file} is of ${data.observedAt.slice(0, 10)}, which is too long ago. ${again}`);
  return data.profile;
}

/**
 * What is known after another look: what was seen now wins, and what was not tried now stays known, with the older time.
 * A look that tried nothing new would else forget what only writing can tell.
 */
export function mergeObservations(old: Observation | undefined, fresh: Observation, now: Date): Observation {
  if (old === undefined || old.baseUrl !== fresh.baseUrl || !isFresh(old, now)) return fresh;
  const profile = { ...old.profile, ...fresh.profile };
  const keepsOld = Object.keys(old.profile).some((key) => !(key in fresh.profile));
  return keepsOld ? { ...fresh, profile, observedAt: old.observedAt } : fresh;
}

function addressOf(baseUrl: string): string {
  try {
    return normalizeBaseUrl(baseUrl).baseUrl;
  } catch {
    return baseUrl;
  }
}

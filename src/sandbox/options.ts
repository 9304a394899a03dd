import type { Seed } from "./seed.ts";

/** Which service the sandbox plays. */
export type Profile = "databricks-workspace" | "databricks-account" | "rfc";

/**
 * Where Databricks differs between its clouds, its years, or what the sources say of it. The defaults are what clients
 * meet most; every switch stands for one documented departure.
 */
export interface Switches {
  /** The account SCIM token is also let through on `/api/2.0/accounts`; by default only on 2.1. */
  readonly accountTokenOn20: boolean;
  /** `application/json` in a request is refused with 415. */
  readonly plainJsonRefused: boolean;
  /** `/ServiceProviderConfig`, `/ResourceTypes` and `/Schemas` answer on Databricks paths too. */
  readonly discovery: boolean;
  /** `userName eq` compares letter case, as in 2020; names are stored in lower case either way. */
  readonly caseSensitiveUserName: boolean;
  /** Identity federation is on: a user's displayName cannot be changed through the workspace. */
  readonly federated: boolean;
  /** Account group lists carry `members`, as for accounts of before 2025-08-22. */
  readonly membersInAccountList: boolean;
  /** The longest page of a list. */
  readonly pageCap: number;
  /** Filter values may stand in single quotes or without quotes. */
  readonly looseQuotes: boolean;
  /** Status of a successful POST. */
  readonly createStatus: 200 | 201;
  /** Answer to a successful PUT or PATCH: the resource, `{}`, or 204 without a body. */
  readonly updateAnswer: "resource" | "empty" | "nothing";
  /** A `remove` with a value is refused, as the stricter parser does; by default both value shapes work. */
  readonly strictRemove: boolean;
  /** `active` as a bare text fails with 500 at the account. */
  readonly textActiveFails: boolean;
  /** Azure: PUT of a service principal needs its applicationId, and creating one does too. */
  readonly azure: boolean;
  /** Groups that were created with an externalId refuse edits. */
  readonly immutableExternalGroups: boolean;
  /** Group writes of more members than this answer 504; `undefined` for no such limit. */
  readonly maxMembersPerWrite: number | undefined;
  /** Reads of a changed resource may show the old state for up to so many milliseconds (the service: 60,000). */
  readonly consistencyDelayMs: number;
  /** Request rates of the service are enforced: 429 with Retry-After, 429 without it, or its 500 in SCIM shape. */
  readonly rateLimits: "off" | "429" | "429-without-header" | "500";
}

/** What a profile does unless told otherwise. */
export function defaultSwitches(profile: Profile): Switches {
  return { ...switchesOff, pageCap: profile === "rfc" ? 1000 : 100 };
}

const switchesOff: Omit<Switches, "pageCap"> = {
  accountTokenOn20: false,
  plainJsonRefused: false,
  discovery: false,
  caseSensitiveUserName: false,
  federated: false,
  membersInAccountList: false,
  looseQuotes: false,
  createStatus: 201,
  updateAnswer: "resource",
  strictRemove: false,
  textActiveFails: false,
  azure: true,
  immutableExternalGroups: false,
  maxMembersPerWrite: undefined,
  consistencyDelayMs: 0,
  rateLimits: "off",
};

/** Capacity of the service (its resource limits page); writes beyond are refused with 400. */
export interface Limits {
  /** Users and service principals together. */
  readonly principals: number;
  readonly groups: number;
  /** Groups within groups, counted in levels. */
  readonly nesting: number;
  /** Groups that hold one principal directly. */
  readonly parents: number;
  /** Size of a request body in bytes; more answers 413. */
  readonly bodyBytes: number;
}

export const defaultLimits: Limits = {
  principals: 10_000,
  groups: 5_000,
  nesting: 10,
  parents: 1_500,
  bodyBytes: 16 * 1024 * 1024,
};

export interface SandboxOptions {
  /** Default: `databricks-workspace`. */
  readonly profile?: Profile;
  /** Default: 0, a free port. */
  readonly port?: number;
  /** The bearer token of the administrator; default: a random one. */
  readonly token?: string;
  /** What the sandbox holds at first; see `parseSeed`. */
  readonly seed?: Seed;
  /** So many generated users beside the seed. */
  readonly users?: number;
  /** So many generated groups beside the seed. */
  readonly groups?: number;
  /** Seed of everything random but secrets: people, ids. Default: 1. */
  readonly seedNumber?: number;
  /** Milliseconds that every answer is held back. */
  readonly latencyMs?: number;
  /** Faults to inject; see `parseFaultSpec` for the grammar. */
  readonly faults?: string;
  readonly switches?: Partial<Switches>;
  readonly limits?: Partial<Limits>;
  /** Databricks profiles: serve the other host (account beside workspace, or the other way round) over the same store. */
  readonly companion?: boolean;
  /** Profile `rfc`: userName of the user that `/Me` stands for; without it `/Me` answers 501. */
  readonly me?: string;
}

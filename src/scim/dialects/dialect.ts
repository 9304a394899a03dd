import type { ResourceType } from "../resource.ts";

/** How a service writes and reads one attribute differently from what the RFCs say. Paths as in mappings: `userName`, `emails`, `name.givenName`. */
export interface AttributeDeparture {
  readonly resourceType: ResourceType;
  readonly path: string;
  /** `lower`: the service stores the value in lower case, so a case-only change can never stick. */
  readonly stored?: "lower";
  /** Lookups by filter compare case, so a filter value must be sent in the stored case. */
  readonly caseSensitiveLookup?: true;
  /** `create`: later changes are accepted and ignored; `never`: never written at all. */
  readonly writable?: "create" | "never";
  /** The service fills the attribute when it is absent on create. */
  readonly derived?: true;
  /** One sentence for the person, for example "Databricks ignores changes of userName." */
  readonly note: string;
}

/** Which PATCH forms a service takes (RFC 7644 section 3.5.2 allows several for the same effect). */
export interface PatchForms {
  /** Whether PATCH was seen to work; absent: as the service says of itself. */
  readonly supported?: boolean;
  /** `filter`: `remove members[value eq "1"]`; `value`: Entra's `remove members` with a value list. */
  readonly removeMember: "filter" | "value";
  /** Most member values in one operation. */
  readonly membersPerOperation: number;
  /** Most operations in one request. */
  readonly operationsPerRequest: number;
  /** Whether paths may hold a value filter (`emails[type eq "work"].value`). */
  readonly filteredPaths: boolean;
  /** How `active` is sent: a JSON boolean, or the text "True"/"False" of Entra's default client. */
  readonly booleans: "json" | "text";
  /** How operation names are spelled: `add`, or Entra's `Add`. */
  readonly operationCase: "lower" | "capital";
}

/** How a service departs from RFC 7643/7644, as data that client, plan and screens read. */
export interface Dialect {
  readonly id: "databricks" | "generic";
  /** As a person knows it, for example "Databricks". */
  readonly name: string;
  readonly resourceTypes: readonly ResourceType[];
  readonly departures: readonly AttributeDeparture[];
  readonly patch: PatchForms;
  readonly page: {
    /** The `count` that is asked for. */
    readonly size: number;
    /** Whether a list of groups carries `members`; when `false`, each group is read by id. */
    readonly listHasMembers: boolean;
  };
  /** Filter operators that the service evaluates; `undefined` means all of RFC 7644. */
  readonly filterOperators?: readonly string[];
  /** Whether PUT, PATCH answers may lack the resource, so that it must be read back. */
  readonly readBackAfterWrite: boolean;
  /** Whether ETag and If-Match are to be expected. */
  readonly etags: boolean;
  /** How long a read may still show the state before a write, in milliseconds. */
  readonly settleMs: number;
  /** Groups that the service owns: never renamed, emptied or deleted by us. */
  readonly systemGroups: readonly string[];
  /** Known request rates; the client starts below them and adapts. */
  readonly rate: { readonly startConcurrency: number; readonly maxConcurrency: number };
  /** Capacity limits of the service, by resource type. */
  readonly capacity?: { readonly users?: number; readonly groups?: number };
}

import type { Dialect } from "./dialect.ts";

/** A service taken at the word of RFC 7643 and RFC 7644. */
export const generic: Dialect = {
  id: "generic",
  name: "SCIM 2.0",
  resourceTypes: ["User", "Group"],
  departures: [],
  patch: {
    removeMember: "filter",
    membersPerOperation: 100,
    operationsPerRequest: 100,
    filteredPaths: true,
    booleans: "json",
    operationCase: "lower",
  },
  page: { size: 100, listHasMembers: true },
  readBackAfterWrite: false,
  etags: true,
  settleMs: 0,
  systemGroups: [],
  rate: { startConcurrency: 4, maxConcurrency: 16 },
};

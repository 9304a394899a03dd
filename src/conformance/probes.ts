import { randomUUID } from "node:crypto";
import { HttpError } from "../http/errors.ts";
import type { ScimClient } from "../scim/client.ts";
import { ScimError } from "../scim/errors.ts";
import type { ListPage } from "../scim/paging.ts";
import type { ResourceType, ScimResource } from "../scim/resource.ts";
import type { CheckStep } from "./report.ts";

/** What a probe found; `blocks` when the rungs above make no sense any more. */
export interface Outcome {
  readonly status: Exclude<CheckStep["status"], "skipped">;
  readonly explanation: string;
  readonly received?: string;
  readonly fix?: string;
  readonly blocks?: boolean;
}

/** A failed probe in the words of its error. */
export function failed(error: unknown, blocks = false): Outcome {
  if (error instanceof HttpError) {
    const received =
      error.status === undefined
        ? undefined
        : `${error.status}${error.detail === undefined || error.detail === "" ? "" : ` ${error.detail}`}`;
    return {
      status: "failed",
      explanation: error.what,
      ...(error.fix !== "" && { fix: error.fix }),
      ...(received !== undefined && { received }),
      blocks,
    };
  }
  if (error instanceof ScimError) {
    return {
      status: "failed",
      explanation: `The service answers with an error: ${error.detail}`,
      received: `${error.status} ${error.scimType ?? ""}`.trim(),
      fix:
        error.status >= 500
          ? "Try again later; if it stays so, report it to the vendor."
          : "Check the base URL, and what the token may do.",
      blocks,
    };
  }
  throw error;
}

/** Whether the caller may read everything that provisioning needs. Databricks gives others a reduced list, without an error. */
export async function probePermission(
  client: ScimClient,
  sample: ScimResource | undefined,
  signal?: AbortSignal,
): Promise<Outcome> {
  if (sample === undefined) {
    return {
      status: "passed",
      explanation: "There is no user yet, so what the token may see cannot be told from one.",
    };
  }
  const attributes = Object.keys(sample).filter((name) => name !== "schemas" && name !== "id");
  const received = `a user with the attributes ${attributes.join(", ") || "(none)"}`;
  if (
    client.dialect.id === "databricks" &&
    !attributes.some((name) => ["active", "emails", "entitlements"].includes(name))
  ) {
    return {
      status: "failed",
      received,
      explanation: "The service shows only a reduced list of users, as it does for callers who are not administrators.",
      fix: "Use the token of a workspace or account administrator; add the service principal to the group admins, or give it the account admin role.",
    };
  }
  const whole = await client.get("User", sample.id, { signal });
  if (whole.id !== sample.id) {
    return {
      status: "failed",
      received: "a user with another id than the one asked for",
      explanation: "Reading a user by id gives another user.",
      fix: "Report it to the vendor; nothing can be changed safely here.",
    };
  }
  return { status: "passed", received, explanation: "Users can be read in full. Writing is not tried." };
}

/** The discovery endpoints; their absence is normal for some services. */
export async function probeDiscovery(client: ScimClient, signal?: AbortSignal): Promise<Outcome> {
  const profile = await client.discover(signal);
  if (profile.source === "service") {
    const types = profile.resourceTypes.map(({ name }) => name).join(", ");
    return {
      status: "passed",
      received: types === "" ? "schemas" : `resource types ${types}`,
      explanation: "The service describes its schemas.",
    };
  }
  const explanation =
    `The service does not describe its schemas, so those of the RFCs are used. ${profile.notes.join(" ")}`.trim();
  return client.dialect.id === "databricks"
    ? { status: "passed", explanation: "Databricks has no discovery endpoints; its schemas are built in." }
    : { status: "warned", explanation, fix: "Nothing to do, unless the service has attributes of its own." };
}

/** How many there are, and whether one can be listed. */
export async function probeList(
  client: ScimClient,
  type: ResourceType,
  signal?: AbortSignal,
): Promise<{ page: ListPage; outcome: Outcome }> {
  const page = await client.list(type, { count: 1, startIndex: 1 }, signal);
  const noun = type === "User" ? "users" : "groups";
  const total = page.totalResults ?? 0;
  const limit = type === "User" ? client.dialect.capacity?.users : client.dialect.capacity?.groups;
  const received = `totalResults ${page.totalResults ?? "absent"}, ${page.resources.length} received`;
  if (total > 0 && page.resources.length === 0) {
    const fix = "Check the rights of the token; if it has them, report it to the vendor.";
    return {
      page,
      outcome: { status: "failed", received, fix, explanation: `The service counts ${total} ${noun}, but lists none.` },
    };
  }
  if (limit !== undefined && total > 0.9 * limit) {
    const fix = "Ask the vendor to raise the limit before adding more.";
    return {
      page,
      outcome: { status: "warned", received, fix, explanation: `${total} ${noun}, close to the limit of ${limit}.` },
    };
  }
  return {
    page,
    outcome: { status: "passed", received, explanation: `${total} ${total === 1 ? noun.slice(0, -1) : noun}.` },
  };
}

/** The lookup by which users are matched: nobody for a made-up name, exactly the right one for a real name. */
export async function probeFilter(
  client: ScimClient,
  sample: ScimResource | undefined,
  signal?: AbortSignal,
): Promise<Outcome> {
  const stranger = await client.findByAttribute("User", "userName", `${randomUUID()}@example.com`, { signal });
  if (stranger.length > 0) {
    return {
      status: "failed",
      received: `${stranger.length} users for a made-up user name`,
      explanation: "The service ignores the filter on userName, so a wrong user could be taken for the right one.",
      fix: "Provisioning against this service is not safe. Ask the vendor for filters on userName (RFC 7644 section 3.4.2.2).",
    };
  }
  const group = await client.findByAttribute("Group", "displayName", randomUUID(), {
    signal,
    excludedAttributes: ["members"],
  });
  if (group.length > 0) {
    return {
      status: "failed",
      received: `${group.length} groups for a made-up name`,
      explanation:
        "The service ignores the filter on displayName of groups, so a wrong group could be taken for the right one.",
      fix: "Leave groups out of provisioning, or ask the vendor for filters on displayName.",
    };
  }
  const userName = sample?.["userName"];
  if (sample === undefined || typeof userName !== "string") {
    return {
      status: "passed",
      received: "0 results for made-up names",
      explanation: "Unknown names are not found, as it should be.",
    };
  }
  const found = await client.findByAttribute("User", "userName", userName, { signal });
  if (found.length === 1 && found[0]?.id === sample.id) {
    return {
      status: "passed",
      received: "0 results for made-up names, 1 for a real one",
      explanation: "Users are found by userName, exactly.",
    };
  }
  return {
    status: "failed",
    received: `${found.length} results for the user name of a listed user`,
    explanation:
      found.length === 0
        ? "A user that the service lists is not found by its userName."
        : "The userName of one user finds others as well.",
    fix: "Matching would create duplicates. Choose another matching attribute, or report it to the vendor.",
  };
}

/** Two pages of one user each: different users, the same total. */
export async function probePaging(client: ScimClient, signal?: AbortSignal): Promise<Outcome> {
  const first = await client.list("User", { startIndex: 1, count: 1 }, signal);
  if ((first.totalResults ?? 0) < 2)
    return { status: "passed", explanation: "There are too few users for a second page." };
  const received = (second: ListPage) =>
    `totals ${first.totalResults ?? "absent"} and ${second.totalResults ?? "absent"}, ${first.resources.length} and ${second.resources.length} resources`;
  if (first.nextCursor !== undefined) {
    const second = await client.list("User", { cursor: first.nextCursor, count: 1 }, signal);
    return overlap(first, second)
      ? repeated(received(second))
      : { status: "passed", received: received(second), explanation: "Pages follow each other by cursor." };
  }
  const next = 1 + first.resources.length;
  const second = await client.list("User", { startIndex: next, count: 1 }, signal);
  if (overlap(first, second)) return repeated(received(second));
  if (second.resources.length === 0 && next <= (first.totalResults ?? 0)) {
    return {
      status: "failed",
      received: received(second),
      explanation: "The second page is empty although more users are announced, so the list cannot be read to its end.",
      fix: "Report it to the vendor.",
    };
  }
  if (first.totalResults !== second.totalResults) {
    return {
      status: "warned",
      received: received(second),
      explanation:
        "Two pages announce different totals, so a read can never be proved to be whole, and nothing would be removed on its ground.",
      fix: "Run the check again, in case users were just added; if it stays so, report it to the vendor.",
    };
  }
  return {
    status: "passed",
    received: received(second),
    explanation: "Pages follow each other, and their totals agree.",
  };
}

function overlap(first: ListPage, second: ListPage): boolean {
  const ids = new Set(first.resources.map(({ id }) => id));
  return second.resources.some(({ id }) => ids.has(id));
}

function repeated(received: string): Outcome {
  return {
    status: "failed",
    received,
    explanation:
      "The second page holds a user of the first: the service ignores startIndex, or its order is not stable.",
    fix: "Lists cannot be read reliably here. Report it to the vendor.",
  };
}

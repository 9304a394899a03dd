import { isComplex } from "../scim/values.ts";
import type { ResourceType, ScimDocument, ScimResource } from "../scim/resource.ts";
import { topLevelAttributes, findAttribute } from "../scim/schemaLookup.ts";
import { valueAt } from "./attributePath.ts";
import type { Change, ChangeRequest } from "./change.ts";
import { isMeant, storedDifferences } from "./conflict.ts";
import { faultOf, judge } from "./pushFault.ts";
import type { LookupKey } from "./pushResult.ts";
import { backoff } from "./sendExisting.ts";
import { idIn, PushHalt, resourceIn, type Sender, type Tally } from "./sender.ts";
import type { StepOutcome } from "./stepOutcome.ts";

export interface CreateOptions {
  /** When an earlier attempt may have sent it, in milliseconds since 1970; absent when none did. */
  readonly unsureSince?: number;
  readonly tally: Tally;
}

const attempts = 8;
/** How often a create may be refused as existing while nothing of its name is found. */
const refusals = 3;

/**
 * Sends the POST of a create, at most once as far as the service shows: when the outcome of an attempt is not known, the
 * resource is looked up by what names it before the next attempt. What is found is adopted only if it is what was sent.
 */
export async function sendCreate(
  sender: Sender,
  change: Change,
  request: ChangeRequest,
  options: CreateOptions,
): Promise<StepOutcome> {
  const { contextOf, dialect } = sender.options;
  const context = contextOf(change.resourceType);
  const sent = isComplex(request.body) ? request.body : {};
  const unique = isUnique(change.resourceType, sender);
  const { tally } = options;
  /** An attempt was made whose outcome is not known: when it was. */
  let unsureSince = options.unsureSince;
  try {
    for (let attempt = 0; ; attempt++) {
      if (unsureSince !== undefined) {
        // Where names are unique a second POST can only be refused; elsewhere the lookup must have caught up first.
        const found = await lookUp(sender, change, sent, unique ? Date.now() : unsureSince + dialect.settleMs, tally);
        const adopted = adopt(found, true);
        if (adopted) return adopted;
      }
      try {
        const answer = await sender.write(request, undefined, tally);
        const id = idIn(answer, change);
        const stored = resourceIn(answer);
        if (id !== undefined) {
          const differences = stored ? storedDifferences(sent, stored, context) : [];
          return {
            outcome: "pushed",
            targetId: id,
            ...(stored && { stored }),
            ...(differences.length > 0 && { differences }),
          };
        }
        unsureSince = Date.now();
      } catch (error) {
        if (error instanceof PushHalt) throw error;
        const verdict = judge(error, "POST");
        if (verdict === "exists") {
          const lost = unsureSince !== undefined;
          const found = await lookUp(sender, change, sent, Date.now() + (lost ? dialect.settleMs : 0), tally);
          const adopted = adopt(found, lost);
          if (adopted) return adopted;
          // Refused as existing, and not to be found: it is hidden from us, or another write was under way.
          if (attempt >= refusals) return { outcome: "failed", error: existsFault(change, error) };
        } else if (verdict !== "unsure") return { outcome: "failed", error: faultOf(error) };
        else {
          unsureSince = Date.now();
          if (attempt >= attempts - 1) return { outcome: "unknown", error: faultOf(error) };
        }
      }
      await sender.wait(backoff(attempt));
    }
  } catch (error) {
    const outcome = unsureSince === undefined ? "notSent" : "unknown";
    if (error instanceof PushHalt) return { outcome, error: error.fault, halt: error.fault };
    return { outcome: unsureSince === undefined ? "failed" : "unknown", error: faultOf(error) };
  }

  /** The outcome when the lookup found something; `lost` when it can be from an attempt of ours. */
  function adopt(found: readonly ScimResource[], lost: boolean): StepOutcome | undefined {
    const meant = found.filter((resource) => isMeant(sent, resource, context));
    const [stored] = meant;
    if (stored !== undefined && meant.length === 1) {
      return { outcome: lost ? "pushed" : "redundant", targetId: stored.id, stored };
    }
    if (meant.length > 1) {
      const message = `${meant.length} resources are like ${change.name}; which of them this push created cannot be told.`;
      return {
        outcome: "failed",
        error: { code: "ambiguous", message, fix: "Remove the surplus ones, then plan again." },
      };
    }
    return found.length > 0 && unique ? { outcome: "failed", error: existsFault(change) } : undefined;
  }
}

/** Looks the new resource up by what names it, again and again until the deadline (milliseconds since 1970). */
async function lookUp(
  sender: Sender,
  change: Change,
  sent: ScimDocument,
  deadline: number,
  tally: Tally,
): Promise<readonly ScimResource[]> {
  const keys = lookupKeys(change.resourceType, sent);
  for (let attempt = 0; ; attempt++) {
    for (const { path, value } of keys) {
      const found = await sender.find(change.resourceType, path, value, tally);
      if (found.length > 0) return found;
    }
    const left = deadline - Date.now();
    if (left <= 0) return [];
    await sender.wait(Math.min(left, 1000 * 2 ** attempt, 8000));
  }
}

const nameOf: Readonly<Record<ResourceType, string>> = {
  User: "userName",
  Group: "displayName",
  ServicePrincipal: "applicationId",
};

/** What a created resource can be found by: its name. */
function lookupKeys(type: ResourceType, sent: ScimDocument): readonly LookupKey[] {
  return [nameOf[type], ...(type === "ServicePrincipal" ? ["displayName"] : [])].flatMap((path) => {
    const value = valueAt(sent, path);
    return typeof value === "string" && value !== "" ? [{ path, value }] : [];
  });
}

/** Whether the service itself refuses a second resource of the same name. */
function isUnique(type: ResourceType, sender: Sender): boolean {
  const { schema } = sender.options.contextOf(type);
  const definition = findAttribute(topLevelAttributes(schema), nameOf[type]);
  return definition !== undefined && definition.uniqueness !== "none";
}

function existsFault(change: Change, error?: unknown) {
  const said = error instanceof Error ? ` The service says: ${error.message}` : "";
  return {
    code: "uniqueness",
    message: `A ${change.resourceType} named ${change.name} exists already and differs from what would be created.${said}`,
    fix: "Plan again: the plan then finds it and updates it.",
  };
}

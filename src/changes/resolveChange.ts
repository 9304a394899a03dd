import { isComplex } from "../scim/values.ts";
import { valueAt } from "./attributePath.ts";
import type { Change } from "./change.ts";
import type { Step } from "./pushOrder.ts";
import { resolveDocument, resolveRequest, type Resolve } from "./reference.ts";

/**
 * The part of a change that one step sends, with ids in the place of placeholders. What follows a create becomes a change
 * of the resource that was created: from what the POST sent to the whole document.
 */
export function resolveChange(
  change: Change,
  part: Step["part"],
  targetId: string | undefined,
  resolve: Resolve,
): { readonly change: Change; readonly absent: readonly string[] } {
  const absent: string[] = [];
  const requests = requestsOf(change, part).flatMap((request) => {
    const resolved = resolveRequest(request, resolve);
    absent.push(...resolved.absent);
    return resolved.request ? [resolved.request] : [];
  });
  const after = change.after && resolveDocument(change.after, resolve, []);
  const same = requests === change.requests || requests.every((request, at) => request === change.requests[at]);
  if (part === "whole" && same && after === change.after && absent.length === 0) return { change, absent };
  const body = resolvedPost(change, resolve);
  return {
    absent,
    change: {
      ...change,
      ...(part === "rest" &&
        targetId !== undefined && { action: "update", targetId, before: { ...body, id: targetId } }),
      ...(after && { after: part === "rest" && targetId !== undefined ? { ...after, id: targetId } : after }),
      requests,
    },
  };
}

function requestsOf(change: Change, part: Step["part"]): Change["requests"] {
  if (part === "whole") return change.requests;
  return part === "create" ? change.requests.slice(0, 1) : change.requests.slice(1);
}

/** What the POST of a create sent. */
function resolvedPost(change: Change, resolve: Resolve): Record<string, unknown> {
  const post = change.requests[0];
  const body = post && resolveRequest(post, resolve).request?.body;
  return isComplex(body) && valueAt(body, "Operations") === undefined ? body : {};
}

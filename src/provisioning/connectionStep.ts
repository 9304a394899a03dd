import { randomUUID } from "node:crypto";
import { HttpError } from "../http/errors.ts";
import { ScimError } from "../scim/errors.ts";
import type { ExplainStep } from "./explanation.ts";
import { step } from "./explainSteps.ts";
import type { JobContext } from "./jobContext.ts";

/**
 * Asks the target for somebody who does not exist, by the attribute that a cycle matches by: that takes the address, the
 * token and the filter, and tells nothing of anyone. The step fails for whatever the service or the way to it says.
 */
export async function connectionStep(
  { client, mappings }: JobContext,
  options: { readonly signal?: AbortSignal | undefined },
): Promise<ExplainStep> {
  const type = mappings.User === undefined ? "Group" : "User";
  const path = mappings[type]?.matching[0]?.row.target.path ?? (type === "User" ? "userName" : "displayName");
  const nobody = randomUUID();
  const query = { name: "query", value: `${path} eq "${nobody}"` };
  try {
    const found = await client.findByAttribute(type, path, nobody, options);
    const what = type === "User" ? "user" : "group";
    return step("connection", "success", `${client.baseUrl} answers: no ${what} for a value that nobody has.`, [
      query,
      { name: "answer", value: `${found.length} ${what}s` },
    ]);
  } catch (error) {
    if (!(error instanceof HttpError || error instanceof ScimError) || options.signal?.aborted === true) throw error;
    // A service that refuses the filter has been reached; how a cycle matches there is the plan's to say.
    if (error instanceof ScimError && error.scimType === "invalidFilter")
      return step("connection", "success", `${client.baseUrl} answers, without this filter: ${error.message}`, [query]);
    const fix = error instanceof HttpError && error.fix !== "" ? [{ name: "what to do", value: error.fix }] : [];
    return step("connection", "failure", error.message, [query, ...fix]);
  }
}

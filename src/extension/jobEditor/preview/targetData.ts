import type { RequestLog } from "../../../http/record.ts";
import type { TokenProvider } from "../../../http/token.ts";
import type { Job } from "../../../job/job.ts";
import { jobPaths } from "../../../job/paths.ts";
import { type Link, loadJobState } from "../../../provisioning/jobState.ts";
import { readAll } from "../../../provisioning/readTarget.ts";
import { stateFiles } from "../../../provisioning/stateFiles.ts";
import { TargetIndex } from "../../../provisioning/targetIndex.ts";
import { normalizeBaseUrl } from "../../../scim/baseUrl.ts";
import { ScimClient } from "../../../scim/client.ts";
import type { ScimResource } from "../../../scim/resource.ts";
import { builtinSchema } from "../../../scim/schemas/builtin.ts";
import type { Kind } from "../messages/view.ts";

/** What the service holds of one kind of object, and to which of it the job has linked its directory. */
export interface TargetData {
  readonly resources: readonly ScimResource[];
  /** By source id. */
  readonly links: ReadonlyMap<string, Link>;
  readonly readAt: Date;
}

/** The service holds more than was to be read. */
export class LargeTargetError extends Error {
  readonly code = "largeTarget";
}

export interface ReadTargetDataOptions {
  readonly token: TokenProvider;
  readonly log: RequestLog;
  /** More objects than this are not read, since each page is a request to the service. */
  readonly most: number;
  readonly onProgress: (done: number, total: number | undefined) => void;
}

/**
 * Reads what stands at the target of a job, by reads alone.
 * @param file the job file, beside which its links stand
 * @throws LargeTargetError, IncompleteTargetError, JobStateError, ScimError, HttpError
 */
export async function readTargetData(
  kind: Kind,
  connection: Job["connection"],
  file: string,
  { token, log, most, onProgress }: ReadTargetDataOptions,
): Promise<TargetData> {
  const type = kind === "users" ? "User" : "Group";
  const { baseUrl } = normalizeBaseUrl(connection.baseUrl);
  const client = new ScimClient({ baseUrl, dialect: connection.dialect, token, log });
  try {
    const total = most === Infinity ? 0 : await client.count(type);
    if (total > most) {
      throw new LargeTargetError(
        `It holds ${total.toLocaleString("en-US")} ${kind}, which takes ` +
          `${Math.ceil(total / client.dialect.page.size).toLocaleString("en-US")} requests.`,
      );
    }
    const schemas = { User: builtinSchema("User"), Group: builtinSchema("Group") };
    const index = new TargetIndex({ User: [], Group: [] }, schemas, client.dialect);
    await readAll(type, { client, index, onProgress });
    const state = await loadJobState(stateFiles(jobPaths(file).stateDir));
    return { resources: [...index.all(type)], links: state.links(type), readAt: new Date() };
  } finally {
    await client.close();
  }
}

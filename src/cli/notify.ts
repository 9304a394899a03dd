import { notifyJob } from "../provisioning/notifyJob.ts";
import type { JobContext } from "../provisioning/jobContext.ts";
import type { CliHost } from "./host.ts";
import { note } from "./host.ts";

/** Tells of a changed state of the job, by the ways that the job file and the environment name. */
export async function notifyFromEnvironment(host: CliHost, context: JobContext): Promise<void> {
  const smtpUrl = host.env["SCIM_SMTP_URL"];
  const from = host.env["SCIM_SMTP_FROM"];
  const problems = await notifyJob(context, {
    ...(smtpUrl !== undefined && { smtpUrl }),
    ...(from !== undefined && { from }),
  });
  for (const problem of problems) note(host, problem);
}

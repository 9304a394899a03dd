import { accountName } from "../../changes/account.ts";
import { runCycle } from "../../provisioning/cycle.ts";
import { watchJob } from "../../provisioning/watch.ts";
import type { CliHost } from "../host.ts";
import { exitCodes, note } from "../host.ts";
import { openJobFile, type OpenJobFileOptions } from "../openJobFile.ts";
import { tellOutcome } from "../outcome.ts";
import { notifyFromEnvironment } from "../notify.ts";
import { ProgressLine } from "../progress.ts";

export interface CycleCommandOptions extends OpenJobFileOptions {
  readonly watch?: boolean;
  readonly acceptRemovals?: boolean;
  readonly restart?: boolean;
  readonly format: "text" | "json";
}

/** `cycle JOB`: one cycle, or with `--watch` one every interval until it is stopped. */
export async function runCycleCommand(host: CliHost, jobName: string, options: CycleCommandOptions): Promise<number> {
  const context = await openJobFile(host, jobName, options);
  const progress = new ProgressLine(host);
  const once = async (initial: boolean) => {
    const result = await runCycle(context, {
      initiatedBy: options.watch ? "schedule" : "command line",
      ...(!options.watch && { who: accountName(host.env) }),
      respectEscrow: true,
      ...(initial && { initial: true }),
      ...(options.acceptRemovals && { acceptRemovals: true }),
      signal: host.signal,
      onPlanProgress: (step) => progress.plan(step),
      onPushProgress: (step) => progress.push(step),
      onResumed: ({ counts }) =>
        note(host, `An earlier push was not finished; ${counts.pushed} changes of it were sent now.`),
    });
    progress.clear();
    return tellOutcome(host, result, { format: options.format, jobName });
  };
  try {
    if (!options.watch) {
      const code = await once(options.restart === true);
      await notifyFromEnvironment(host, context);
      return code;
    }
    let first = options.restart === true;
    await watchJob(context, {
      signal: host.signal,
      cycle: async () => {
        await once(first);
        first = false;
      },
      afterCycle: () => notifyFromEnvironment(host, context),
      onWait: (until) => note(host, `Next cycle at ${until.toISOString()}. Ctrl-C stops.`),
      onError: (error) => note(host, error.message),
    });
    return exitCodes.ok;
  } finally {
    progress.clear();
    await context.close();
  }
}

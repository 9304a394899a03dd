import { join } from "node:path";
import type * as z from "zod";
import type { Change } from "../../../changes/change.ts";
import { accountName } from "../../../changes/account.ts";
import { acquireLock } from "../../../changes/lock.ts";
import type { PushReport } from "../../../changes/pushResult.ts";
import { isDone } from "../../../changes/pushResult.ts";
import { graphDirectories } from "../../../directory/graph/open.ts";
import type { GraphSettings } from "../../../directory/settings.ts";
import { graphEndpoint } from "../../../graph/clouds.ts";
import type { RequestRecord } from "../../../http/record.ts";
import { loadJob } from "../../../job/load.ts";
import { jobPaths, type JobPaths } from "../../../job/paths.ts";
import { acceptDrift, revokeAccepted } from "../../../provisioning/acceptDrift.ts";
import { cutOffPush } from "../../../provisioning/cutOff.ts";
import { keepPlan } from "../keptPlan.ts";
import type { CycleOptions, CycleOutcome } from "../../../provisioning/cycle.ts";
import { runCycle } from "../../../provisioning/cycle.ts";
import type { GuardVerdict } from "../../../provisioning/deletionGuard.ts";
import { guardDeletions } from "../../../provisioning/deletionGuard.ts";
import { explain } from "../../../provisioning/explain.ts";
import type { JobContext } from "../../../provisioning/jobContext.ts";
import { openJob } from "../../../provisioning/jobContext.ts";
import type { JobState } from "../../../provisioning/jobState.ts";
import { loadJobState } from "../../../provisioning/jobState.ts";
import type { PlanProgress } from "../../../provisioning/makePlan.ts";
import { makePlan } from "../../../provisioning/makePlan.ts";
import { notifyJob } from "../../../provisioning/notifyJob.ts";
import type { Plan } from "../../../provisioning/plan.ts";
import { withMemberNames } from "../../../provisioning/planNames.ts";
import { personCard } from "../../../provisioning/personCard.ts";
import { searchDirectory } from "../../../provisioning/search.ts";
import { stateFiles } from "../../../provisioning/stateFiles.ts";
import { planUndoOfJob, undoPush } from "../../../provisioning/undoJob.ts";
import { watchJob } from "../../../provisioning/watch.ts";
import { normalizeBaseUrl } from "../../../scim/baseUrl.ts";
import type { ObservedProfile } from "../../../scim/observed.ts";
import type { callSchemas, CycleAnswer, CycleProgress, Method, Methods, PlanAnswer, PushedChange } from "./protocol.ts";

/** What the engine needs from the window. */
export interface EngineHost {
  /** @throws HttpError `unauthorized` when there is no token for the address */
  readonly token: (baseUrl: string, refused: string | undefined) => Promise<string>;
  /** A token for Microsoft Graph. @throws HttpError `unauthorized` when nobody is signed in to the tenant */
  readonly graphToken: (graphUrl: string, tenantId: string) => Promise<string>;
  /** What the service of an address, in its normalised form, was seen to do. */
  readonly observed: (baseUrl: string) => Promise<ObservedProfile | undefined>;
  readonly onRequest: (baseUrl: string, record: RequestRecord) => void;
}

interface Call<M extends Method> {
  readonly signal: AbortSignal;
  readonly progress: (progress: Methods[M]["progress"]) => void;
}

export type EngineMethods = {
  readonly [M in Method]: (
    parameters: z.output<(typeof callSchemas)[M]>,
    call: Call<M>,
  ) => Promise<Methods[M]["answer"]>;
};

/** The lock that says which window has a job turned on, apart from the writer's lock that each cycle takes. */
const turnedOnFolder = "turned-on";

/** What the window can ask of the engine. Every rule is provisioning's; here files are opened and answers are cut to size. */
export function engineMethods(host: EngineHost): EngineMethods {
  const graph = (settings: GraphSettings, { stateDir }: JobPaths, signal: AbortSignal) => {
    const { graphUrl } = graphEndpoint(settings.baseUrl);
    return graphDirectories({
      token: (_endpoint, tenantId) => () => host.graphToken(graphUrl, tenantId),
      client: { signal, log: (record) => host.onRequest(graphUrl, record) },
      mirrorFile: join(stateDir, "directory.jsonl"),
    });
  };
  const open = async (file: string, signal: AbortSignal): Promise<JobContext> => {
    const paths = jobPaths(file);
    const job = await loadJob(paths.file);
    return await openJob(job, paths, {
      tokenFor: (baseUrl) => (refused) => host.token(baseUrl, refused),
      observed: await host.observed(normalizeBaseUrl(job.connection.baseUrl).baseUrl),
      signal,
      log: (record) => host.onRequest(job.connection.baseUrl, record),
      ...(job.directory.type === "graph" && { directories: { graph: graph(job.directory, paths, signal) } }),
    });
  };
  const withJob = async <T>(
    file: string,
    signal: AbortSignal,
    run: (context: JobContext) => Promise<T>,
  ): Promise<T> => {
    const context = await open(file, signal);
    try {
      return await run(context);
    } finally {
      await context.close();
    }
  };

  return {
    plan: ({ file, compare }, { signal, progress }) =>
      withJob(file, signal, async (context): Promise<PlanAnswer> => {
        const state = await loadJobState(context.files);
        const onProgress = (step: PlanProgress) => progress({ kind: "plan", progress: step });
        const planned = await makePlan(context, state, { now: new Date(), compare, signal, onProgress });
        const plan = withMemberNames(planned.plan, planned.names);
        await keep(context, plan);
        return { plan, guard: guardOf(context, state, plan.changes) };
      }),

    cycle: ({ file, only, ...options }, { signal, progress }) =>
      withJob(file, signal, async (context) => {
        let resumed = 0;
        const result = await runCycle(context, {
          ...options,
          ...(options.initiatedBy === "person" && { who: accountName(process.env) }),
          ...(only && { only: new Set(only) }),
          // A person took time to review, so each object is read again before it is written.
          verify: options.initiatedBy === "person",
          signal,
          onResumed: ({ counts }) => (resumed = counts.pushed + counts.redundant),
          ...cycleProgress(progress),
        });
        await notify(context);
        const plan = withMemberNames(result.planned.plan, result.planned.names);
        // A plan of one person takes the place of no other.
        if (options.focus === undefined) await keep(context, plan);
        const answer = answerOf({ ...result, plan }, context, await loadJobState(context.files));
        return { ...answer, ...(resumed > 0 && { resumed }) };
      }),

    acceptDrift: ({ file, changes }, { signal, progress }) =>
      withJob(file, signal, async (context) => {
        const onProgress = (step: PlanProgress) => progress({ kind: "plan", progress: step });
        return (await acceptDrift(context, changes, { now: new Date(), signal, onProgress })).length;
      }),

    revokeAccepted: ({ file, keys }) => revokeAccepted(stateFiles(jobPaths(file).stateDir), new Set(keys)),

    cutOff: ({ file }, { signal }) => cutOffPush(jobPaths(file).stateDir, { signal }),

    planUndo: ({ file, push }, { signal }) =>
      withJob(file, signal, async (context) => {
        const undo = await planUndoOfJob(context, { push, signal });
        return { ...undo, guard: guardOf(context, await loadJobState(context.files), undo.plan.changes) };
      }),

    undo: ({ file, only, ...options }, { signal, progress }) =>
      withJob(file, signal, async (context) => {
        const { plan, outcome, report, message } = await undoPush(context, {
          ...options,
          only: new Set(only),
          initiatedBy: "person",
          who: accountName(process.env),
          signal,
          onPushProgress: (step) => progress({ kind: "push", progress: step }),
        });
        return answerOf({ plan, outcome, report, message }, context, await loadJobState(context.files));
      }),

    watch: async ({ file }, { signal, progress }) => {
      const paths = jobPaths(file);
      const job = await loadJob(paths.file);
      const files = stateFiles(paths.stateDir);
      const lock = await acquireLock(join(files.directory, turnedOnFolder), `${job.name} is turned on in VS Code`);
      try {
        await watchJob(
          { job, files },
          {
            signal,
            // The job is opened anew for each cycle, so that what was saved meanwhile counts.
            cycle: () =>
              withJob(file, signal, async (context) => {
                progress({ kind: "started" });
                const { outcome, message } = await runCycle(context, {
                  initiatedBy: "schedule",
                  respectEscrow: true,
                  signal,
                  ...cycleProgress(progress),
                });
                await notify(context);
                progress({ kind: "finished", outcome, ...(message !== undefined && { message }) });
              }),
            afterCycle: () => Promise.resolve(),
            onWait: (until) => progress({ kind: "waiting", until: until.toISOString() }),
            onError: ({ message }) => progress({ kind: "failed", message }),
          },
        );
      } finally {
        await lock.release();
      }
      return null;
    },

    explain: ({ file, ...subject }, { signal }) =>
      withJob(file, signal, async (context) => {
        const state = await loadJobState(context.files);
        return explain(context, state, sourceOf(state, subject), { now: new Date(), signal });
      }),

    person: ({ file, ...subject }, { signal }) =>
      withJob(file, signal, async (context) => {
        const state = await loadJobState(context.files);
        return personCard(context, state, sourceOf(state, subject), { now: new Date(), signal });
      }),

    search: ({ file, text, limit }, { signal }) =>
      withJob(file, signal, (context) => searchDirectory(context, text, { limit, signal })),
  };
}

/** The directory's id of who is linked to an object of the target; otherwise the name that was given. */
function sourceOf(state: JobState, { who, targetId }: { readonly who: string; readonly targetId?: string }): string {
  if (targetId === undefined) return who;
  for (const links of [state.users, state.groups])
    for (const [sourceId, link] of links) if (link.targetId === targetId) return sourceId;
  return who;
}

function cycleProgress(
  progress: (told: CycleProgress) => void,
): Pick<CycleOptions, "onPlanProgress" | "onPushProgress"> {
  return {
    onPlanProgress: (step) => progress({ kind: "plan", progress: step }),
    onPushProgress: (step) => progress({ kind: "push", progress: step }),
  };
}

/** By mail and webhook, as the job file says; the window tells by itself. A notice that cannot be sent stops nothing. */
async function notify(context: JobContext): Promise<void> {
  const { SCIM_SMTP_URL: smtpUrl, SCIM_SMTP_FROM: from } = process.env;
  await notifyJob(context, { ...(smtpUrl !== undefined && { smtpUrl }), ...(from !== undefined && { from }) });
}

/** For a later window. A plan that cannot be kept is shown all the same. */
async function keep({ files }: JobContext, plan: Plan): Promise<void> {
  await keepPlan(files.directory, plan).catch(() => undefined);
}

/** What the deletion guard would say of changes if they were pushed now. */
function guardOf({ job }: JobContext, state: JobState, changes: readonly Change[]): GuardVerdict {
  const settings = job.settings.deletionGuard;
  return guardDeletions({ changes, settings, managed: state.managed, history: state.record.removals, now: new Date() });
}

/** What a cycle, a push or an undo came to, as the window hears of it. */
function answerOf({ outcome, plan, report, message }: Ended, context: JobContext, state: JobState): CycleAnswer {
  const done = new Set((report?.results ?? []).filter((each) => isDone(each.outcome)).map(({ changeId }) => changeId));
  const left = plan.changes.filter(({ id }) => !done.has(id));
  return {
    outcome,
    plan: { ...plan, changes: left },
    guard: guardOf(context, state, left),
    results: pushed(report),
    ...(message !== undefined && { message }),
  };
}

interface Ended {
  readonly outcome: CycleOutcome;
  readonly plan: Plan;
  readonly report?: PushReport | undefined;
  readonly message?: string | undefined;
}

/** What the window has to know of each change; the documents it has already. */
function pushed(report: PushReport | undefined): readonly PushedChange[] {
  return (report?.results ?? []).map(({ changeId, outcome, error, conflict }) => {
    const message = error?.message ?? conflict?.message;
    return { changeId, outcome, ...(message !== undefined && { message }) };
  });
}

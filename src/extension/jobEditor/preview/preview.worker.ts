import { parentPort } from "node:worker_threads";
import { describeDirectoryProblem, DirectoryError, type DirectoryProblem } from "../../../directory/source.ts";
import type { TokenProvider } from "../../../http/token.ts";
import { displayText } from "../../platform/text.ts";
import type { DirectoryState } from "../messages/previews.ts";
import { readDirectory, type DirectoryData } from "./directoryData.ts";
import { PreviewEngine } from "./engine.ts";
import type { FromWorker, LoadedDirectory, PreviewMethod, PreviewRequests, ToWorker } from "./protocol.ts";
import { readTargetData } from "./targetData.ts";

/** The thread behind the job editor: reads the directory and answers for it, so that typing never waits. */
const port = parentPort;
if (port === null) throw new Error("preview.worker runs as a worker thread only");

const problemLimit = 100;
/** More objects than this are read from a target only when a person asks for it. */
const mostUnasked = 20_000;
const engine = new PreviewEngine();
const tokens = new Map<number, { resolve: (token: string | undefined) => void; reject: (error: Error) => void }>();
let tokenRequests = 0;
/** Which reading of the target counts: a later one overtakes an earlier one. */
const readings = { users: 0, groups: 0 };

const send = (message: FromWorker): void => port.postMessage(message);

/**
 * The secret of an address stays with the extension until something is read there. It is asked for once, and after a refusal.
 *
 * @param tenantId of an address of Microsoft Graph
 */
function tokenOf(baseUrl: string, tenantId?: string): TokenProvider {
  let held: Promise<string | undefined> | undefined;
  return (refused) => {
    if (held !== undefined && refused === undefined) return held;
    held = new Promise((resolve, reject) => {
      const request = ++tokenRequests;
      tokens.set(request, { resolve, reject });
      send({ needToken: request, baseUrl, refused, ...(tenantId !== undefined && { tenantId }) });
    });
    return held;
  };
}

type Answer = PreviewRequests[PreviewMethod]["answer"];

type Handlers = {
  readonly [M in PreviewMethod]: (
    ...args: PreviewRequests[M]["args"]
  ) => PreviewRequests[M]["answer"] | Promise<PreviewRequests[M]["answer"]>;
};

const handlers: Handlers = {
  load: async (settings, baseDir, attributes) => {
    try {
      const directory = await readDirectory(settings, {
        baseDir,
        attributes,
        scimToken: tokenOf,
        graphToken: tokenOf,
        log: (baseUrl, request) => send({ request, baseUrl }),
      });
      engine.setDirectory(directory);
      return { state: stateOf(directory), attributes: directory.attributes };
    } catch (error) {
      engine.setDirectory(undefined);
      return failed(error);
    }
  },
  unload: () => {
    engine.setDirectory(undefined);
    return null;
  },
  target: async (kind, from) => {
    const reading = ++readings[kind];
    engine.setTarget(kind, undefined);
    if (from === null) return null;
    try {
      const target = await readTargetData(kind, from.connection, from.file, {
        token: tokenOf(from.connection.baseUrl),
        log: (request) => send({ request, baseUrl: from.connection.baseUrl }),
        most: from.asked ? Infinity : mostUnasked,
        onProgress: (done, total) => send({ targetOf: kind, done, total }),
      });
      if (reading !== readings[kind]) return null;
      engine.setTarget(kind, target);
      return { readAt: target.readAt.toISOString() };
    } catch (error) {
      if (reading !== readings[kind]) return null;
      return { why: displayText(error instanceof Error ? error.message : String(error), 500) };
    }
  },
  setJob: (job) => {
    engine.setJob(job);
    return null;
  },
  people: (kind, text) => engine.people(kind, text),
  step: (kind, from, by) => engine.step(kind, from, by) ?? null,
  results: (kind, id) => engine.results(kind, id) ?? null,
  population: async (kind, row) => (await engine.population(kind, row, (partial) => send({ partial }))) ?? null,
  scope: async (view) => (await engine.scope(view)) ?? null,
};

port.on("message", (message: ToWorker) => {
  if ("token" in message) {
    const waiting = tokens.get(message.token);
    tokens.delete(message.token);
    if ("value" in message) waiting?.resolve(message.value);
    else waiting?.reject(new Error(message.error));
    return;
  }
  void answer(message);
});

async function answer(message: Exclude<ToWorker, { token: number }>): Promise<void> {
  const { id, method, args } = message;
  try {
    const handler = handlers[method] as (...args: unknown[]) => Answer | Promise<Answer>;
    send({ id, answer: await handler(...args) });
  } catch (error) {
    send({ id, error: error instanceof Error ? error.message : String(error) });
  }
}

function stateOf(directory: DirectoryData): LoadedDirectory["state"] {
  const { description, users, groups, assignments, problems, readAt } = directory;
  return {
    state: "ready",
    description,
    users: users.length,
    groups: groups.length,
    assignments: assignments.length,
    readAt: readAt.toISOString(),
    problems: problems.slice(0, problemLimit).map(problemView),
    problemCount: problems.length,
  };
}

function failed(error: unknown): LoadedDirectory {
  const problems: readonly DirectoryProblem[] =
    error instanceof DirectoryError
      ? error.problems
      : [{ message: error instanceof Error ? error.message : String(error), severity: "error" }];
  return {
    state: {
      state: "failed",
      description: "",
      users: 0,
      groups: 0,
      assignments: 0,
      readAt: new Date().toISOString(),
      problems: problems.slice(0, problemLimit).map(problemView),
      problemCount: problems.length,
    },
    attributes: { users: [], groups: [] },
  };
}

function problemView(problem: DirectoryProblem): DirectoryState["problems"][number] {
  const { severity, file, line } = problem;
  return {
    message: displayText(describeDirectoryProblem(problem), 500),
    severity,
    ...(file !== undefined && { file }),
    ...(line !== undefined && { line }),
  };
}

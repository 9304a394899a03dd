import type { FaultInjector } from "./faults/injector.ts";
import type { RateLimiter } from "./rateLimit.ts";
import type { Random } from "./random.ts";
import type { Reply } from "./reply.ts";
import type { SandboxRequest } from "./request.ts";
import type { RequestLog } from "./requestLog.ts";
import type { Service } from "./service.ts";
import type { Visibility } from "./visibility.ts";

/** What stands between the wire and the service. */
export interface PipelineParts {
  readonly service: Service;
  readonly limiter: RateLimiter;
  /** Changes when a test sets other faults. */
  readonly faults: () => FaultInjector | undefined;
  readonly visibility: Visibility;
  /** For the coin that decides whether a read is behind. */
  readonly random: Random;
  readonly consistencyDelayMs: number;
  readonly requests: RequestLog;
  /** Taken off the paths in the log. */
  readonly basePath: string;
}

/** The way of one request: rate limit, faults, consistency delay, service, log. */
export function createPipeline(parts: PipelineParts): (request: SandboxRequest) => Reply {
  const { service, limiter, visibility, random, consistencyDelayMs, requests, basePath } = parts;
  const serve = (request: SandboxRequest): Reply => {
    const behind = consistencyDelayMs > 0 && request.method === "GET" && random.next() < 0.5;
    if (!behind) return service.answer(request);
    return visibility.during({ changed: consistencyDelayMs, created: 0 }, () => service.answer(request));
  };
  return (request) => {
    const refused = limiter.refuse(request);
    const injector = parts.faults();
    const { reply, fault } = refused
      ? { reply: refused, fault: undefined }
      : (injector?.answer(request, serve) ?? { reply: serve(request), fault: undefined });
    const { method, path, query } = request;
    requests.add({
      method,
      path: path.startsWith(basePath) ? path.slice(basePath.length) : path,
      query,
      status: reply.status,
      ...(fault !== undefined && { fault }),
    });
    return reply;
  };
}

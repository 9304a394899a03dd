import { Random } from "../random.ts";
import type { Reply } from "../reply.ts";
import type { SandboxRequest } from "../request.ts";
import type { Visibility } from "../visibility.ts";
import type { FaultPlan, PlannedFault, Scope } from "./spec.ts";

/** Strikes requests with the faults of a plan, in a repeatable way. */
export class FaultInjector {
  readonly #plan: FaultPlan;
  readonly #visibility: Visibility;
  readonly #now: () => number;
  readonly #random: Random;
  /** How many requests of its scope each fault has seen. */
  readonly #seen: number[];

  constructor(plan: FaultPlan, visibility: Visibility, now: () => number) {
    this.#plan = plan;
    this.#visibility = visibility;
    this.#now = now;
    this.#random = new Random(plan.seed);
    this.#seen = plan.faults.map(() => 0);
    if (plan.faults.some(({ name }) => name === "stale")) visibility.keepPast();
  }

  /** Answers a request, with the first fault that is due or without one, and tells which it was. */
  answer(
    request: SandboxRequest,
    next: (request: SandboxRequest) => Reply,
  ): { readonly reply: Reply; readonly fault?: string } {
    const due = this.#due(request);
    if (due === undefined) return { reply: next(request) };
    const { fault, name, value } = due;
    return { reply: fault.inject({ request, next, value, visibility: this.#visibility, now: this.#now }), fault: name };
  }

  /** Every fault counts and draws, so that one does not shift the luck of another. */
  #due(request: SandboxRequest): PlannedFault | undefined {
    let due: PlannedFault | undefined;
    for (const [at, planned] of this.#plan.faults.entries()) {
      if (planned.scope !== undefined && !isWithin(planned.scope, request)) continue;
      const nth = (this.#seen[at] ?? 0) + 1;
      this.#seen[at] = nth;
      const { when } = planned;
      const strikes = when.kind === "nth" ? when.numbers.has(nth) : this.#random.next() < when.share;
      if (strikes) due ??= planned;
    }
    return due;
  }
}

function isWithin(scope: Scope, { method, path }: SandboxRequest): boolean {
  const search = path.endsWith("/.search");
  if (scope === "WRITE") return method !== "GET" && !search;
  if (scope !== "LIST") return method === scope;
  return search || (method === "GET" && /\/(?:Users|Groups|ServicePrincipals)\/?$/.test(path));
}

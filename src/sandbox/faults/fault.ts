import type { Reply } from "../reply.ts";
import type { SandboxRequest } from "../request.ts";
import type { Visibility } from "../visibility.ts";

/** What a fault has to work with. */
export interface Injection {
  readonly request: SandboxRequest;
  /** Lets the service answer a request; what it changes is changed for good. */
  readonly next: (request: SandboxRequest) => Reply;
  /** The number behind the fault's name, or its default. */
  readonly value: number;
  readonly visibility: Visibility;
  readonly now: () => number;
}

/** One way in which a service can fail. */
export interface Fault {
  /** One line for the help text. */
  readonly description: string;
  /** What the number behind the name means; a fault without it takes none. */
  readonly parameter?: { readonly unit: string; readonly fallback: number };
  /** Answers in the place of the service; a fault that never calls `next` leaves everything as it was. */
  readonly inject: (injection: Injection) => Reply;
}

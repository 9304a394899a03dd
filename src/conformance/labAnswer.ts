import { elementsOf, property } from "../scim/values.ts";

/** An answer as it came, whatever its status. */
export interface Answer {
  readonly status: number;
  readonly text: string;
  /** The body as JSON; `undefined` when it is none. */
  readonly body: unknown;
  readonly header: (name: string) => string | undefined;
}

/** One request and its answer, as evidence: the bytes of both, long ones cut; never a token. */
export interface Exchange {
  readonly sent: string;
  readonly received: string;
}

/** The `id` of a body, if it has one. */
export function idOf(body: unknown): string | undefined {
  const id = property(body, "id");
  return typeof id === "string" && id !== "" ? id : undefined;
}

/** The resources of a list answer. */
export function resourcesOf({ body }: Answer): readonly unknown[] {
  return elementsOf(property(body, "Resources"));
}

/** The ids of the resources of a list answer. */
export function idsOf(answer: Answer): readonly string[] {
  return resourcesOf(answer).flatMap((resource) => idOf(resource) ?? []);
}

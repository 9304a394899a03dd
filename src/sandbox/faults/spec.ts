import { clip } from "../../scim/errors.ts";
import { faultCatalog } from "./catalog.ts";
import type { Fault } from "./fault.ts";

/** Requests that a fault can be held to: a method, lists, or everything that writes. */
export const scopes = ["GET", "POST", "PUT", "PATCH", "DELETE", "LIST", "WRITE"] as const;
export type Scope = (typeof scopes)[number];

/** When a fault strikes: with a probability, or at the nth requests of its scope. */
export type When =
  { readonly kind: "chance"; readonly share: number } | { readonly kind: "nth"; readonly numbers: ReadonlySet<number> };

export interface PlannedFault {
  readonly name: string;
  readonly fault: Fault;
  readonly value: number;
  readonly scope?: Scope;
  readonly when: When;
}

export interface FaultPlan {
  readonly faults: readonly PlannedFault[];
  /** Seed of the probabilities; the same seed and the same requests give the same faults. */
  readonly seed: number;
}

/** A fault specification that cannot be read; the message names the part and what would do. */
export class FaultSpecError extends Error {
  readonly code = "invalidFaultSpec";

  constructor(part: string, problem: string) {
    super(`The fault ${JSON.stringify(clip(part, 60))} cannot be used: ${problem}`);
    this.name = "FaultSpecError";
  }
}

/**
 * Reads a fault specification.
 *
 * ```
 * spec  = item *("," item)
 * item  = "seed=" whole-number | [scope "/"] name ["=" number] ":" when
 * scope = "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "LIST" | "WRITE"
 * when  = share | percent "%" | "#" n *("+" n)
 * ```
 *
 * For example `429=2:5%,PATCH/reset-after:#1+4,stale=60000:0.3,seed=7`: throttle five in a hundred requests for two seconds,
 * lose the answers of the first and the fourth PATCH, and let three of ten reads be up to a minute behind. At most one
 * fault strikes a request: the first of the list that is due. The names are those of `faultCatalog`.
 * @throws FaultSpecError
 */
export function parseFaultSpec(text: string): FaultPlan {
  let seed = 1;
  const faults: PlannedFault[] = [];
  for (const part of text.split(",").map((each) => each.trim())) {
    if (part === "") continue;
    const given = /^seed=(.*)$/.exec(part);
    if (!given) faults.push(parseFault(part));
    else if (/^\d{1,10}$/.test(given[1] ?? "")) seed = Number(given[1]);
    else throw new FaultSpecError(part, "a seed is a whole number, such as seed=7.");
  }
  return { faults, seed };
}

function parseFault(part: string): PlannedFault {
  const match = /^(?:([^/:=]*)\/)?([^/:=]+)(?:=([^:]*))?(?::(.*))?$/.exec(part);
  const [, scope, name = "", number, when] = match ?? [];
  const fault = Object.hasOwn(faultCatalog, name) ? faultCatalog[name] : undefined;
  if (!fault)
    throw new FaultSpecError(part, `there is no such fault. There are: ${Object.keys(faultCatalog).join(", ")}.`);
  if (when === undefined) {
    throw new FaultSpecError(
      part,
      `it does not say when. Add a share such as ${name}:0.05, or numbers such as ${name}:#1+3.`,
    );
  }
  return {
    name,
    fault,
    value: parseValue(part, fault, number),
    ...(scope !== undefined && { scope: parseScope(part, scope) }),
    when: parseWhen(part, when),
  };
}

function parseScope(part: string, text: string): Scope {
  const scope = scopes.find((each) => each === text.toUpperCase());
  if (scope === undefined)
    throw new FaultSpecError(part, `${JSON.stringify(clip(text, 60))} is none of ${scopes.join(", ")}.`);
  return scope;
}

function parseValue(part: string, { parameter }: Fault, text: string | undefined): number {
  if (parameter === undefined) {
    if (text !== undefined) throw new FaultSpecError(part, "this fault takes no number.");
    return 0;
  }
  if (text === undefined) return parameter.fallback;
  if (!/^\d{1,9}(?:\.\d{1,6})?$/.test(text)) {
    throw new FaultSpecError(part, `${JSON.stringify(clip(text, 60))} is no number of ${parameter.unit}.`);
  }
  if (parameter.unit === "percent" && Number(text) > 100) throw new FaultSpecError(part, "100 percent is the most.");
  return Number(text);
}

function parseWhen(part: string, text: string): When {
  if (text.startsWith("#")) {
    const numbers = text.slice(1).split("+");
    if (!numbers.every((number) => /^[1-9]\d{0,8}$/.test(number))) {
      throw new FaultSpecError(
        part,
        `${JSON.stringify(clip(text, 60))} is no list of request numbers such as #1+3; the first is 1.`,
      );
    }
    return { kind: "nth", numbers: new Set(numbers.map(Number)) };
  }
  const percent = text.endsWith("%");
  const digits = percent ? text.slice(0, -1) : text;
  const share = /^\d{1,3}(?:\.\d{1,6})?$/.test(digits) ? Number(digits) / (percent ? 100 : 1) : NaN;
  if (!(share >= 0 && share <= 1)) {
    throw new FaultSpecError(part, `${JSON.stringify(clip(text, 60))} is no share from 0 to 1, or from 0% to 100%.`);
  }
  return { kind: "chance", share };
}

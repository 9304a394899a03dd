import { afterEach, expect } from "vitest";
import type { ScimDocument } from "../../src/scim/resource.ts";
import { urns } from "../../src/scim/resource.ts";

/** Inputs for each language; `FUZZ_RUNS=1000000` for a long look (`npm run soak`). */
export const runs = Number(process.env["FUZZ_RUNS"] ?? 50_000);
export const seed = Number(process.env["FUZZ_SEED"] ?? 1);
export const timeout = 60_000 + runs * 2;

/** The most that a message may say, whatever the input. */
export const longestMessage = 2_100;

type Constructor = abstract new (...args: never[]) => Error;

/** Runs a parser over one input: it gives a value, or throws an error of its own whose message is bounded. */
export function attempt<T>(
  input: string,
  errors: readonly Constructor[],
  parse: () => T,
  most = longestMessage,
): T | undefined {
  try {
    return parse();
  } catch (error) {
    if (error instanceof Error && errors.some((each) => error instanceof each)) {
      if (error.message.length === 0 || error.message.length > most) {
        throw new Error(`A message of ${error.message.length} characters for ${JSON.stringify(input.slice(0, 200))}`, {
          cause: error,
        });
      }
      return undefined;
    }
    throw new Error(`${String(error)} for ${JSON.stringify(input.slice(0, 500))}`, { cause: error });
  }
}

/** Holds that no test of the file leaves anything behind in the prototypes of all objects. */
export function keepPrototypes(): void {
  const prototypes = [Object.prototype, Array.prototype, String.prototype, Function.prototype];
  const before = prototypes.map((prototype) => Reflect.ownKeys(prototype).length);
  afterEach(() => {
    expect(prototypes.map((prototype) => Reflect.ownKeys(prototype).length)).toEqual(before);
  });
}

export const user: ScimDocument = {
  schemas: [urns.user, urns.enterpriseUser],
  id: "1",
  userName: "ada@contoso.com",
  name: { givenName: "Ada", familyName: "Lovelace" },
  emails: [
    { value: "ada@contoso.com", type: "work", primary: true },
    { value: "a@example.com", type: "home" },
  ],
  active: true,
  [urns.enterpriseUser]: { department: "Data", manager: { value: "2" } },
  meta: { created: "2026-01-01T00:00:00Z" },
};

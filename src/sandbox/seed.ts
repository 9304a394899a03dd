import * as z from "zod";

const person = z.looseObject({
  /** A name for the person within the seed, for `members`; not the id that the sandbox gives. */
  key: z.string().min(1).optional(),
  userName: z.string().min(1),
});

const group = z.looseObject({
  key: z.string().min(1).optional(),
  displayName: z.string().min(1),
  /** Keys, user names or group names. */
  members: z.array(z.string().min(1)).optional(),
});

const servicePrincipal = z.looseObject({ key: z.string().min(1).optional(), applicationId: z.uuid().optional() });

/** What a seed file holds: SCIM attributes, and members by name instead of by id. */
export const seedSchema = z.strictObject({
  users: z.array(person).default([]),
  groups: z.array(group).default([]),
  servicePrincipals: z.array(servicePrincipal).default([]),
});

export type Seed = z.input<typeof seedSchema>;

/** A seed that is not as it should be, with every problem and its place. */
export class SeedError extends Error {
  readonly code = "invalidSeed";
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`The seed cannot be used: ${problems.join("; ")}.`);
    this.name = "SeedError";
    this.problems = problems;
  }
}

/**
 * Reads a seed file: `{ "users": [{ "userName": … }], "groups": [{ "displayName": …, "members": ["userName or displayName"] }],
 * "servicePrincipals": [] }`, attributes as in SCIM.
 * @throws SeedError naming every problem.
 */
export function parseSeed(text: string): Seed {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new SeedError([`it is not JSON (${error instanceof Error ? error.message : String(error)})`]);
  }
  return checkSeed(value);
}

/** Checks a seed and fills in what may be left out. @throws SeedError naming every problem. */
export function checkSeed(value: unknown): z.output<typeof seedSchema> {
  const parsed = seedSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new SeedError(
    parsed.error.issues.slice(0, 20).map(({ path, message }) => {
      const where = path.map(String).join(".");
      return where === "" ? message : `${where}: ${message}`;
    }),
  );
}

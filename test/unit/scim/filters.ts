import fc from "fast-check";
import {
  type AttributePath,
  compareOperators,
  type Filter,
  type FilterLiteral,
} from "../../../src/scim/filter/filter.ts";

const names = fc.constantFrom("userName", "emails", "x-1_y", "$ref", "eq", "pr", "AND1");
const urns = fc.constantFrom("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:a.b:c%20d", "x");

const path = (sub: boolean): fc.Arbitrary<AttributePath> =>
  fc
    .tuple(
      fc.option(urns, { nil: undefined }),
      names,
      sub ? fc.option(names, { nil: undefined }) : fc.constant(undefined),
    )
    .map(([schema, name, part]) => ({
      ...(schema !== undefined && { schema }),
      name,
      ...(part !== undefined && { sub: part }),
    }));

const literal: fc.Arbitrary<FilterLiteral> = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.constantFrom('"', "\\", "a]b (x) and y", "\u0000\ud800"),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
  fc.boolean(),
  fc.constant(null),
);

const present = path(true).map((each): Filter => ({ kind: "present", path: each }));
const compare = fc
  .record({ path: path(true), operator: fc.constantFrom(...compareOperators), value: literal })
  .map((each): Filter => ({ kind: "compare", ...each }));
const condition = fc.oneof(present, compare);

/** Chains of one kind hold no chain of the same kind, as the parser gives them. */
const chain = (kind: "and" | "or", part: fc.Arbitrary<Filter>): fc.Arbitrary<Filter> =>
  fc
    .array(part, { minLength: 2, maxLength: 4 })
    .map((filters) => ({ kind, filters: filters.flatMap((each) => (each.kind === kind ? each.filters : [each])) }));

const combined = (leaf: fc.Arbitrary<Filter>, depth: number): fc.Arbitrary<Filter> => {
  if (depth === 0) return leaf;
  const part = combined(leaf, depth - 1);
  return fc.oneof(
    { weight: 3, arbitrary: leaf },
    { weight: 2, arbitrary: chain("and", part) },
    { weight: 2, arbitrary: chain("or", part) },
    { weight: 1, arbitrary: part.map((filter): Filter => ({ kind: "not", filter })) },
  );
};

const valuePath = fc
  .record({ path: path(false), filter: combined(condition, 2) })
  .map((each): Filter => ({ kind: "value", ...each }));

/** Any filter, in the shape in which the parser gives it. */
export const filters: fc.Arbitrary<Filter> = combined(fc.oneof({ weight: 4, arbitrary: condition }, valuePath), 3);

const textLiteral = fc.constantFrom("a", "ann", "example", "@", "b@x.example", "work", "");
const textComparison = fc
  .record({
    name: fc.constantFrom("userName", "title", "displayName", "emails.value", "emails.type", "name.givenName", "id"),
    operator: fc.constantFrom("eq", "ne", "co", "sw", "ew", "gt", "le"),
    value: textLiteral,
  })
  .map(({ name, operator, value }) => `${name} ${operator} ${JSON.stringify(value)}`);

/** Filters that suit the User schema, as text. */
export const userConditions: fc.Arbitrary<string> = fc.oneof(
  textComparison,
  fc.constantFrom("active eq true", "title pr", "emails pr", "emails.display eq null", "name ne null", "shoeSize pr"),
  fc
    .tuple(fc.constantFrom("work", "home"), textLiteral)
    .map(([type, value]) => `emails[type eq "${type}" and value co ${JSON.stringify(value)}]`),
);

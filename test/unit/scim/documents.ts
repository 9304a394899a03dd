import fc from "fast-check";
import type { PatchForms } from "../../../src/scim/dialects/dialect.ts";
import { urns } from "../../../src/scim/resource.ts";

/** The PATCH forms of the RFC, and of Entra's default client against a service without filtered paths. */
export const rfcForms: PatchForms = {
  removeMember: "filter",
  membersPerOperation: 3,
  operationsPerRequest: 10,
  filteredPaths: true,
  booleans: "json",
  operationCase: "lower",
};
export const entraForms: PatchForms = {
  removeMember: "value",
  membersPerOperation: 2,
  operationsPerRequest: 2,
  filteredPaths: false,
  booleans: "text",
  operationCase: "capital",
};

/** Text that tries what quoting, case and emptiness can do. */
const text = fc.oneof(
  fc.constantFrom("", "a", "A", "Zoë", 'say "hi"', "back\\slash", "a]b (x) and y", "true", "\u2028", "0"),
  fc.string({ maxLength: 6 }),
);
const some = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(value, { nil: undefined, freq: 2 });

/** Leaves keys out where a value is undefined, as a document from JSON would. */
const record = (model: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<Record<string, unknown>> =>
  fc
    .record(model)
    .map((object) => Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)));

/** Elements of which at most one is primary, as RFC 7643 section 2.4 asks. */
const plural = (types: readonly string[], values: readonly string[]): fc.Arbitrary<unknown> =>
  fc
    .array(
      record({
        value: fc.oneof(fc.constantFrom(...values), text),
        type: some(fc.constantFrom(...types)),
        display: some(text),
        primary: some(fc.boolean()),
      }),
      { maxLength: 5 },
    )
    .map((elements) => {
      const first = elements.findIndex(({ primary }) => primary === true);
      return elements.map((element, index) =>
        element["primary"] === true && index !== first ? { ...element, primary: false } : element,
      );
    });

const name = record({
  givenName: some(text),
  familyName: some(text),
  formatted: some(text),
  middleName: some(fc.constant(null)),
});

const enterprise = record({
  department: some(text),
  costCenter: some(text),
  manager: some(record({ value: some(fc.constantFrom("1", "2")), displayName: some(text) })),
});

export const users = record({
  schemas: fc.constant([urns.user]),
  id: fc.constant("7"),
  userName: fc.constantFrom("ann@example.com", "Ann@Example.com", "bob@example.com"),
  externalId: some(text),
  name: some(name),
  displayName: some(text),
  title: some(fc.option(text)),
  active: some(fc.oneof(fc.boolean(), fc.constantFrom("True", "false"))),
  emails: some(plural(["work", "home", "Work", "other"], ["a@x.example", "A@x.example", "b@x.example"])),
  phoneNumbers: some(plural(["work", "mobile"], ["1", "2"])),
  roles: some(plural(["r", "s"], ["admin", "reader"])),
  addresses: some(
    fc.array(record({ type: some(fc.constantFrom("work", "home")), locality: some(text) }), { maxLength: 3 }),
  ),
  groups: some(fc.constant([{ value: "9", display: "Ops" }])),
  meta: some(record({ lastModified: fc.constantFrom("2024-05-01T10:00:00Z", "2025-01-01T00:00:00Z") })),
  [urns.enterpriseUser]: some(enterprise),
  vendorLevel: some(
    fc.oneof(
      text,
      fc.integer(),
      fc.array(fc.integer(), { maxLength: 3 }),
      record({ a: some(text), b: some(fc.integer()) }),
    ),
  ),
  "urn:example:vendor:1.0:User": some(
    record({ badge: some(text), floors: some(fc.array(fc.integer(), { maxLength: 2 })) }),
  ),
});

const member = record({
  value: fc.integer({ min: 1, max: 12 }).map(String),
  display: some(text),
  type: some(fc.constantFrom("User", "Group")),
  $ref: some(fc.constantFrom("Users/1", null)),
});

export const groups = record({
  schemas: fc.constant([urns.group]),
  id: fc.constant("9"),
  displayName: fc.constantFrom("Ops", "ops", "Data"),
  externalId: some(text),
  members: some(fc.uniqueArray(member, { maxLength: 12, selector: ({ value }) => value })),
});

import { elementsOf, property } from "../../scim/values.ts";
import type { Lab, Made } from "../lab.ts";
import { judged, type Finding, type Rule } from "../rule.ts";
import { judgeError } from "./discoveryRules.ts";

interface PatchCase {
  readonly id: string;
  readonly expected: string;
  readonly operations: (user: Made) => readonly unknown[];
  readonly holds: (stored: unknown, user: Made) => boolean;
  readonly fix: string;
}

const source = "RFC 7644 section 3.5.2";
const emailsOf = (stored: unknown) => elementsOf(property(stored, "emails"));
const emailOf = (stored: unknown, type: string) =>
  property(
    emailsOf(stored).find((email) => property(email, "type") === type),
    "value",
  );
const otherForm = "Use the other forms of PATCH here, or PUT.";

const cases: readonly PatchCase[] = [
  {
    id: "replacePath",
    expected: "replace with a path sets a single value.",
    operations: () => [{ op: "replace", path: "displayName", value: "New" }],
    holds: (stored) => property(stored, "displayName") === "New",
    fix: otherForm,
  },
  {
    id: "replaceWithoutPath",
    expected: "replace without a path sets each attribute of its value and leaves the others.",
    operations: () => [{ op: "replace", value: { displayName: "New", active: false } }],
    holds: (stored, user) =>
      property(stored, "displayName") === "New" &&
      property(stored, "active") === false &&
      String(property(stored, "userName")).toLowerCase() === String(user.sent.userName),
    fix: otherForm,
  },
  {
    id: "pathCase",
    expected: "Paths are read in any letter case.",
    operations: () => [{ op: "replace", path: "DISPLAYNAME", value: "New" }],
    holds: (stored) => property(stored, "displayName") === "New",
    fix: "Send attribute names as the schema spells them.",
  },
  {
    id: "subAttribute",
    expected: "A path to a sub-attribute changes that part alone.",
    operations: () => [{ op: "replace", path: "name.familyName", value: "Newer" }],
    holds: (stored) =>
      property(property(stored, "name"), "familyName") === "Newer" &&
      property(property(stored, "name"), "givenName") === "Scim",
    fix: "Send the whole name here.",
  },
  {
    id: "complexMerges",
    expected: "replace of a complex attribute keeps the parts that it does not name.",
    operations: () => [{ op: "replace", path: "name", value: { familyName: "Newer" } }],
    holds: (stored) =>
      property(property(stored, "name"), "familyName") === "Newer" &&
      property(property(stored, "name"), "givenName") === "Scim",
    fix: "Send the whole name here.",
  },
  {
    id: "addValue",
    expected: "add to a multi-valued attribute appends.",
    operations: () => [{ op: "add", path: "emails", value: [{ value: "home@example.com", type: "home" }] }],
    holds: (stored) => emailOf(stored, "home") === "home@example.com" && emailsOf(stored).length === 2,
    fix: "Do not map further addresses here.",
  },
  {
    id: "removeAttribute",
    expected: "remove with a path unassigns the attribute.",
    operations: () => [{ op: "remove", path: "displayName" }],
    holds: (stored) => property(stored, "displayName") === undefined,
    fix: "Expect that values cannot be cleared here.",
  },
  {
    id: "filteredPath",
    expected: "A path with a value filter changes the part of the matching value.",
    operations: () => [{ op: "replace", path: 'emails[type eq "work"].value', value: "new@example.com" }],
    holds: (stored) => emailOf(stored, "work") === "new@example.com",
    fix: "Send the whole list here.",
  },
  {
    id: "removeFiltered",
    expected: "remove with a value filter takes the matching values out.",
    operations: () => [{ op: "remove", path: 'emails[type eq "work"]' }],
    holds: (stored) => emailsOf(stored).length === 0,
    fix: "Send the whole list here.",
  },
  {
    id: "userName",
    expected: "userName can be changed.",
    operations: (user) => [{ op: "replace", path: "userName", value: `renamed-${String(user.sent.userName)}` }],
    holds: (stored, user) => property(stored, "userName") === `renamed-${String(user.sent.userName)}`,
    fix: "Whoever is renamed needs a new account here; plan it by hand.",
  },
];

interface Refusal {
  readonly id: string;
  readonly expected: string;
  readonly operations: readonly unknown[];
  readonly scimTypes: readonly string[];
}

const refusals: readonly Refusal[] = [
  {
    id: "noTarget",
    expected: "replace on a value filter that meets nothing is refused with 400 noTarget.",
    operations: [{ op: "replace", path: 'emails[type eq "none"].value', value: "x@example.com" }],
    scimTypes: ["noTarget"],
  },
  {
    id: "removeWithoutPath",
    expected: "remove without a path is refused with 400 noTarget.",
    operations: [{ op: "remove" }],
    scimTypes: ["noTarget"],
  },
  {
    id: "invalidPath",
    expected: "A malformed path is refused with 400 invalidPath.",
    operations: [{ op: "replace", path: "emails[type eq", value: "x" }],
    scimTypes: ["invalidPath", "invalidFilter"],
  },
  {
    id: "readOnly",
    expected: "A change of a read-only attribute is refused with 400 mutability.",
    operations: [{ op: "replace", path: "id", value: "other" }],
    scimTypes: ["mutability"],
  },
  {
    id: "unknownOperation",
    expected: "An unknown operation is refused with 400 invalidSyntax.",
    operations: [{ op: "move", path: "displayName", value: "x" }],
    scimTypes: ["invalidSyntax", "invalidValue"],
  },
];

/** PATCH of a user, in the forms of the RFC. */
export const patchRules: readonly Rule[] = [
  ...cases.map(({ id, expected, operations, holds, fix }): Rule => ({
    id: `patch.${id}`,
    origin: "RFC",
    source,
    expected,
    kind: "write",
    probe: async (lab) => tryPatch(lab, operations, holds, fix),
  })),
  ...refusals.map(({ id, expected, operations, scimTypes }): Rule => ({
    id: `patch.${id}`,
    origin: "RFC",
    source: "RFC 7644 sections 3.5.2 and 3.12",
    expected,
    kind: "write",
    probe: async (lab) => judgeError(await lab.patch((await lab.made("User")).path, operations), [400], scimTypes),
  })),
  {
    id: "patch.atomic",
    origin: "RFC",
    source,
    expected: "A PATCH is applied whole or not at all: when its second operation fails, its first is not done.",
    kind: "write",
    probe: async (lab) => {
      const user = await lab.made("User", { displayName: "Before" });
      const { status } = await lab.patch(user.path, [
        { op: "replace", path: "displayName", value: "Half" },
        { op: "remove" },
      ]);
      const stored = property(await lab.read(user.path), "displayName");
      return judged(
        status >= 400 && stored === "Before",
        `Answers ${status}; displayName is ${JSON.stringify(stored ?? null)}.`,
        "Send one operation in a request here, and read back.",
      );
    },
  },
  {
    id: "patch.primary",
    origin: "RFC",
    source,
    expected: "A value that becomes primary takes that from the others.",
    kind: "write",
    probe: async (lab) =>
      tryPatch(
        lab,
        () => [{ op: "add", path: "emails", value: [{ value: "first@example.com", type: "other", primary: true }] }],
        (stored) => {
          const primary = emailsOf(stored).filter((email) => property(email, "primary") === true);
          return primary.length === 1 && property(primary[0], "value") === "first@example.com";
        },
        "Send the whole list here.",
      ),
  },
];

async function tryPatch(
  lab: Lab,
  operations: PatchCase["operations"],
  holds: PatchCase["holds"],
  fix: string,
): Promise<Finding> {
  const user = await lab.made("User", { displayName: "Before" });
  const { status } = await lab.patch(user.path, operations(user));
  const stored = await lab.read(user.path);
  const done = holds(stored, user);
  const observed =
    status >= 400
      ? `Refused with ${status}.`
      : done
        ? `Answers ${status}, and it is so.`
        : `Answers ${status}, and nothing of it is to be seen.`;
  return judged(status < 300 && done, observed, fix);
}

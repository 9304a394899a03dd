import { elementsOf, property } from "../../scim/values.ts";
import type { Lab, Made } from "../lab.ts";
import { idOf, idsOf } from "../labAnswer.ts";
import { judged, type Finding, type Rule } from "../rule.ts";

const membersOf = (group: unknown) =>
  elementsOf(property(group, "members")).map((member) => String(property(member, "value")));

/** Groups and their members. */
export const groupRules: readonly Rule[] = [
  membership(
    "group.create",
    "RFC 7643 section 4.2",
    "A group is created with the members that it is sent with.",
    async ({ lab, people }) => {
      const created = await lab.made("Group", { members: people.map(({ id }) => ({ value: id })) });
      return { answer: { status: 201 }, group: created, expected: ids(people) };
    },
  ),
  membership(
    "group.addMember",
    "RFC 7644 section 3.5.2.1",
    "add puts members in, and those who are there already are not doubled.",
    async ({ lab, group, people }) => {
      const answer = await lab.patch(group.path, [
        { op: "add", path: "members", value: people.map(({ id }) => ({ value: id })) },
      ]);
      return { answer, group, expected: ids(people) };
    },
  ),
  membership(
    "group.removeMember",
    "RFC 7644 section 3.5.2.2",
    'remove with members[value eq "…"] takes out that member alone.',
    async ({ lab, group, people }) => {
      const [first, second] = people;
      await lab.patch(group.path, [{ op: "add", path: "members", value: [{ value: second.id }] }]);
      const answer = await lab.patch(group.path, [
        { op: "remove", path: `members[value eq ${JSON.stringify(first.id)}]` },
      ]);
      return { answer, group, expected: [second.id] };
    },
  ),
  membership(
    "group.replaceMembers",
    "RFC 7644 section 3.5.2.3",
    "replace of members sets the whole list.",
    async ({ lab, group, people }) => {
      const answer = await lab.patch(group.path, [
        { op: "replace", path: "members", value: [{ value: people[1].id }] },
      ]);
      return { answer, group, expected: [people[1].id] };
    },
  ),
  membership(
    "group.removeAll",
    "RFC 7644 section 3.5.2.2",
    "remove of members without a filter empties the group.",
    async ({ lab, group }) => {
      return { answer: await lab.patch(group.path, [{ op: "remove", path: "members" }]), group, expected: [] };
    },
  ),
  {
    id: "group.rename",
    origin: "RFC",
    source: "RFC 7643 section 4.2",
    expected: "displayName of a group can be changed, and its members stay.",
    kind: "write",
    probe: async (lab) => {
      const user = await lab.made("User");
      const group = await lab.made("Group", { members: [{ value: user.id }] });
      const displayName = lab.unique();
      const { status } = await lab.patch(group.path, [{ op: "replace", path: "displayName", value: displayName }]);
      const stored = await lab.read(group.path);
      const done = property(stored, "displayName") === displayName && membersOf(stored).includes(user.id);
      return judged(status < 300 && done, `Answers ${status}.`, "Rename groups by hand here.");
    },
  },
  {
    id: "group.ofUser",
    origin: "RFC",
    source: "RFC 7643 section 4.1.2",
    expected: "A user's groups name the groups that hold the user.",
    kind: "write",
    probe: async (lab) => {
      const user = await lab.made("User");
      const group = await lab.made("Group", { members: [{ value: user.id }] });
      const groups = elementsOf(property(await lab.read(user.path), "groups")).map((each) => property(each, "value"));
      return judged(
        groups.includes(group.id),
        groups.includes(group.id) ? "Named." : "Not named.",
        "Ask the groups for their members here.",
      );
    },
  },
  {
    id: "group.excludeMembers",
    origin: "RFC",
    source: "RFC 7644 section 3.9",
    expected: "excludedAttributes=members leaves the members of a group out.",
    kind: "write",
    probe: async (lab) => {
      const user = await lab.made("User");
      const group = await lab.made("Group", { members: [{ value: user.id }] });
      const { status, body } = await lab.get(`${group.path}?excludedAttributes=members`);
      return judged(
        status === 200 && idOf(body) === group.id && property(body, "members") === undefined,
        `Answers ${status} ${property(body, "members") === undefined ? "without" : "with"} members.`,
        "Expect long answers for large groups.",
      );
    },
  },
  {
    id: "group.memberFilter",
    origin: "RFC",
    source: "RFC 7644 section 3.4.2.2",
    expected: "Groups can be filtered by a member.",
    kind: "write",
    probe: async (lab) => {
      const user = await lab.made("User");
      const group = await lab.made("Group", { members: [{ value: user.id }] });
      const answer = await lab.list("Group", { filter: `members.value eq ${JSON.stringify(user.id)}` });
      const stranger = await lab.list("Group", { filter: `members.value eq ${JSON.stringify(group.id)}` });
      const [found, foundToo] = [idsOf(answer).includes(group.id), idsOf(stranger).includes(group.id)];
      const observed = foundToo
        ? "The filter is ignored."
        : found
          ? "Found, and only then."
          : `Answers ${answer.status}.`;
      return judged(found && !foundToo, observed, "Ask the user for its groups here.");
    },
  },
];

interface Setting {
  readonly lab: Lab;
  /** A group that holds the first of the people. */
  readonly group: Made;
  readonly people: readonly [Made, Made];
}

interface Done {
  readonly answer: { readonly status: number };
  readonly group: Made;
  readonly expected: readonly string[];
}

/** A rule about what a request makes of the members of a group. */
export function membership(
  id: string,
  source: string,
  expected: string,
  act: (setting: Setting) => Promise<Done>,
  origin: Rule["origin"] = "RFC",
): Rule {
  return {
    id,
    origin,
    source,
    expected,
    kind: "write",
    probe: async (lab): Promise<Finding> => {
      const people = [await lab.made("User"), await lab.made("User")] as const;
      const group = await lab.made("Group");
      await lab.patch(group.path, [{ op: "add", path: "members", value: [{ value: people[0].id }] }]);
      const { answer, group: changed, expected: wanted } = await act({ lab, group, people });
      const members = membersOf(await lab.read(changed.path));
      const same = members.toSorted().join() === wanted.toSorted().join();
      const fix = "Read groups back after each change here, and send members one by one.";
      return judged(
        answer.status < 300 && same,
        `Answers ${answer.status}; ${members.length} of ${wanted.length} members.`,
        fix,
      );
    },
  };
}

export function ids(people: readonly Made[]): readonly string[] {
  return people.map(({ id }) => id);
}

import { urns } from "../../scim/resource.ts";
import { elementsOf, property } from "../../scim/values.ts";
import { resourcesOf } from "../labAnswer.ts";
import { departed, judged, type Rule } from "../rule.ts";
import { ids, membership } from "./groupRules.ts";

const entra = 'Microsoft Entra ID documentation, "Develop a SCIM endpoint"';
const okta = 'Okta developer documentation, "SCIM 2.0 protocol reference"';
const jumpCloud = 'JumpCloud support, "Custom SCIM identity management"';

/** The requests of the identity providers in use, as they send them. */
export const clientRules: readonly Rule[] = [
  {
    id: "entra.testConnection",
    origin: "Entra",
    source: entra,
    expected: "The connection test, a filter for somebody who does not exist, answers 200 and an empty list.",
    kind: "read",
    probe: async (lab) => {
      const users = await lab.list("User", { filter: `userName eq "${lab.unique()}"` });
      const groups = await lab.list("Group", {
        excludedAttributes: "members",
        filter: `displayName eq "${lab.unique()}"`,
      });
      const empty = [users, groups].every(
        (answer) =>
          answer.status === 200 && property(answer.body, "totalResults") === 0 && resourcesOf(answer).length === 0,
      );
      return judged(
        empty,
        `Users ${users.status}, groups ${groups.status}.`,
        "Entra refuses to save the credentials until this works.",
      );
    },
  },
  {
    id: "entra.disable",
    origin: "Entra",
    source: entra,
    expected: 'Operations with a capital letter and active as the text "False" disable a user.',
    kind: "write",
    probe: async (lab) => {
      const user = await lab.made("User");
      const { status } = await lab.patch(user.path, [{ op: "Replace", path: "active", value: "False" }]);
      const active = property(await lab.read(user.path), "active");
      return judged(
        status < 300 && active === false,
        `Answers ${status}; active is ${JSON.stringify(active ?? null)}.`,
        "Add ?aadOptscim062020 to the tenant URL in Entra.",
      );
    },
  },
  {
    id: "entra.addEmail",
    origin: "Entra",
    source: entra,
    expected: "Add on a filtered path builds the value that is not there yet.",
    kind: "write",
    probe: async (lab) => {
      const user = await lab.made("User");
      const { status } = await lab.patch(user.path, [
        { op: "Add", path: 'emails[type eq "home"].value', value: "home@example.com" },
      ]);
      const found = elementsOf(property(await lab.read(user.path), "emails")).some(
        (email) => property(email, "value") === "home@example.com",
      );
      return judged(
        status < 300 && found,
        `Answers ${status}; the address is ${found ? "there" : "not there"}.`,
        "Leave such rows out of the mapping.",
      );
    },
  },
  {
    id: "entra.createGroup",
    origin: "Entra",
    source: entra,
    expected: "A group with a further schema of Microsoft's, and without members, is created.",
    kind: "write",
    probe: async (lab) => {
      const schemas = [urns.group, "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group"];
      const { status } = await lab.create("Group", lab.newGroup({ schemas, externalId: lab.unique() }));
      return judged(status === 201, `Answers ${status}.`, "Ignore schemas that are not known.");
    },
  },
  membership(
    "entra.removeMember",
    entra,
    "Remove of members with a list of values takes out these alone.",
    async ({ lab, group, people }) => {
      await lab.patch(group.path, [{ op: "Add", path: "members", value: [{ value: people[1].id }] }]);
      const answer = await lab.patch(group.path, [{ op: "Remove", path: "members", value: [{ value: people[0].id }] }]);
      return { answer, group, expected: [people[1].id] };
    },
    "Entra",
  ),
  {
    id: "okta.list",
    origin: "Okta",
    source: okta,
    expected: "The import asks for pages of 100 from startIndex 1 and reads totalResults.",
    kind: "read",
    probe: async (lab) => {
      const answer = await lab.list("User", { startIndex: "1", count: "100" });
      return judged(
        answer.status === 200 && typeof property(answer.body, "totalResults") === "number",
        `Answers ${answer.status}.`,
        "Okta cannot import until this works.",
      );
    },
  },
  {
    id: "okta.replaceUser",
    origin: "Okta",
    source: okta,
    expected: "The profile goes as PUT of the whole user as it was read, meta and groups included.",
    kind: "write",
    probe: async (lab) => {
      const user = await lab.made("User", { displayName: "Before" });
      const current = await lab.read(user.path);
      const { status } = await lab.send("PUT", user.path, { body: { ...current, displayName: "After" } });
      const stored = property(await lab.read(user.path), "displayName");
      return judged(
        status === 200 && stored === "After",
        `Answers ${status}; displayName is ${JSON.stringify(stored ?? null)}.`,
        "Ignore read-only attributes in PUT.",
      );
    },
  },
  {
    id: "okta.deactivate",
    origin: "Okta",
    source: okta,
    expected: "Deactivation goes as replace without a path, active false.",
    kind: "write",
    probe: async (lab) => {
      const user = await lab.made("User");
      const { status } = await lab.patch(user.path, [{ op: "replace", value: { active: false } }]);
      const active = property(await lab.read(user.path), "active");
      return judged(
        status < 300 && active === false,
        `Answers ${status}; active is ${JSON.stringify(active ?? null)}.`,
        "Accept replace without a path.",
      );
    },
  },
  {
    id: "okta.renameGroup",
    origin: "Okta",
    source: okta,
    expected: "A group is renamed by replace without a path whose value holds the id too.",
    kind: "write",
    probe: async (lab) => {
      const group = await lab.made("Group");
      const displayName = lab.unique();
      const { status } = await lab.patch(group.path, [{ op: "replace", value: { id: group.id, displayName } }]);
      const stored = property(await lab.read(group.path), "displayName");
      return judged(
        status < 300 && stored === displayName,
        `Answers ${status}.`,
        "Accept the id when it is the group's own.",
      );
    },
  },
  membership(
    "okta.pushGroup",
    okta,
    "Group Push sets members by replace with a path, and empties a group by an empty list.",
    async ({ lab, group, people }) => {
      const set = await lab.patch(group.path, [
        { op: "replace", path: "members", value: ids(people).map((value) => ({ value })) },
      ]);
      const answer = await lab.patch(group.path, [{ op: "replace", path: "members", value: [] }]);
      return { answer: set.status < 300 ? answer : set, group, expected: [] };
    },
    "Okta",
  ),
  {
    id: "jumpCloud.activate",
    origin: "JumpCloud",
    source: jumpCloud,
    expected: "The activation test creates, changes and deletes a user and a group with that user in it.",
    kind: "write",
    probe: async (lab) => {
      const statuses: number[] = [];
      const user = await lab.made("User");
      const group = await lab.made("Group", { members: [{ value: user.id }] });
      statuses.push(
        (await lab.send("PUT", user.path, { body: { ...user.sent, id: user.id, displayName: "JumpCloud test" } }))
          .status,
      );
      statuses.push((await lab.send("PUT", group.path, { body: { ...group.sent, id: group.id, members: [] } })).status);
      statuses.push((await lab.send("DELETE", group.path)).status, (await lab.send("DELETE", user.path)).status);
      const left = [(await lab.get(user.path)).status, (await lab.get(group.path)).status];
      if (statuses.some((status) => status >= 300))
        return departed(
          `Answers ${statuses.join(", ")}.`,
          "JumpCloud refuses to activate the connector; use another way to provision.",
        );
      return judged(
        left.every((status) => status === 404),
        `Afterwards they answer ${left.join(", ")}.`,
        "JumpCloud refuses to activate the connector.",
      );
    },
  },
  membership(
    "jumpCloud.removeMember",
    jumpCloud,
    "Members are taken out by remove with a list of values.",
    async ({ lab, group, people }) => {
      const answer = await lab.patch(group.path, [{ op: "remove", path: "members", value: [{ value: people[0].id }] }]);
      return { answer, group, expected: [] };
    },
    "JumpCloud",
  ),
];

import { urns } from "../../scim/resource.ts";
import { isComplex, property } from "../../scim/values.ts";
import type { Lab } from "../lab.ts";
import { idOf, idsOf, resourcesOf } from "../labAnswer.ts";
import { departed, judged, notOffered, notTried, type Finding, type Rule } from "../rule.ts";
import { judgeError } from "./discoveryRules.ts";

const total = (body: unknown) => property(body, "totalResults");

/** Lists: paging, projection, sorting, search. */
export const listRules: readonly Rule[] = [
  {
    id: "list.countZero",
    origin: "RFC",
    source: "RFC 7644 section 3.4.2.4",
    expected: "count=0 answers totalResults and no resource.",
    kind: "read",
    probe: async (lab) => {
      const answer = await lab.list("User", { count: "0" });
      const received = resourcesOf(answer).length;
      return judged(
        answer.status === 200 && typeof total(answer.body) === "number" && received === 0,
        `Answers ${answer.status} with ${received} resources.`,
        "Answer the total alone.",
      );
    },
  },
  {
    id: "list.startIndexBelowOne",
    origin: "RFC",
    source: "RFC 7644 section 3.4.2.4",
    expected: "A startIndex below 1 is read as 1.",
    kind: "read",
    probe: async (lab) => {
      const [first, zero] = [
        await lab.list("User", { startIndex: "1", count: "1" }),
        await lab.list("User", { startIndex: "0", count: "1" }),
      ];
      return judged(
        zero.status === 200 && idsOf(first).join() === idsOf(zero).join(),
        `startIndex=0 answers ${zero.status}.`,
        "Read it as 1.",
      );
    },
  },
  {
    id: "list.pages",
    origin: "RFC",
    source: "RFC 7644 section 3.4.2.4",
    expected: "Pages follow each other without overlap and with the same total.",
    kind: "read",
    probe: async (lab) => {
      const first = await lab.list("User", { startIndex: "1", count: "1" });
      if (Number(total(first.body)) < 2) return notTried("There are too few users for two pages.");
      const second = await lab.list("User", { startIndex: "2", count: "1" });
      const overlap = idsOf(second).some((id) => idsOf(first).includes(id));
      return judged(
        !overlap && idsOf(second).length === 1 && total(first.body) === total(second.body),
        overlap ? "The second page repeats the first." : "Pages follow each other.",
        "Keep a stable order and honour startIndex.",
      );
    },
  },
  {
    id: "list.pastTheEnd",
    origin: "RFC",
    source: "RFC 7644 section 3.4.2.4",
    expected: "A page past the end is empty, with status 200 and the true total.",
    kind: "read",
    probe: async (lab) => {
      const answer = await lab.list("User", { startIndex: "1000000", count: "1" });
      return judged(
        answer.status === 200 && resourcesOf(answer).length === 0 && typeof total(answer.body) === "number",
        `Answers ${answer.status}.`,
        "Answer an empty list.",
      );
    },
  },
  {
    id: "list.attributes",
    origin: "RFC",
    source: "RFC 7644 section 3.4.2.5, 3.9",
    expected: "attributes=userName answers id, schemas and userName and leaves the others out.",
    kind: "read",
    probe: (lab) =>
      onSample(lab, async () => {
        const [first] = resourcesOf(await lab.list("User", { count: "1", attributes: "userName" }));
        const names = isComplex(first) ? Object.keys(first) : [];
        const extra = names.filter((name) => !["schemas", "id", "userName", "meta"].includes(name));
        return judged(
          names.includes("id") && names.includes("userName") && extra.length === 0,
          `Answers ${names.join(", ")}.`,
          "Honour attributes; lists get small by it.",
        );
      }),
  },
  {
    id: "list.excludedAttributes",
    origin: "RFC",
    source: "RFC 7644 section 3.4.2.5, 3.9",
    expected: "excludedAttributes=userName leaves userName out and keeps id.",
    kind: "read",
    probe: (lab) =>
      onSample(lab, async () => {
        const [first] = resourcesOf(await lab.list("User", { count: "1", excludedAttributes: "userName" }));
        return judged(
          idOf(first) !== undefined && property(first, "userName") === undefined,
          `Answers ${isComplex(first) ? Object.keys(first).join(", ") : "nothing"}.`,
          "Honour excludedAttributes.",
        );
      }),
  },
  {
    id: "list.attributeNameCase",
    origin: "RFC",
    source: "RFC 7643 section 2.1",
    expected: "Attribute names in attributes and filters are read in any letter case.",
    kind: "read",
    probe: (lab) =>
      onSample(lab, async () => {
        const [first] = resourcesOf(await lab.list("User", { count: "1", attributes: "USERNAME" }));
        return judged(
          property(first, "userName") !== undefined,
          property(first, "userName") === undefined ? "attributes=USERNAME answers no userName." : "Read in any case.",
          "Compare names without letter case.",
        );
      }),
  },
  {
    id: "list.sort",
    origin: "RFC",
    source: "RFC 7644 section 3.4.2.3",
    expected: "sortBy=userName with sortOrder=descending answers users in that order.",
    kind: "read",
    probe: async (lab) => {
      if ((await lab.declares("sort")) === false) return notOffered("The service says that it does not sort.");
      const names = async (sortOrder: string) =>
        resourcesOf(await lab.list("User", { count: "5", sortBy: "userName", sortOrder })).map((user) =>
          String(property(user, "userName")).toLowerCase(),
        );
      const [up, down] = [await names("ascending"), await names("descending")];
      if (up.length < 2) return notTried("There are too few users to sort.");
      return judged(
        isSorted(up) && isSorted(down.toReversed()) && up[0] !== down[0],
        `Ascending ${up.slice(0, 2).join(", ")}; descending ${down.slice(0, 2).join(", ")}.`,
        "Sort, or announce sort.supported false.",
      );
    },
  },
  {
    id: "search.post",
    origin: "RFC",
    source: "RFC 7644 section 3.4.3",
    expected: "POST /Users/.search answers a list like GET does, so that personal data need not stand in addresses.",
    kind: "read",
    probe: async (lab) => {
      const body = { schemas: [urns.searchRequest], startIndex: 1, count: 1 };
      const { status, body: answer } = await lab.send("POST", "/Users/.search", { body });
      return judged(
        status === 200 && typeof total(answer) === "number",
        `Answers ${status}.`,
        "Use filters in addresses here, and keep logs of addresses short-lived.",
      );
    },
  },
  {
    id: "list.groupMembers",
    origin: "RFC",
    source: "RFC 7643 section 4.2 (members: returned default)",
    expected: "A list of groups carries their members, as a read by id does.",
    kind: "write",
    probe: async (lab) => {
      const user = await lab.made("User");
      const group = await lab.made("Group", { members: [{ value: user.id }] });
      const [listed] = resourcesOf(
        await lab.list("Group", { filter: `displayName eq ${JSON.stringify(group.sent.displayName)}` }),
      );
      const byId = await lab.read(group.path);
      if (property(byId, "members") === undefined)
        return departed(
          "The group was created without its member.",
          "Add members by PATCH, and read the group to see them.",
        );
      return judged(
        property(listed, "members") !== undefined,
        property(listed, "members") === undefined
          ? "The list leaves members out; a read by id has them."
          : "Both have members.",
        "Read each group by id: a missing list is never an empty one.",
      );
    },
  },
  {
    id: "filter.syntaxError",
    origin: "RFC",
    source: "RFC 7644 section 3.12",
    expected: "A malformed filter answers 400 with scimType invalidFilter, never a list of everybody.",
    kind: "read",
    probe: async (lab) => judgeError(await lab.list("User", { filter: "userName eq" }), [400], ["invalidFilter"]),
  },
  {
    id: "filter.nobody",
    origin: "RFC",
    source: "RFC 7644 section 3.4.2.2",
    expected: "A filter that nobody meets answers an empty list with totalResults 0.",
    kind: "read",
    probe: async (lab) => {
      const answer = await lab.list("User", { filter: `userName eq "${lab.unique()}@example.com"` });
      return judged(
        answer.status === 200 && total(answer.body) === 0 && resourcesOf(answer).length === 0,
        `Answers ${answer.status} with totalResults ${JSON.stringify(total(answer.body) ?? null)}.`,
        "Answer an empty list; anything else makes clients take a stranger for the one they look for.",
      );
    },
  },
];

/** Tries a rule on somebody who is there already. */
export async function onSample(lab: Lab, probe: (id: string) => Promise<Finding>): Promise<Finding> {
  const id = idOf(await lab.sample("User"));
  return id === undefined ? notTried("There is no user yet.") : probe(id);
}

function isSorted(names: readonly string[]): boolean {
  return names.every((name, at) => at === 0 || (names[at - 1] ?? "") <= name);
}

import { property } from "../../scim/values.ts";
import type { Lab, Made } from "../lab.ts";
import { idsOf } from "../labAnswer.ts";
import { departed, judged, type Rule } from "../rule.ts";

const fix = "Leave this operator out of filters for this service; ask the vendor for it.";

interface FilterCase {
  readonly id: string;
  readonly what: string;
  /** A filter that the made user meets. */
  readonly hits: (user: Made) => string;
  /** A filter like it that the made user does not meet. */
  readonly misses: (user: Made) => string;
}

const name = ({ sent }: Made) => String(sent.userName);
const quoted = (text: string) => JSON.stringify(text);
const alone = (user: Made, filter: string) => `userName eq ${quoted(name(user).toLowerCase())} and ${filter}`;

const cases: readonly FilterCase[] = [
  {
    id: "eq",
    what: "eq finds exactly",
    hits: (user) => `userName eq ${quoted(name(user))}`,
    misses: (user) => `userName eq ${quoted(name(user).slice(1))}`,
  },
  {
    id: "caseExact",
    what: "userName compares without letter case",
    hits: (user) => `userName eq ${quoted(name(user).toUpperCase())}`,
    misses: (user) => `userName eq ${quoted(name(user).toUpperCase().slice(1))}`,
  },
  {
    id: "attributeCase",
    what: "attribute names and operators are read in any letter case",
    hits: (user) => `USERNAME EQ ${quoted(name(user))}`,
    misses: (user) => `USERNAME EQ ${quoted(name(user).slice(1))}`,
  },
  {
    id: "sw",
    what: "sw compares the start",
    hits: (user) => `userName sw ${quoted(name(user).slice(0, -3))}`,
    misses: (user) => `userName sw ${quoted(name(user).slice(1))}`,
  },
  {
    id: "co",
    what: "co compares any part",
    hits: (user) => `userName co ${quoted(name(user).slice(1, -3))}`,
    misses: (user) => `userName co ${quoted(`${name(user)}x`)}`,
  },
  {
    id: "ew",
    what: "ew compares the end",
    hits: (user) => `userName ew ${quoted(name(user).slice(3))}`,
    misses: (user) => `userName ew ${quoted(name(user).slice(0, -1))}`,
  },
  {
    id: "ne",
    what: "ne is the opposite of eq",
    hits: (user) => alone(user, 'displayName ne "nobody"'),
    misses: (user) => alone(user, `userName ne ${quoted(name(user).toLowerCase())}`),
  },
  {
    id: "pr",
    what: "pr tells whether there is a value",
    hits: (user) => alone(user, "userName pr"),
    misses: (user) => alone(user, "externalId pr"),
  },
  {
    id: "gt",
    what: "gt and lt compare times",
    hits: (user) => alone(user, 'meta.created gt "2001-01-01T00:00:00Z"'),
    misses: (user) => alone(user, 'meta.created lt "2001-01-01T00:00:00Z"'),
  },
  {
    id: "and",
    what: "and asks for both",
    hits: (user) => alone(user, "active eq true"),
    misses: (user) => alone(user, "active eq false"),
  },
  {
    id: "or",
    what: "or asks for either",
    hits: (user) => `userName eq "nobody@example.com" or userName eq ${quoted(name(user).toLowerCase())}`,
    misses: () => 'userName eq "nobody@example.com" or userName eq "noone@example.com"',
  },
  {
    id: "not",
    what: "not turns a filter round",
    hits: (user) => alone(user, "not (active eq false)"),
    misses: (user) => alone(user, "not (active eq true)"),
  },
  {
    id: "subAttribute",
    what: "sub-attributes are reached by a dot",
    hits: (user) => alone(user, 'name.familyName eq "Check"'),
    misses: (user) => alone(user, 'name.familyName eq "Other"'),
  },
  {
    id: "valuePath",
    what: "brackets bind conditions to one value",
    hits: (user) => alone(user, 'emails[type eq "work" and value co "@"]'),
    misses: (user) => alone(user, 'emails[type eq "home" and value co "@"]'),
  },
];

/** Filters on a user that is made for them: each must find it, and must not find it when it does not hold. */
export const filterRules: readonly Rule[] = cases.map(({ id, what, hits, misses }) => ({
  id: `filter.${id}`,
  origin: "RFC",
  source: "RFC 7644 section 3.4.2.2",
  expected: `In a filter, ${what}.`,
  kind: "write",
  probe: async (lab: Lab) => {
    const user = await filterUser(lab);
    const [hit, miss] = [
      await lab.list("User", { filter: hits(user) }),
      await lab.list("User", { filter: misses(user) }),
    ];
    if (hit.status !== 200) return departed(`Answers ${hit.status}${scimType(hit.body)}: it is not evaluated.`, fix);
    const [found, foundToo] = [idsOf(hit).includes(user.id), idsOf(miss).includes(user.id)];
    const observed = foundToo
      ? "A user is found who does not meet it: the filter is ignored."
      : found
        ? "Found, and only then."
        : "The user who meets it is not found.";
    return judged(
      found && !foundToo && miss.status === 200,
      observed,
      foundToo ? "Never match people by it here: a wrong one could be taken for the right one." : fix,
    );
  },
}));

const made = new WeakMap<Lab, Promise<Made>>();

/** One user for all filters of a run. */
function filterUser(lab: Lab): Promise<Made> {
  const known = made.get(lab) ?? lab.made("User", { displayName: "Scim Check" });
  made.set(lab, known);
  return known;
}

function scimType(body: unknown): string {
  const type = property(body, "scimType");
  return typeof type === "string" ? ` ${type}` : "";
}

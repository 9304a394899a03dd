import { urns, type ScimDocument } from "../scim/resource.ts";
import { departments, familyNames, givenNames, teams } from "./people.ts";
import { Random } from "./random.ts";
import type { Seed } from "./seed.ts";

/** How many people and groups to make up. */
export interface GenerateOptions {
  readonly users: number;
  readonly groups: number;
  /** The same number gives the same people. */
  readonly seedNumber: number;
}

/** One in so many generated people is inactive. */
const inactiveShare = 0.06;

/**
 * Makes up believable people and groups, always the same for the same options: names of many places, departments, titles and
 * managers, some people inactive; groups by department and team, of mixed sizes, a few empty, some within others.
 */
export function generate({ users, groups, seedNumber }: GenerateOptions): Seed {
  const random = new Random(seedNumber);
  const people = generateUsers(users, random);
  return { users: people.map(({ attributes }) => attributes), groups: generateGroups(groups, people, random) };
}

interface Person {
  readonly attributes: ScimDocument & { readonly userName: string };
  readonly department: string;
}

function generateUsers(count: number, random: Random): readonly Person[] {
  const taken = new Map<string, number>();
  return Array.from({ length: count }, (_, at) => {
    const given = random.pick(givenNames);
    const family = random.pick(familyNames);
    const department = random.pick(departments);
    const title = random.pick(department.titles);
    const stem = `${plain(given)}.${plain(family)}`;
    const nth = (taken.get(stem) ?? 0) + 1;
    taken.set(stem, nth);
    const userName = `${stem}${nth === 1 ? "" : String(nth)}@contoso.com`;
    const attributes = {
      userName,
      externalId: random.uuid(),
      name: { givenName: given, familyName: family },
      displayName: `${given} ${family}`,
      title,
      active: random.next() >= inactiveShare,
      emails: [{ type: "work", value: userName, primary: true }],
      [urns.enterpriseUser]: { department: department.name, employeeNumber: String(100_001 + at) },
    };
    return { attributes, department: department.name };
  });
}

function generateGroups(count: number, people: readonly Person[], random: Random): NonNullable<Seed["groups"]> {
  const byDepartment = new Map(
    departments.map(({ name }) => [name, people.filter(({ department }) => department === name)]),
  );
  const names: string[] = [];
  return Array.from({ length: count }, (_, at) => {
    const department = departments[at % departments.length]?.name ?? "";
    const round = Math.floor(at / departments.length);
    const team = teams[round % teams.length] ?? "";
    const repeat = Math.floor(round / teams.length);
    const displayName = `${department} ${team}${repeat === 0 ? "" : ` ${repeat + 1}`}`;
    const members = chooseMembers(round, byDepartment.get(department) ?? [], people, random);
    // Every fourth group holds one that came before it, so that no circle can arise and chains stay short.
    const inner =
      at % 4 === 3 && names.length > 0
        ? names[random.integer(Math.max(0, names.length - 3), names.length - 1)]
        : undefined;
    if (at % 4 !== 3) names.push(displayName);
    return {
      displayName,
      externalId: random.uuid(),
      members: inner === undefined ? members : [...members, inner],
    };
  });
}

/** The first group of a department holds all of it up to a hundred; later ones a few of it and some others. */
function chooseMembers(round: number, own: readonly Person[], all: readonly Person[], random: Random): string[] {
  if (round === 0) return own.slice(0, 100).map(({ attributes }) => attributes.userName);
  const wanted = random.next() < 0.05 ? 0 : random.integer(2, 24);
  const chosen = new Set<string>();
  for (let tries = 0; tries < wanted * 2 && chosen.size < wanted && all.length > 0; tries += 1) {
    const pool = own.length > 0 && random.next() < 0.8 ? own : all;
    chosen.add(random.pick(pool).attributes.userName);
  }
  return [...chosen];
}

/** A name as it stands in an address: lower case, without accents and other marks. */
function plain(name: string): string {
  return name
    .replaceAll("ø", "o")
    .replaceAll("ı", "i")
    .normalize("NFD")
    .replace(/[^a-z]/gi, "")
    .toLowerCase();
}

import type { ObservedProfile } from "../observed.ts";
import { enterpriseUser as extension } from "../schemas/enterpriseUser.ts";
import type { AttributeDeparture, Dialect } from "./dialect.ts";

/** A dialect with what its service was seen to do in the place of what is said of such services. */
export function withObserved(dialect: Dialect, observed: ObservedProfile): Dialect {
  const { patch, filterOperators, maxPageSize, listHasMembers, removeMember, filteredPaths, etags } = observed;
  return {
    ...dialect,
    departures: departuresOf(dialect, observed),
    patch: {
      ...dialect.patch,
      ...(patch !== undefined && { supported: patch }),
      removeMember: formOf(dialect.patch.removeMember, removeMember),
      ...(filteredPaths !== undefined && { filteredPaths }),
    },
    page: {
      size: Math.min(dialect.page.size, maxPageSize ?? Infinity),
      listHasMembers: listHasMembers ?? dialect.page.listHasMembers,
    },
    ...(filterOperators !== undefined && { filterOperators }),
    ...(etags !== undefined && { etags }),
  };
}

/** In what the client acts otherwise than the dialect alone would have it, in whole sentences. */
export function describeObserved(dialect: Dialect, observed: ObservedProfile): readonly string[] {
  const now = withObserved(dialect, observed);
  const lines: string[] = [];
  const tell = (differs: boolean, text: string) => {
    if (differs) lines.push(text);
  };
  tell(now.patch.supported === false, "Changes are sent as PUT of the whole resource, since PATCH does not work.");
  tell(!canLookUp(now), "People are looked for by reading the list, since filters by eq are not evaluated.");
  tell(
    canLookUp(now) &&
      String(now.filterOperators) !== String(dialect.filterOperators) &&
      now.filterOperators !== undefined,
    `Filters use only ${(now.filterOperators ?? []).join(", ")}.`,
  );
  const [before, after] = [departureOfUserName(dialect), departureOfUserName(now)];
  tell(
    canLookUp(now) && mindsCase(after) && !mindsCase(before),
    "A user name that is not found is looked for in lower case as well, since filters mind letter case.",
  );
  tell(now.page.size !== dialect.page.size, `Lists are asked for in pages of ${now.page.size}.`);
  tell(
    now.page.listHasMembers !== dialect.page.listHasMembers,
    now.page.listHasMembers
      ? "Members of groups are taken from the list."
      : "Each group is read by its id, since lists leave members out.",
  );
  tell(
    now.patch.removeMember !== dialect.patch.removeMember,
    now.patch.removeMember === "value"
      ? "Members are taken out by a list of values, since a path with a filter does not work."
      : "Members are taken out by a path with a filter, since a list of values does not work.",
  );
  tell(
    !now.patch.filteredPaths && dialect.patch.filteredPaths,
    "Lists such as emails are replaced as a whole, since paths with a filter do not work.",
  );
  tell(!now.etags && dialect.etags, "Versions (If-Match) are not sent; each object is read before it is written.");
  tell(
    after?.stored !== before?.stored,
    after?.stored === "lower"
      ? "User names are compared without letter case, since they are stored in lower case."
      : "User names are written in their own letter case, since they are stored so.",
  );
  tell(
    after?.writable !== before?.writable,
    after?.writable === "create"
      ? "Changes of userName are not sent, since they are ignored."
      : "Changes of userName are sent, since they are taken.",
  );
  tell(observed.enterpriseUser === false && !forgets(dialect), "Attributes of the enterprise extension are not sent.");
  return lines;
}

/** Whether people can be found by a filter; else the list has to be read. */
export function canLookUp({ filterOperators }: Pick<Dialect, "filterOperators">): boolean {
  return filterOperators?.includes("eq") ?? true;
}

/** Whether a lookup finds the attribute in its own letter case only, and that case is not known to be the lower one. */
export function mindsCase(departure: AttributeDeparture | undefined): boolean {
  return departure?.caseSensitiveLookup === true && departure.stored !== "lower";
}

function formOf(
  usual: Dialect["patch"]["removeMember"],
  seen: ObservedProfile["removeMember"],
): Dialect["patch"]["removeMember"] {
  return seen === undefined || seen.includes(usual) ? usual : (seen[0] ?? usual);
}

const enterprisePaths = extension.attributes.map(({ name }) => `${extension.id}:${name}`);
const forgets = ({ departures }: Dialect) => departures.some(({ path }) => path === enterprisePaths[0]);

function departuresOf(dialect: Dialect, observed: ObservedProfile): readonly AttributeDeparture[] {
  const { enterpriseUser } = observed;
  const userName = userNameOf(departureOfUserName(dialect), observed);
  const others = dialect.departures.filter(
    (each) =>
      each !== departureOfUserName(dialect) && !(enterpriseUser !== undefined && enterprisePaths.includes(each.path)),
  );
  const forgotten =
    enterpriseUser === false
      ? enterprisePaths.map((path): AttributeDeparture => ({
          resourceType: "User",
          path,
          writable: "never",
          note: `This service keeps no ${path.slice(path.lastIndexOf(":") + 1)} of users.`,
        }))
      : [];
  return [...(userName === undefined ? [] : [userName]), ...others, ...forgotten];
}

function departureOfUserName({ departures }: Dialect): AttributeDeparture | undefined {
  return departures.find(({ resourceType, path }) => resourceType === "User" && path === "userName");
}

/** How userName departs, by what was seen; the same object when nothing of it is new. */
function userNameOf(
  known: AttributeDeparture | undefined,
  { keepsUserNameCase, userNameWritable, caseSensitiveFilter }: ObservedProfile,
): AttributeDeparture | undefined {
  const folded = keepsUserNameCase === undefined ? known?.stored === "lower" : !keepsUserNameCase;
  const fixed = userNameWritable === undefined ? known?.writable === "create" : !userNameWritable;
  const exact = caseSensitiveFilter ?? known?.caseSensitiveLookup === true;
  const same =
    folded === (known?.stored === "lower") &&
    fixed === (known?.writable === "create") &&
    exact === (known?.caseSensitiveLookup === true);
  if (same) return known;
  if (!folded && !fixed && !exact) return undefined;
  const facts = [
    folded ? "stores user names in lower case" : undefined,
    fixed ? "ignores changes of userName" : undefined,
    exact && !folded ? "finds user names in their own letter case only" : undefined,
  ].filter((fact) => fact !== undefined);
  return {
    resourceType: "User",
    path: "userName",
    ...(folded && { stored: "lower" }),
    ...(fixed && { writable: "create" }),
    ...(exact && { caseSensitiveLookup: true }),
    note: `This service ${facts.join(" and ")}.`,
  };
}

import { isDeepStrictEqual } from "node:util";
import { applyEdits, modify, type JSONPath } from "jsonc-parser";

/** A place where edit and current both moved, and not to the same. */
export interface MergeConflict {
  /** In words, such as `objectMappings › User › attributeMappings › title › source`. */
  readonly place: string;
  /** What the edit has there; absent when it removed the place. */
  readonly ours: unknown;
  /** What the current text has there; absent when it is gone. */
  readonly theirs: unknown;
}

/** Who wins at a place of a conflict: the edit (`ours`), or the current text (`theirs`). */
export type Decisions = ReadonlyMap<string, "ours" | "theirs">;

/** The outcome of a three-way merge of JSON texts. */
export interface MergedJson {
  /** The current text with the edit's changes; everything else in it stays byte for byte. */
  readonly text: string;
  readonly conflicts: readonly MergeConflict[];
}

/** Names by which elements of a schema's lists are known; other lists are compared as one value. */
const keys = ["targetAttributeName", "sourceObjectName", "id", "name", "key"];

/** Values that make sense only as a whole: half of one and half of another would be a third. */
const wholes = new Set<string | number | undefined>(["source", "targetOperand"]);

interface Change {
  readonly path: JSONPath;
  readonly value: unknown;
}

/**
 * Carries the changes from `base` to `edited` over to `current`. Elements of lists are known by their names, so that two people
 * who change different rows do not collide.
 *
 * @param decided who wins at places of conflicts
 */
export function mergeJson(base: string, edited: string, current: string, decided: Decisions = new Map()): MergedJson {
  const conflicts: MergeConflict[] = [];
  const changes: Change[] = [];
  compare(JSON.parse(base), JSON.parse(edited), JSON.parse(current), [], [], { changes, conflicts, decided });
  let text = current;
  // From the end, so that removing an element does not move the ones that are still to change.
  for (const { path, value } of changes.toReversed()) text = applyEdits(text, modify(text, path, value, {}));
  return { text, conflicts };
}

interface Found {
  readonly changes: Change[];
  readonly conflicts: MergeConflict[];
  readonly decided: Decisions;
}

function compare(
  base: unknown,
  edited: unknown,
  current: unknown,
  path: JSONPath,
  words: readonly string[],
  found: Found,
): void {
  if (isDeepStrictEqual(base, edited) || isDeepStrictEqual(edited, current)) return;
  if (isObject(base) && isObject(edited) && isObject(current) && !wholes.has(path.at(-1))) {
    for (const name of new Set([...Object.keys(base), ...Object.keys(edited), ...Object.keys(current)])) {
      compare(base[name], edited[name], current[name], [...path, name], [...words, name], found);
    }
    return;
  }
  const lists = [base, edited, current];
  const key = lists.every(Array.isArray) ? commonKey(lists as unknown[][]) : undefined;
  if (key !== undefined) {
    compareLists(key, base as Element[], edited as Element[], current as Element[], path, words, found);
    return;
  }
  if (isDeepStrictEqual(base, current)) found.changes.push({ path, value: edited });
  else collide(words, { ours: edited, theirs: current }, { path, value: edited }, found);
}

/** Both sides moved: the place is a conflict unless it is decided who wins. */
function collide(words: readonly string[], sides: Omit<MergeConflict, "place">, ours: Change, found: Found): void {
  const place = words.join(" › ");
  const winner = found.decided.get(place);
  if (winner === undefined) found.conflicts.push({ place, ...sides });
  else if (winner === "theirs") return;
  else if (ours.path.at(-1) === -1) found.changes.unshift(ours);
  else found.changes.push(ours);
}

type Element = Readonly<Record<string, unknown>>;

function compareLists(
  key: string,
  base: readonly Element[],
  edited: readonly Element[],
  current: readonly Element[],
  path: JSONPath,
  words: readonly string[],
  found: Found,
): void {
  const find = (list: readonly Element[], name: unknown) => list.find((element) => element[key] === name);
  for (const [at, element] of current.entries()) {
    const name = element[key];
    const before = find(base, name);
    const after = find(edited, name);
    const place = [...words, String(name)];
    if (before === undefined && after === undefined) continue;
    if (before !== undefined && after === undefined) {
      // Removed by the edit; that is only right while nobody else changed the element.
      if (isDeepStrictEqual(before, element)) found.changes.push({ path: [...path, at], value: undefined });
      else collide(place, { ours: undefined, theirs: element }, { path: [...path, at], value: undefined }, found);
    } else compare(before, after, element, [...path, at], place, found);
  }
  for (const element of edited) {
    const name = element[key];
    if (find(current, name) !== undefined) continue;
    const before = find(base, name);
    const added = { path: [...path, -1], value: element };
    if (before === undefined) found.changes.unshift(added);
    else if (!isDeepStrictEqual(before, element))
      collide([...words, String(name)], { ours: element, theirs: undefined }, added, found);
  }
}

/** The name that every element of every list has, and that no two of one list share. */
function commonKey(lists: readonly (readonly unknown[])[]): string | undefined {
  return keys.find((key) =>
    lists.every((list) => {
      const names = list.map((element) => (isObject(element) ? element[key] : undefined));
      return names.every((name) => typeof name === "string") && new Set(names).size === names.length;
    }),
  );
}

function isObject(value: unknown): value is Element {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

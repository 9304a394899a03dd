import { isDeepStrictEqual } from "node:util";
import { applyEdits, modify, type JSONPath } from "jsonc-parser";

/** The outcome of a three-way merge of JSON texts. */
export interface MergedJson {
  /** The current text with the edit's changes; everything else in it stays byte for byte. */
  readonly text: string;
  /** Places, in words, where edit and current both moved, and not to the same. */
  readonly conflicts: readonly string[];
}

/** Names by which elements of a schema's lists are known; other lists are compared as one value. */
const keys = ["targetAttributeName", "sourceObjectName", "id", "name", "key"];

interface Change {
  readonly path: JSONPath;
  readonly value: unknown;
}

/**
 * Carries the changes from `base` to `edited` over to `current`. Elements of lists are known by their names, so that two people
 * who change different rows do not collide.
 */
export function mergeJson(base: string, edited: string, current: string): MergedJson {
  const conflicts: string[] = [];
  const changes: Change[] = [];
  compare(JSON.parse(base), JSON.parse(edited), JSON.parse(current), [], [], { changes, conflicts });
  let text = current;
  // From the end, so that removing an element does not move the ones that are still to change.
  for (const { path, value } of changes.toReversed()) text = applyEdits(text, modify(text, path, value, {}));
  return { text, conflicts };
}

interface Found {
  readonly changes: Change[];
  readonly conflicts: string[];
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
  if (isObject(base) && isObject(edited) && isObject(current)) {
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
  else found.conflicts.push(words.join(" › "));
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
      else found.conflicts.push(place.join(" › "));
    } else compare(before, after, element, [...path, at], place, found);
  }
  for (const element of edited) {
    const name = element[key];
    if (find(current, name) !== undefined) continue;
    const before = find(base, name);
    if (before === undefined) found.changes.unshift({ path: [...path, -1], value: element });
    else if (!isDeepStrictEqual(before, element)) found.conflicts.push([...words, String(name)].join(" › "));
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

import type { PatchForms } from "../dialects/dialect.ts";
import type { PatchOperation } from "../resource.ts";
import type { AttributeDefinition } from "../schema.ts";
import { findAttribute } from "../schemaLookup.ts";
import { elementKey } from "./elements.ts";
import { elementsOf, isComplex, sameJson } from "../values.ts";

type Element = Readonly<Record<string, unknown>>;

/** Above this length a list is never sent again as a whole for the sake of fewer operations. */
const smallList = 10;

/** Attributes that tell their elements apart by `value` rather than by `type`. */
const keyedByValue: ReadonlySet<string> = new Set(["roles", "entitlements"]);

/**
 * The operations that turn the values of a multi-valued attribute into others: each changed element by its own path where
 * the service takes filtered paths and the elements can be told apart, else the whole list.
 * @param before,after as `writableValues` gives them
 */
export function diffElements(
  path: string,
  attribute: AttributeDefinition,
  before: unknown,
  after: unknown,
  forms: PatchForms,
): PatchOperation[] {
  const [old, wanted] = [elementsOf(before), elementsOf(after)];
  if (wanted.length === 0) return [{ op: "remove", path }];
  const whole: PatchOperation[] = [{ op: "replace", path, value: wanted }];
  const distinct = new Set(wanted.map((element) => elementKey(attribute, element))).size === wanted.length;
  if (!distinct) return whole;
  const added = onlyAdded(old, wanted);
  if (added) return [{ op: "add", path, value: added }];
  const key =
    forms.filteredPaths && old.every(isComplex) && wanted.every(isComplex) ? keyFor(attribute, old, wanted) : undefined;
  if (!key) return whole;
  const edits = keyedEdits(path, key, old as readonly Element[], wanted as readonly Element[]);
  const small = Math.max(old.length, wanted.length) <= smallList;
  const most = edits.touched > Math.max(old.length, wanted.length) / 2;
  return edits.operations.length > 1 && small && most ? whole : edits.operations;
}

/** The new elements when all old ones stay; an old one may lose `primary` to a new one, since the service does that. */
function onlyAdded(old: readonly unknown[], wanted: readonly unknown[]): readonly unknown[] | undefined {
  const text = (element: unknown): string => JSON.stringify(element);
  const had = new Set(old.map(text));
  const added = wanted.filter((element) => !had.has(text(element)));
  const primaryMoves = added.some((element) => isComplex(element) && element["primary"] === true);
  const after = new Set(wanted.map(text));
  const stays = (element: unknown): boolean => after.has(text(element));
  const lost = old.filter((element) => !stays(element));
  if (lost.length === 0) return added.length > 0 && wanted.length === old.length + added.length ? added : undefined;
  const [loser] = lost;
  if (!primaryMoves || lost.length > 1 || !isComplex(loser) || loser["primary"] !== true) return undefined;
  const { primary: _, ...rest } = loser;
  const fresh = added.filter((element) => !sameJson(element, rest));
  return fresh.length === added.length - 1 && fresh.length > 0 ? fresh : undefined;
}

interface Key {
  readonly name: string;
  readonly of: (element: Element) => string;
}

/** What tells the elements apart: `type` where each has its own, else `value`; `undefined` when neither does. */
function keyFor(attribute: AttributeDefinition, old: readonly Element[], wanted: readonly Element[]): Key | undefined {
  const names = keyedByValue.has(attribute.name) ? ["value"] : ["type", "value"];
  for (const name of names) {
    const sub = findAttribute(attribute.subAttributes ?? [], name);
    if (sub?.type !== "string" && sub?.type !== "reference") continue;
    const of = (element: Element): string => {
      const text = element[sub.name];
      return typeof text !== "string" ? "" : sub.caseExact ? text : text.toLowerCase();
    };
    const distinct = (list: readonly Element[]): boolean => {
      const keys = new Set(list.map(of));
      return keys.size === list.length && !keys.has("");
    };
    if (distinct(old) && distinct(wanted)) return { name: sub.name, of };
  }
  return undefined;
}

function keyedEdits(
  path: string,
  key: Key,
  old: readonly Element[],
  wanted: readonly Element[],
): { readonly operations: PatchOperation[]; readonly touched: number } {
  const known = new Map(old.map((element) => [key.of(element), element]));
  const kept = new Set(wanted.map(key.of));
  const removed = old.filter((element) => !kept.has(key.of(element)));
  const added = wanted.filter((element) => !known.has(key.of(element)));
  const gainsPrimary = (element: Element): boolean =>
    element["primary"] === true && known.get(key.of(element))?.["primary"] !== true;
  const primaryMoves = wanted.some(gainsPrimary);
  const operations: PatchOperation[] = removed.map((element) => ({
    op: "remove",
    path: elementPath(path, key, element),
  }));
  let touched = removed.length + added.length;
  for (const element of wanted) {
    const before = known.get(key.of(element));
    if (!before) continue;
    const parts = partEdits(elementPath(path, key, before), before, element).filter(
      // The service takes `primary` from the old element when another one gets it.
      ({ op, path: part }) => !(op === "remove" && part?.endsWith("].primary") === true && primaryMoves),
    );
    if (parts.length > 0) touched++;
    operations.push(...parts);
  }
  if (added.length > 0) operations.push({ op: "add", path, value: added });
  return { operations, touched };
}

function partEdits(path: string, before: Element, after: Element): PatchOperation[] {
  return [...new Set([...Object.keys(after), ...Object.keys(before)])]
    .filter((name) => !sameJson(before[name], after[name]))
    .map((name) =>
      after[name] === undefined
        ? { op: "remove", path: `${path}.${name}` }
        : { op: "replace", path: `${path}.${name}`, value: after[name] },
    );
}

function elementPath(path: string, { name }: Key, element: Element): string {
  return `${path}[${name} eq ${JSON.stringify(element[name])}]`;
}

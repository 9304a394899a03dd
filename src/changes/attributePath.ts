import { isComplex, keyOf } from "../scim/values.ts";
import type { ScimDocument } from "../scim/resource.ts";

/** Splits `name.givenName` or `URN:attribute.sub` into the keys that lead to the value. */
export function pathKeys(path: string): readonly string[] {
  if (!path.toLowerCase().startsWith("urn:")) return path.split(".");
  const colon = path.lastIndexOf(":");
  return [path.slice(0, colon), ...path.slice(colon + 1).split(".")];
}

/** The value at a path such as `userName`, `name.givenName` or `URN:department`; `undefined` when it is not there. */
export function valueAt(document: ScimDocument, path: string): unknown {
  let value: unknown = document;
  for (const name of pathKeys(path)) {
    if (!isComplex(value)) return undefined;
    const key = keyOf(value, name);
    if (key === undefined) return undefined;
    value = value[key];
  }
  return value;
}

/** A copy of the document with the value at the path; `undefined` takes the attribute out. What it does not touch is shared. */
export function withValueAt(document: ScimDocument, path: string, value: unknown): ScimDocument {
  return setKeys(document, pathKeys(path), value);
}

function setKeys(document: ScimDocument, keys: readonly string[], value: unknown): ScimDocument {
  const [name, ...rest] = keys;
  if (name === undefined) return document;
  const key = keyOf(document, name) ?? name;
  const inner = document[key];
  if (rest.length > 0 && value === undefined && !isComplex(inner)) return document;
  const next = rest.length === 0 ? value : setKeys(isComplex(inner) ? inner : {}, rest, value);
  const empty = next === undefined || (rest.length > 0 && isComplex(next) && Object.keys(next).length === 0);
  if (!empty) return { ...document, [key]: next };
  const { [key]: _gone, ...others } = document;
  return others;
}

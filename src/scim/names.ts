/** Names that reach a prototype when they are used as keys; no attribute has one, so every one is refused. */
export const forbiddenNames: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);

/** Compares two attribute names or URNs; letter case does not count (RFC 7643 section 2.1). */
export function sameName(a: string, b: string): boolean {
  return a === b || (a.length === b.length && a.toLowerCase() === b.toLowerCase());
}

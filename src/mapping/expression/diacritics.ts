/** Combining marks by the names that the table uses. */
const grave = "\u0300";
const acute = "\u0301";
const circumflex = "\u0302";
const tilde = "\u0303";
const bar = "\u0304";
const dot = "\u0307";
const diaeresis = "\u0308";
const ring = "\u030a";
const below = "\u0324";
const line = "\u0331";

const barred = (base: string, ...marks: string[]) => marks.map((mark) => base + bar + mark);

/**
 * The service's replacement table, lower case: what a letter becomes, and its accented forms. Upper-case input gives the
 * upper-case result. (Function reference of application provisioning, NormalizeDiacritics.)
 */
const table: Readonly<Record<string, readonly string[]>> = {
  a: [...Array.from("äàâãåáąăāǟǡ"), ...barred("a", acute, grave, circumflex, tilde, diaeresis, ring), "a" + line],
  ae: [...Array.from("æǣ")],
  c: [...Array.from("çčć"), "c" + bar, "c" + line],
  d: [...Array.from("ďḏ"), "d" + bar],
  e: [
    ...Array.from("ëèéêęěėēḗḕ"),
    ...barred("e", circumflex, tilde),
    "ê" + bar,
    "ë" + bar,
    "e" + ring + bar,
    "e" + line,
  ],
  g: [...Array.from("ğḡ"), "g" + line],
  i: [...Array.from("ïîìíıī"), ...barred("i", acute, grave, circumflex, tilde), "i" + line],
  l: [...Array.from("ľłḹḻ"), "l" + bar],
  n: [...Array.from("ñńňṉ"), "n" + bar],
  o: [...Array.from("öòőõôóōṓṑȫǭȭȱ"), ...barred("o", circumflex, tilde, diaeresis), "o" + line],
  oe: ["ø", "ø" + bar, "œ" + bar],
  r: [...Array.from("řṟṝ"), "r" + bar],
  ss: ["ß"],
  s: [...Array.from("śșş"), "š", "s" + bar, "s" + line],
  t: [...Array.from("ťțṯ"), "t" + bar],
  u: [
    ...Array.from("üùûúůűūǖṻ"),
    ...barred("u", acute, grave, circumflex, tilde),
    "u" + dot + bar,
    "u" + below + bar,
    "u" + line,
  ],
  y: [...Array.from("ÿýȳ"), ...barred("y", acute, grave, tilde), "y" + line],
  z: [...Array.from("źžżẕ"), "z" + bar],
};

function buildReplacements(): ReadonlyMap<string, string> {
  const replacements = new Map<string, string>();
  const add = (form: string, result: string) => {
    replacements.set(form.normalize("NFC"), result);
    replacements.set(form.normalize("NFD"), result);
  };
  for (const [result, forms] of Object.entries(table)) {
    for (const form of forms) {
      add(form, result);
      const upper = form.toUpperCase();
      // ß and ı have no upper case of their own kind.
      if (form !== "ß" && form !== "ı") add(upper, result.toUpperCase());
    }
  }
  add("İ", "I");
  return replacements;
}

const replacements = buildReplacements();
/** Longest forms first, so that a letter with two marks is not taken for one with a single mark. */
const accented = new RegExp([...replacements.keys()].sort((a, b) => b.length - a.length).join("|"), "gu");

/** Replaces accented letters by the service's table; letters that it does not list stay. */
export function normalizeDiacritics(text: string): string {
  return text.replace(accented, (form) => replacements.get(form) ?? form);
}

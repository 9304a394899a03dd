/**
 * Characters that reorder or hide text: bidirectional controls, zero-width characters, control characters.
 * A person's name comes from a service and must not be able to make a row, a tab or a question read as something else.
 */
const deceptive =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff\u{e0000}-\u{e007f}]/gu;

/** How long a name may get in a row, a tab or a question before it is cut. */
export const displayLimit = 120;

/**
 * A value of a service as one line of plain text for labels, tabs and questions: controls become `�`, lone surrogates
 * too, line breaks and tabs become blanks, and it is cut at `limit` code points with an ellipsis.
 */
export function displayText(value: unknown, limit = displayLimit): string {
  if (typeof value !== "string") return "";
  const plain = value
    .slice(0, limit * 4)
    .replace(/[\t\r\n\v\f]+/g, " ")
    .replace(deceptive, "\ufffd")
    .trim();
  const points = Array.from(plain);
  return points.length > limit || value.length > limit * 4 ? `${points.slice(0, limit).join("").trimEnd()}…` : plain;
}

/** A value of a service where `$(name)` would be drawn as an icon: choices in a quick pick, items of the status bar. */
export function labelText(value: unknown, limit = displayLimit): string {
  return displayText(value, limit).replaceAll("$(", "$ (");
}

/** A value of several lines, such as a request's body: indentation and line breaks stay, what deceives becomes `�`. */
export function displayLines(value: string, limit: number): string {
  const cut = value.length > limit ? `${value.slice(0, limit)}…` : value;
  return cut
    .split(/\r?\n/)
    .map((line) => line.replace(/\t/g, "  ").replace(deceptive, "\ufffd"))
    .join("\n");
}

/** A value of a service inside Markdown: every character that could start markup or a link is escaped. */
export function markdownText(value: unknown, limit = 1000): string {
  return displayText(value, limit).replace(/[\\`*_{}[\]()#+\-.!|<>~$&:]/g, (character) => `\\${character}`);
}

/** A count for a person, for example `1,291`. */
export function count(value: number): string {
  return value.toLocaleString("en-US");
}

const unprintable = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/**
 * Text of other people on one line of a terminal or a page: control characters and marks of writing direction, by which a
 * name could move the cursor or forge a line, are shown as U+FFFD.
 */
export function printable(text: string): string {
  return text.replace(unprintable, "\ufffd");
}

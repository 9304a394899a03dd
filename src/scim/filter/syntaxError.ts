import { clip, ScimError } from "../errors.ts";

const before = 60;
const after = 30;

/** A filter or a PATCH path that cannot be read (RFC 7644 section 3.12: invalidFilter, invalidPath). */
export class FilterSyntaxError extends ScimError {
  /** Where in the text the problem is, counted in UTF-16 units from 0. */
  readonly position: number;

  /** `problem` says what is wrong there, in a short sentence without its full stop. */
  constructor(kind: "invalidFilter" | "invalidPath", problem: string, text: string, position: number) {
    const what = kind === "invalidFilter" ? "filter" : "path";
    super(
      400,
      `The ${what} is not valid at character ${position + 1}: ${clip(problem, 140)}. ${excerpt(text, position)}`,
      kind,
    );
    this.name = "FilterSyntaxError";
    this.position = position;
  }
}

/** A short piece of the text around the position, which is marked with an arrow. */
function excerpt(text: string, position: number): string {
  const start = Math.max(0, position - before);
  const end = Math.min(text.length, position + after);
  const left = (start > 0 ? "…" : "") + text.slice(start, position);
  const right = text.slice(position, end) + (end < text.length ? "…" : "");
  return `It reads: ${left} → here → ${right}`.replace(/[\p{Cc}\p{Cs}]/gu, " ").trimEnd();
}

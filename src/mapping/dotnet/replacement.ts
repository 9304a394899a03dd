import type { RegexMatch } from "./regex.ts";

/** One piece of a .NET replacement pattern. */
type ReplacementPart =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "group"; readonly name: string }
  | { readonly kind: "before" | "after" | "whole" };

/**
 * Parses a .NET replacement pattern (`$1`, `${name}`, `$$`, `$&`, `` $` ``, `$'`, `$_`). A reference to a group that the
 * pattern does not have stays as text, as in .NET.
 */
export function parseReplacement(
  replacement: string,
  hasGroup: (name: string) => boolean,
): (match: RegexMatch, subject: string) => string {
  const parts: ReplacementPart[] = [];
  let last = 0;
  for (const found of replacement.matchAll(/\$(?:(\d+)|\{([\p{L}\p{N}_]+)\}|([$&`'_]))/gu)) {
    const name = found[1] ?? found[2];
    if (name !== undefined && !hasGroup(name)) continue;
    parts.push({ kind: "text", text: replacement.slice(last, found.index) });
    last = found.index + found[0].length;
    if (name !== undefined) parts.push({ kind: "group", name });
    else parts.push(special(found[3] ?? ""));
  }
  parts.push({ kind: "text", text: replacement.slice(last) });
  const [only] = parts;
  if (parts.length === 1 && only?.kind === "text") return () => only.text;
  return (match, subject) => parts.map((part) => expand(part, match, subject)).join("");
}

function special(mark: string): ReplacementPart {
  switch (mark) {
    case "&":
      return { kind: "group", name: "0" };
    case "`":
      return { kind: "before" };
    case "'":
      return { kind: "after" };
    case "_":
      return { kind: "whole" };
    default:
      return { kind: "text", text: "$" };
  }
}

function expand(part: ReplacementPart, match: RegexMatch, subject: string): string {
  switch (part.kind) {
    case "text":
      return part.text;
    case "group":
      return match.group(part.name)?.text ?? "";
    case "before":
      return subject.slice(0, match.start);
    case "after":
      return subject.slice(match.start + match.text.length);
    case "whole":
      return subject;
  }
}

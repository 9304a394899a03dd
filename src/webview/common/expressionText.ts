/** A piece of an expression text as it is coloured. */
export interface Piece {
  readonly kind: "function" | "attribute" | "string" | "number" | "other";
  readonly start: number;
  readonly end: number;
}

const pieces =
  /(?<attribute>\[[^\]\r\n]*\]?)|(?<string>"(?:\\["\\]|[^"])*"?)|(?<function>[\p{L}_][\p{L}\p{N}_]*(?=\s*\())|(?<number>-?\b\d+(?:\.\d+)?\b)/gu;

/**
 * The pieces of an expression for colouring and completion. It takes any text, unfinished ones too: what is wrong with an
 * expression is the engine's to say.
 */
export function piecesOf(text: string): Piece[] {
  const found: Piece[] = [];
  let at = 0;
  for (const match of text.matchAll(pieces)) {
    if (match.index > at) found.push({ kind: "other", start: at, end: match.index });
    const kind = (["attribute", "string", "function", "number"] as const).find(
      (name) => match.groups?.[name] !== undefined,
    );
    at = match.index + match[0].length;
    found.push({ kind: kind ?? "other", start: match.index, end: at });
  }
  if (at < text.length) found.push({ kind: "other", start: at, end: text.length });
  return found;
}

/** What can be completed at a place: a name that begins at `start`. */
export interface Completing {
  readonly kind: "attribute" | "name";
  readonly start: number;
  readonly end: number;
  readonly prefix: string;
}

/** What is being written at a place; undefined within a text. */
export function completingAt(text: string, offset: number): Completing | undefined {
  const piece = piecesOf(text).find(({ kind, start, end }) => kind !== "other" && start < offset && offset <= end);
  if (piece?.kind === "attribute") {
    const isClosed = text[piece.end - 1] === "]";
    if (isClosed && offset === piece.end) return undefined;
    // An open bracket takes in all that follows, which is not its name yet.
    const rest = /^[^\][(),"\r\n]*(?=\])|^[\p{L}\p{N}_]*/u.exec(text.slice(offset))?.[0] ?? "";
    const prefix = text.slice(piece.start + 1, offset);
    return { kind: "attribute", start: piece.start + 1, end: offset + rest.length, prefix };
  }
  if (piece?.kind === "string") {
    const isClosed = piece.end - piece.start > 1 && text[piece.end - 1] === '"';
    if (!isClosed || offset < piece.end) return undefined;
  }
  const before = /[\p{L}_][\p{L}\p{N}_]*$/u.exec(text.slice(0, offset))?.[0] ?? "";
  const after = /^[\p{L}\p{N}_]*/u.exec(text.slice(offset))?.[0] ?? "";
  return { kind: "name", start: offset - before.length, end: offset + after.length, prefix: before };
}

/** The call around a place: the function's name and which argument the place is in, from 0. */
export interface CallAt {
  readonly name: string;
  readonly argument: number;
}

/** The innermost call around a place; undefined outside of every call. */
export function callAt(text: string, offset: number): CallAt | undefined {
  const open: { name: string; argument: number }[] = [];
  let name = "";
  for (const piece of piecesOf(text)) {
    if (piece.start >= offset) break;
    if (piece.kind === "function") name = text.slice(piece.start, piece.end);
    if (piece.kind !== "other") continue;
    for (const character of text.slice(piece.start, Math.min(piece.end, offset))) {
      const innermost = open.at(-1);
      if (character === "(") {
        open.push({ name, argument: 0 });
        name = "";
      } else if (character === ")") open.pop();
      else if (character === "," && innermost !== undefined) innermost.argument++;
    }
  }
  return open.at(-1);
}

/** The index of the parameter that an argument fills, when the last `repeated` ones come again and again. */
export function parameterIndex(argument: number, parameters: number, repeated: number): number {
  if (argument < parameters || repeated === 0) return argument;
  return parameters - repeated + ((argument - parameters) % repeated);
}

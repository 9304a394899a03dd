import { literal, RegexError, type PatternCursor } from "./regexCursor.ts";
import { translateEscape } from "./regexEscape.ts";

/** Translates a class in brackets, with .NET's subtraction `[a-z-[aeiou]]`. */
export function translateClass(cursor: PatternCursor): string {
  return cursor.nested(() => {
    cursor.skip(1);
    const negated = cursor.peek() === "^";
    if (negated) cursor.skip(1);
    let members = "";
    let subtracted = "";
    for (let first = true; ; first = false) {
      if (cursor.done) throw new RegexError("The pattern has an opening bracket without a closing one.");
      if (cursor.peek() === "]" && !first) break;
      if (cursor.peek() === "-" && cursor.peek(1) === "[" && !first) {
        cursor.skip(1);
        subtracted = `--${translateClass(cursor)}`;
        if (cursor.peek() !== "]") throw new RegexError("A subtraction must be the last thing in its brackets.");
        break;
      }
      members += readMember(cursor);
    }
    cursor.skip(1);
    const set = `[${negated ? "^" : ""}${members}]`;
    return subtracted === "" ? set : `[${set}${subtracted}]`;
  });
}

/** One character, one set, or a range of characters. */
function readMember(cursor: PatternCursor): string {
  const from = readCharacter(cursor);
  const next = cursor.peek(1);
  // A hyphen at the end, before a subtraction or beside a set such as \w is itself.
  if (cursor.peek() !== "-" || next === "]" || next === "[" || next === "" || isSet(from)) return from;
  cursor.skip(1);
  const to = readCharacter(cursor);
  return isSet(to) ? `${from}${literal("-")}${to}` : `${from}-${to}`;
}

function readCharacter(cursor: PatternCursor): string {
  if (cursor.peek() === "\\" && cursor.peek(1) === "b") {
    cursor.skip(2);
    return "\\x08";
  }
  if (cursor.peek() === "\\") return translateEscape(cursor);
  const character = cursor.character();
  cursor.skip(character.length);
  return literal(character);
}

function isSet(member: string): boolean {
  return member.startsWith("[");
}

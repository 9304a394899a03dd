import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { callAt, completingAt, parameterIndex, piecesOf } from "../../../src/webview/common/expressionText.ts";

/** A text with the caret at the bar. */
const caret = (text: string): [string, number] => [text.replace("|", ""), text.indexOf("|")];
const completing = (text: string) => {
  const found = completingAt(...caret(text));
  return found && `${found.kind} ${found.prefix}`;
};
const call = (text: string) => {
  const found = callAt(...caret(text));
  return found && `${found.name} ${found.argument}`;
};

describe("the text of an expression as it is typed", () => {
  it("tells functions, attributes, texts and numbers apart", () => {
    const text = 'Mid([mail], 1, Len("a\\"b"))';
    const kinds = piecesOf(text).flatMap(({ kind, start, end }) =>
      kind === "other" ? [] : [`${kind} ${text.slice(start, end)}`],
    );
    expect(kinds).toEqual(["function Mid", "attribute [mail]", "number 1", "function Len", 'string "a\\"b"']);
  });

  it("covers any text without gaps or overlap, finished or not", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom("[", "]", '"', "\\", "(", ")", ",", " ", "a", "1", "é", "\n") }),
        (text) => {
          expect(
            piecesOf(text)
              .map(({ start, end }) => text.slice(start, end))
              .join(""),
          ).toBe(text);
        },
      ),
    );
  });

  it("completes attributes within brackets, names elsewhere, and nothing within a text", () => {
    expect(completing("Join([giv|")).toBe("attribute giv");
    expect(completing("Join([giv|enName])")).toBe("attribute giv");
    expect(completing("Join([givenName]|)")).toBeUndefined();
    expect(completing("PCase(Coal|")).toBe("name Coal");
    expect(completing("|")).toBe("name ");
    expect(completing('Join("giv|')).toBeUndefined();
    expect(completing('Join("giv|", [a])')).toBeUndefined();
  });

  it("finds the call and the argument around the caret, whatever stands in texts", () => {
    expect(call("Join(|")).toBe("Join 0");
    expect(call('Join(", (", [a], |')).toBe("Join 2");
    expect(call("Join(ToLower([a]|), [b])")).toBe("ToLower 0");
    expect(call("Join(ToLower([a]), |[b])")).toBe("Join 1");
    expect(call("Join([a])|")).toBeUndefined();
  });

  it("comes back to the repeated parameters", () => {
    expect([0, 1, 2, 3, 4, 5, 6].map((argument) => parameterIndex(argument, 5, 2))).toEqual([0, 1, 2, 3, 4, 3, 4]);
    expect(parameterIndex(7, 2, 0)).toBe(7);
  });
});

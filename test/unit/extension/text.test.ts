import { describe, expect, it } from "vitest";
import { count, displayText, labelText, markdownText } from "../../../src/extension/platform/text.ts";
import { hostileNames } from "./support.ts";

describe("a value of a service as text", () => {
  it.each(hostileNames)("is one line without deceptive characters: %j", (name) => {
    const text = displayText(name);
    expect(text).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ud800-\udfff](?![\udc00-\udfff])/);
    expect(Array.from(text).length).toBeLessThanOrEqual(121);
  });

  it("keeps what names are written in: accents, other scripts, emoji joined by zero-width joiners", () => {
    for (const name of ["Zoë Larsson", "Łukasz Wójcik", "Nguyễn Thị Hương", "山田 太郎", "👩‍💻 Ada"])
      expect(displayText(name)).toBe(name);
  });

  it("is cut between characters, never inside one", () => {
    expect(displayText("👍".repeat(10), 3)).toBe("👍👍👍…");
  });

  it("draws no icon in a choice", () => {
    expect(labelText("Ada $(trash) $$(sync~spin)")).toBe("Ada $ (trash) $$ (sync~spin)");
  });

  it("is empty for what is no text", () => {
    expect(displayText(undefined)).toBe("");
    expect(displayText({ toString: () => "x" })).toBe("");
  });

  it.each(hostileNames)("cannot become markup: %j", (name) => {
    expect(markdownText(name)).not.toMatch(/(?<!\\)[[\]()<>`*_$]/);
  });
});

describe("a count", () => {
  it("has separators of thousands", () => expect(count(1_000_000)).toBe("1,000,000"));
});

import { describe, expect, it } from "vitest";
import { HttpResponse } from "../../../src/http/exchange.ts";
import { readAnswer } from "../../../src/scim/answer.ts";

const origin = { method: "GET", url: "https://scim.example.com/Users" };
const answered = (text: string): HttpResponse =>
  new HttpResponse(200, { "content-type": "application/scim+json" }, text, text.length);

describe("readAnswer", () => {
  it("hands out the JSON of a good answer", () => {
    expect(readAnswer(answered('{"totalResults": 0}'), origin)).toStrictEqual({ totalResults: 0 });
  });

  it("refuses an answer that nests so deep that walking through it would run out of stack", () => {
    const deep = `{"Resources": ${"[".repeat(100_000)}${"]".repeat(100_000)}}`;
    expect(() => readAnswer(answered(deep), origin)).toThrow(
      expect.objectContaining({ code: "invalidAnswer", message: expect.stringContaining(origin.url) }),
    );
  });
});

import { describe, expect, it } from "vitest";
import { AnswerInParts, takeApart } from "../../../../src/extension/jobs/engine/answerParts.ts";

const answer = (entries: number) => ({
  plan: {
    job: "People",
    changes: Array.from({ length: entries }, (_, at) => ({ id: `c${at}`, after: { displayName: "Ada ".repeat(50) } })),
    skips: Array.from({ length: entries }, (_, at) => ({ sourceId: `s${at}`, reason: "Escrowed" })),
  },
  guard: { held: true, reasons: ["Too many."], removals: Array.from({ length: entries }, (_, at) => `c${at}`) },
  results: Array.from({ length: entries }, (_, at) => ({ changeId: `c${at}`, outcome: "pushed" })),
});

const sent = (whole: unknown) => {
  const { rest, parts } = takeApart(whole);
  const received = new AnswerInParts();
  const lengths = [...parts].map((part) => {
    received.add(part);
    return part.text.length;
  });
  return { rest: structuredClone(rest), lengths, received };
};

describe("an answer of the engine on its way to the window", () => {
  it("arrives as it was", () => {
    const whole = answer(3_000);
    const { rest, received } = sent(whole);
    expect(received.whole(rest)).toEqual(whole);
  });

  it("comes in messages of a bounded size, the rest without its lists", () => {
    const { rest, lengths } = sent(answer(3_000));
    expect(lengths.length).toBeGreaterThan(5);
    expect(Math.max(...lengths)).toBeLessThan(140_000);
    expect(JSON.stringify(rest).length).toBeLessThan(500);
  });

  it("is left as it is by being taken apart", () => {
    const whole = answer(2);
    takeApart(whole);
    expect(whole).toEqual(answer(2));
  });

  it("has no parts when it has no long lists", () => {
    for (const whole of [null, { verdict: "in scope" }, answer(0), []]) {
      const { rest, lengths, received } = sent(whole);
      expect(lengths).toEqual([]);
      expect(received.whole(rest)).toEqual(whole);
    }
  });
});

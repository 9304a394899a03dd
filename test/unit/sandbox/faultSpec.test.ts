import { describe, expect, it } from "vitest";
import { FaultSpecError, parseFaultSpec } from "../../../src/sandbox/faults/spec.ts";

const brief = (text: string) => {
  const { faults, seed } = parseFaultSpec(text);
  return { seed, faults: faults.map(({ fault: _fault, ...rest }) => rest) };
};

describe("a fault specification", () => {
  it("names faults with a share, a percentage or request numbers", () => {
    expect(brief("429:0.05, reset-before:1%,PATCH/reset-after:#1+4,seed=7")).toEqual({
      seed: 7,
      faults: [
        { name: "429", value: 1, when: { kind: "chance", share: 0.05 } },
        { name: "reset-before", value: 0, when: { kind: "chance", share: 0.01 } },
        { name: "reset-after", value: 0, scope: "PATCH", when: { kind: "nth", numbers: new Set([1, 4]) } },
      ],
    });
  });

  it("takes a number where the fault has one, and a scope in any letter case", () => {
    expect(brief("list/wrong-total=12:1,429-fraction=0.25:0")).toMatchObject({
      faults: [
        { name: "wrong-total", value: 12, scope: "LIST" },
        { name: "429-fraction", value: 0.25, when: { share: 0 } },
      ],
    });
  });

  it("may be empty", () => {
    expect(brief("")).toEqual({ seed: 1, faults: [] });
  });

  it.each([
    ["nonsense:0.1", /"nonsense:0\.1".*no such fault.*reset-before/],
    ["__proto__:1", /no such fault/],
    ["429", /does not say when.*429:0\.05/],
    ["429:1.5", /no share from 0 to 1/],
    ["429:101%", /no share/],
    ["429:", /no share/],
    ["429:#0", /no list of request numbers/],
    ["429:#1,5", /no list|no such fault/],
    ["429=x:1", /no number of seconds/],
    ["html=5:1", /takes no number/],
    ["truncated=101:1", /100 percent is the most/],
    ["FETCH/429:1", /"FETCH" is none of GET, POST/],
    ["seed=x", /a seed is a whole number/],
    ["a".repeat(10_000), /no such fault/],
  ])("%.30s is refused with what would do", (text, message) => {
    expect(() => parseFaultSpec(text)).toThrow(FaultSpecError);
    expect(() => parseFaultSpec(text)).toThrow(message);
  });
});

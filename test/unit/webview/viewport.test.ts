import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lineHeight, Viewport } from "../../../src/webview/log/viewport.ts";

describe("the lines of the log that are in sight", () => {
  it("are few however many there are, and none is drawn that is not there", () => {
    const viewport = new Viewport(1_000_000, 600, 0);
    expect(viewport.shown).toHaveLength(Math.ceil(600 / lineHeight) + 2);
    expect(viewport.space).toBe(15_000_000);
    expect(new Viewport(3, 600, 0).shown).toEqual([0, 1, 2]);
    expect(new Viewport(0, 600, 0).shown).toEqual([]);
  });

  it("hold a line that was scrolled to, in a short table and in one taller than a browser draws", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3_000_000 }), fc.double({ min: 0, max: 1, noNaN: true }), (lines, part) => {
        const line = Math.floor(part * (lines - 1));
        const top = new Viewport(lines, 600, 0).scrollTo(line) ?? 0;
        expect(new Viewport(lines, 600, top).shown).toContain(line);
      }),
    );
  });
});

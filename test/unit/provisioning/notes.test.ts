import { describe, expect, it } from "vitest";
import type { Link } from "../../../src/provisioning/jobState.ts";
import { isSettled, noteOf, wasProvisioned } from "../../../src/provisioning/notes.ts";

const link = (hash: string, more: Partial<Link> = {}): Link => ({ targetId: "1", hash, scope: "in", ...more });

describe("the note of an object, from one pass to the next", () => {
  it("settles an object that is linked by the same content, and nothing else", () => {
    expect(isSettled("h", link("h"))).toBe(true);
    expect(isSettled("h", link("other"))).toBe(false);
    expect(isSettled("h", link("h", { scope: "out" }))).toBe(false);
    expect(isSettled("h", undefined)).toBe(false);
  });

  it("settles nobody who was just read, whose link was never made of any content", () => {
    expect(isSettled("", link(""))).toBe(false);
    expect(isSettled(noteOf("", true), link(""))).toBe(false);
  });

  it("says whether the object may be a member", () => {
    expect(wasProvisioned(noteOf("h", true))).toBe(true);
    expect(wasProvisioned(noteOf(undefined, true))).toBe(true);
    expect(wasProvisioned(noteOf("h", false))).toBe(false);
  });
});

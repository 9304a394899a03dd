import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { EditMessage, ToHost } from "../../../src/extension/jobEditor/messages.ts";
import { EditQueue } from "../../../src/webview/jobEditor/editQueue.ts";

const set = (value: string, key = "name"): EditMessage => ({ kind: "set", path: [key], value });

describe("the queue of edits", () => {
  let sent: ToHost[];
  let troubles: (string | undefined)[];
  let queue: EditQueue;

  beforeEach(() => {
    vi.useFakeTimers();
    sent = [];
    troubles = [];
    queue = new EditQueue({ post: (message) => sent.push(message), trouble: (message) => troubles.push(message) });
    queue.setVersion(7);
  });
  afterEach(() => vi.useRealTimers());

  it("sends the next edit only when the one before is in the document, and for the version that it made", () => {
    queue.edit(set("a"));
    queue.edit(set("b", "other"));
    expect(sent).toEqual([{ kind: "edit", id: 0, version: 7, edits: [set("a")] }]);
    queue.answered(0, true, 8);
    expect(sent[1]).toEqual({ kind: "edit", id: 1, version: 8, edits: [set("b", "other")] });
  });

  it("sends only the latest text of a field that was typed meanwhile", () => {
    for (const text of ["a", "ab", "abc", "abcd"]) queue.edit(set(text));
    queue.answered(0, true, 8);
    expect(sent.slice(1)).toEqual([{ kind: "edit", id: 1, version: 8, edits: [set("abcd")] }]);
  });

  it("drops what was built upon an edit that was refused, and says why", () => {
    queue.edit(set("a"));
    queue.edit(set("b", "other"));
    queue.answered(0, false, 12, "The file changed meanwhile.");
    expect(sent).toHaveLength(1);
    expect(queue.isIdle).toBe(true);
    expect(troubles.at(-1)).toBe("The file changed meanwhile.");
    queue.edit(set("c"));
    expect(sent[1]).toMatchObject({ version: 12 });
  });

  it("says after two seconds that an edit is not in the document, and takes it back when it is", () => {
    queue.edit(set("a"));
    vi.advanceTimersByTime(1999);
    expect(troubles).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(troubles).toEqual(["This edit is not in the document yet."]);
    queue.answered(0, true, 8);
    expect(troubles.at(-1)).toBeUndefined();
  });

  it("calls back once everything is in the document", () => {
    const done = vi.fn();
    queue.edit(set("a"));
    queue.reset("users");
    queue.whenIdle(done);
    queue.answered(0, true, 8);
    expect(done).not.toHaveBeenCalled();
    expect(sent[1]).toEqual({ kind: "reset", id: 1, version: 8, table: "users" });
    queue.answered(1, true, 9);
    expect(done).toHaveBeenCalledOnce();
  });

  it("does not mistake a late answer for the one that it waits for", () => {
    queue.edit(set("a"));
    queue.answered(0, true, 8);
    queue.edit(set("b"));
    queue.answered(0, false, 8);
    expect(queue.isIdle).toBe(false);
  });
});

import { describe, expect, it } from "vitest";
import { afterRemoval, gridAction, type GridKey } from "../../../src/webview/common/gridModel.ts";

const size = { rows: 10, columns: 8, page: 4 };
const press = (key: string, held: Partial<GridKey> = {}) => ({
  key,
  ctrlKey: false,
  altKey: false,
  metaKey: false,
  shiftKey: false,
  ...held,
});
const at = (row: number, column: number) => ({ row, column });
const moved = (key: string, from = at(5, 3), held: Partial<GridKey> = {}) => {
  const action = gridAction(press(key, held), from, size);
  return action?.kind === "move" ? [action.to.row, action.to.column] : action;
};

describe("the keys of a grid", () => {
  it("moves by cell with the arrows and stops at the edges", () => {
    expect(moved("ArrowUp")).toEqual([4, 3]);
    expect(moved("ArrowDown")).toEqual([6, 3]);
    expect(moved("ArrowLeft")).toEqual([5, 2]);
    expect(moved("ArrowRight")).toEqual([5, 4]);
    expect(moved("ArrowUp", at(0, 0))).toEqual([0, 0]);
    expect(moved("ArrowRight", at(9, 7))).toEqual([9, 7]);
  });

  it("moves by row with Home and End, by table with Ctrl, by screen with Page Up and Page Down", () => {
    expect(moved("Home")).toEqual([5, 0]);
    expect(moved("End")).toEqual([5, 7]);
    expect(moved("Home", at(5, 3), { ctrlKey: true })).toEqual([0, 0]);
    expect(moved("End", at(5, 3), { metaKey: true })).toEqual([9, 7]);
    expect(moved("PageUp")).toEqual([1, 3]);
    expect(moved("PageDown")).toEqual([9, 3]);
  });

  it("edits with F2 and Enter, removes with Delete, adds with Insert", () => {
    expect(moved("F2")).toEqual({ kind: "edit" });
    expect(moved("Enter")).toEqual({ kind: "edit" });
    expect(moved("Delete")).toEqual({ kind: "remove" });
    expect(moved("Insert")).toEqual({ kind: "insert" });
  });

  it("reorders with Alt and the arrows, not past the edges", () => {
    expect(moved("ArrowUp", at(5, 3), { altKey: true })).toEqual({ kind: "reorder", to: 4 });
    expect(moved("ArrowDown", at(5, 3), { altKey: true })).toEqual({ kind: "reorder", to: 6 });
    expect(moved("ArrowUp", at(0, 3), { altKey: true })).toBeUndefined();
    expect(moved("ArrowDown", at(9, 3), { altKey: true })).toBeUndefined();
  });

  it("leaves other keys, and chords that belong to VS Code, alone", () => {
    expect(moved("a")).toBeUndefined();
    expect(moved("Tab")).toBeUndefined();
    expect(moved("Enter", at(5, 3), { ctrlKey: true })).toBeUndefined();
    expect(moved("Delete", at(5, 3), { shiftKey: true })).toBeUndefined();
  });

  it("takes only Insert while it is empty", () => {
    const empty = { rows: 0, columns: 8, page: 4 };
    expect(gridAction(press("Insert"), at(0, 0), empty)).toEqual({ kind: "insert" });
    expect(gridAction(press("Delete"), at(0, 0), empty)).toBeUndefined();
    expect(gridAction(press("ArrowDown"), at(0, 0), empty)).toBeUndefined();
  });

  it("keeps the focus at the place of a row that is gone, or on the last", () => {
    expect(afterRemoval(3, 9)).toBe(3);
    expect(afterRemoval(9, 9)).toBe(8);
    expect(afterRemoval(0, 0)).toBe(0);
  });
});

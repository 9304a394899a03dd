/** A cell of a grid by 0-based row and column; the head is no row. */
export interface Cell {
  readonly row: number;
  readonly column: number;
}

export interface GridSize {
  readonly rows: number;
  readonly columns: number;
  /** Rows that fit the screen. */
  readonly page: number;
}

export interface GridKey {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
}

/** What a key asks of a grid. */
export type GridAction =
  | { readonly kind: "move"; readonly to: Cell }
  | { readonly kind: "edit" }
  | { readonly kind: "remove" }
  | { readonly kind: "insert" }
  | { readonly kind: "reorder"; readonly to: number };

/**
 * The keys of a grid (WAI-ARIA Authoring Practices, "Grid pattern", with editing): arrows by cell, Home and End by row, with
 * Ctrl by table, Page Up and Down by screen; F2 and Enter edit, Delete removes, Insert adds, Alt with arrows reorders.
 * @returns undefined for a key that is none of the grid's.
 */
export function gridAction(pressed: GridKey, at: Cell, size: GridSize): GridAction | undefined {
  const { key, altKey, shiftKey } = pressed;
  const ctrlKey = pressed.ctrlKey || pressed.metaKey;
  const lastRow = size.rows - 1;
  const lastColumn = size.columns - 1;
  if (size.rows === 0) return key === "Insert" ? { kind: "insert" } : undefined;
  if (altKey) {
    if (key === "ArrowUp" && at.row > 0) return { kind: "reorder", to: at.row - 1 };
    if (key === "ArrowDown" && at.row < lastRow) return { kind: "reorder", to: at.row + 1 };
    return undefined;
  }
  const move = (row: number, column: number): GridAction => ({
    kind: "move",
    to: { row: clamp(row, lastRow), column: clamp(column, lastColumn) },
  });
  switch (key) {
    case "ArrowUp":
      return move(at.row - 1, at.column);
    case "ArrowDown":
      return move(at.row + 1, at.column);
    case "ArrowLeft":
      return move(at.row, at.column - 1);
    case "ArrowRight":
      return move(at.row, at.column + 1);
    case "Home":
      return move(ctrlKey ? 0 : at.row, 0);
    case "End":
      return move(ctrlKey ? lastRow : at.row, lastColumn);
    case "PageUp":
      return move(at.row - size.page, at.column);
    case "PageDown":
      return move(at.row + size.page, at.column);
    case "F2":
    case "Enter":
      return ctrlKey || shiftKey ? undefined : { kind: "edit" };
    case "Delete":
      return ctrlKey || shiftKey ? undefined : { kind: "remove" };
    case "Insert":
      return ctrlKey || shiftKey ? undefined : { kind: "insert" };
    default:
      return undefined;
  }
}

/** Where the focus goes when a row is gone: the one that took its place, or the last. */
export function afterRemoval(row: number, rowsLeft: number): number {
  return clamp(row, rowsLeft - 1);
}

function clamp(value: number, most: number): number {
  return Math.max(0, Math.min(value, most));
}

import { printable } from "../provisioning/printable.ts";

export { printable };

/** One column of a table: its heading and how a row shows in it. */
export interface Column<Row> {
  readonly title: string;
  readonly value: (row: Row) => string;
  readonly align?: "right";
}

/** Cuts at the end with an ellipsis, so that a row stays within `width` characters. */
export function truncate(text: string, width: number): string {
  const characters = Array.from(text);
  return characters.length <= width ? text : `${characters.slice(0, Math.max(0, width - 1)).join("")}…`;
}

/** A plain table: heading, then a line per row; columns as wide as their content, at most `longest` characters each. */
export function formatTable<Row>(columns: readonly Column<Row>[], rows: readonly Row[], longest = 48): string {
  const cells = rows.map((row) => columns.map((column) => truncate(printable(column.value(row)), longest)));
  const widths = columns.map((column, index) =>
    cells.reduce((width, row) => Math.max(width, length(row[index])), column.title.length),
  );
  const line = (values: readonly string[]) =>
    values
      .map((value, index) => {
        const padding = " ".repeat(Math.max(0, (widths[index] ?? 0) - length(value)));
        return columns[index]?.align === "right" ? padding + value : value + padding;
      })
      .join("  ")
      .trimEnd();
  return [line(columns.map((column) => column.title)), ...cells.map(line)].map((text) => `${text}\n`).join("");
}

function length(text: string | undefined): number {
  return text === undefined ? 0 : Array.from(text).length;
}

/**
 * One line of CSV (RFC 4180). A cell that a spreadsheet would take for a formula gets a leading apostrophe, since the
 * names in it come from other people.
 */
export function csvLine(cells: readonly string[]): string {
  return `${cells.map(csvCell).join(",")}\r\n`;
}

function csvCell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

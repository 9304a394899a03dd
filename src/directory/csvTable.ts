import path from "node:path";
import { CsvScanner } from "./csvScanner.ts";
import type { ProblemList } from "./problemList.ts";
import { foreignEncoding, replacement, TextFile, unreadable } from "./textFile.ts";

/** One attribute column: its place in a row and how its texts are read. */
export interface Column {
  readonly name: string;
  readonly index: number;
  /** The header ends in `[]`: texts are lists, divided by `;`. */
  readonly list: boolean;
}

/** A CSV file whose header has been read and found fit. */
export class CsvTable {
  readonly name: string;
  readonly columns: readonly Column[];
  readonly #file: TextFile;
  readonly #problems: ProblemList;
  #rows = 0;
  #finished = false;

  private constructor(name: string, file: TextFile, columns: readonly Column[], problems: ProblemList) {
    this.name = name;
    this.columns = columns;
    this.#file = file;
    this.#problems = problems;
  }

  /**
   * Opens a file and reads its header. Gives undefined after telling why when the file cannot be read at all.
   * @param name what the file is called in messages, and where it is relative to `baseDir`.
   */
  static async open(
    baseDir: string,
    name: string,
    required: readonly string[],
    problems: ProblemList,
  ): Promise<CsvTable | undefined> {
    const location = path.resolve(baseDir, name);
    try {
      const file = await TextFile.open(location);
      const encoding = await foreignEncoding(location);
      if (encoding !== undefined) {
        problems.error(`The file is ${encoding}. Save it as UTF-8.`, { file: name });
        return undefined;
      }
      const header = await readHeader(file);
      const columns = header === undefined ? undefined : checkHeader(name, header, required, problems);
      if (header === undefined)
        problems.error(`The file is empty. Its first line must name the columns: ${required.join(",")}.`, {
          file: name,
        });
      return columns === undefined ? undefined : new CsvTable(name, file, columns, problems);
    } catch (error) {
      problems.error(unreadable(error), { file: name });
      return undefined;
    }
  }

  /** Rows taken so far. */
  get rows(): number {
    return this.#rows;
  }

  /** Whether the file was read to its end and stayed the same meanwhile. */
  get finished(): boolean {
    return this.#finished;
  }

  /** The place of a column in a row; the column is one of the required ones. */
  index(name: string): number {
    return this.columns.findIndex((column) => column.name === name);
  }

  /**
   * Reads the rows; `take` gets each, and the generator yields now and then so that what was taken can be passed on.
   * Rows that are wrong are told as problems and left out.
   */
  async *read(take: (fields: readonly string[], line: number) => void, signal?: AbortSignal): AsyncGenerator<void> {
    let headerSeen = false;
    let suspect = false;
    const width = this.columns.length;
    const scanner = new CsvScanner({
      record: (fields, line) => {
        if (!headerSeen) {
          headerSeen = true;
        } else if (fields.length !== width) {
          this.#error(
            `${fields.length} ${fields.length === 1 ? "field" : "fields"} where the header names ${width}.`,
            line,
          );
        } else if (suspect && fields.some((field) => field.includes(replacement))) {
          this.#error(
            "The line holds bytes that are not UTF-8; the file may be Windows-1252 or Latin-1. Save it as UTF-8.",
            line,
          );
        } else {
          this.#rows += 1;
          take(fields, line);
        }
      },
      error: (message, line) => this.#error(message, line),
    });
    try {
      for await (const piece of this.#file.pieces(signal)) {
        suspect ||= !piece.valid;
        scanner.push(piece.text);
        yield;
      }
      scanner.end();
    } catch (error) {
      signal?.throwIfAborted();
      this.#problems.error(unreadable(error), { file: this.name });
      return;
    }
    const change = await this.#file.whatChanged();
    if (change === undefined) this.#finished = true;
    else
      this.#problems.error(`The file was not read whole: ${change}. Run again when it is at rest.`, {
        file: this.name,
      });
  }

  #error(message: string, line: number): void {
    this.#problems.error(message, { file: this.name, line });
  }
}

/** The fields of the first line that is not blank. */
async function readHeader(file: TextFile): Promise<string[] | undefined> {
  let header: string[] | undefined;
  const keep = (fields: string[]): void => {
    header ??= fields;
  };
  const scanner = new CsvScanner({ record: keep, error: (message) => keep([message]) });
  for await (const piece of file.pieces()) {
    scanner.push(piece.text);
    if (header !== undefined) return header;
  }
  scanner.end();
  return header;
}

function checkHeader(
  file: string,
  header: readonly string[],
  required: readonly string[],
  problems: ProblemList,
): Column[] | undefined {
  const place = { file, line: 1 };
  const before = problems.errorCount;
  const columns = header.map((text, index) => {
    const name = text.trim();
    const list = name.endsWith("[]");
    return { name: list ? name.slice(0, -2) : name, index, list };
  });
  const only = columns.length === 1 ? columns[0]?.name : undefined;
  const divider =
    only === undefined ? undefined : only.includes(";") ? "semicolons" : only.includes("\t") ? "tabs" : undefined;
  if (divider !== undefined) {
    problems.error(`The columns are divided by ${divider}. Save the file with commas between the fields.`, place);
    return undefined;
  }
  const seen = new Set<string>();
  for (const { name, index } of columns) {
    if (name === "") problems.error(`Column ${index + 1} has no name.`, place);
    else if (name.includes(replacement))
      problems.error("The header holds bytes that are not UTF-8. Save the file as UTF-8.", place);
    else if (seen.has(name))
      problems.error(`The column "${name}" is there twice. Remove one.`, { ...place, field: name });
    seen.add(name);
  }
  for (const name of required) {
    if (seen.has(name)) continue;
    const folded = columns.find((column) => column.name.toLowerCase() === name.toLowerCase())?.name;
    const hint =
      folded === undefined
        ? `It names ${columns.map((column) => column.name).join(", ")}.`
        : `"${folded}" must be written "${name}".`;
    problems.error(`The header lacks the column "${name}". ${hint}`, { ...place, field: name });
  }
  return problems.errorCount === before ? columns : undefined;
}

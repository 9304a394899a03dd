import { parse } from "csv-parse/sync";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CsvScanner } from "../../../src/directory/csvScanner.ts";

interface Scanned {
  readonly records: string[][];
  readonly lines: number[];
  readonly errors: string[];
}

function scan(pieces: readonly string[]): Scanned {
  const found: Scanned = { records: [], lines: [], errors: [] };
  const scanner = new CsvScanner({
    record: (fields, line) => {
      found.records.push(fields);
      found.lines.push(line);
    },
    error: (message, line) => found.errors.push(`${line}: ${message}`),
  });
  for (const piece of pieces) scanner.push(piece);
  scanner.end();
  return found;
}

/** Cuts a text after every line feed, as a file is read. */
function lineByLine(text: string): string[] {
  return text.split(/(?<=\n)/);
}

const quoted = (field: string) => `"${field.replaceAll('"', '""')}"`;
const field = fc.string({ unit: fc.constantFrom("a", "Zoë", " ", ",", '"', "\n", "\r\n", ";", "'"), maxLength: 6 });
const plain = fc.string({ unit: fc.constantFrom("a", "Zoë", " ", "1", ";"), maxLength: 6 });
const row = fc.array(
  fc.oneof(
    field.map((value) => ({ value, text: quoted(value) })),
    plain.map((value) => ({ value, text: value })),
  ),
  {
    minLength: 2,
    maxLength: 5,
  },
);

describe("the CSV scanner", () => {
  it("gives back what was written, whatever the pieces, with the line of each record", () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 8 }), fc.constantFrom("\n", "\r\n"), fc.boolean(), (rows, end, final) => {
        const texts = rows.map((fields) => fields.map(({ text }) => text).join(","));
        const text = texts.join(end) + (final ? end : "");
        const expected = rows.map((fields) => fields.map(({ value }) => value));
        let line = 1;
        const lines = texts.map((one) => {
          const start = line;
          line += one.split("\n").length;
          return start;
        });
        for (const pieces of [[text], lineByLine(text)]) {
          expect(scan(pieces)).toEqual({ records: expected, lines, errors: [] });
        }
      }),
    );
  });

  it("agrees with csv-parse", () => {
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 8 }), (rows) => {
        const text = rows.map((fields) => fields.map((one) => one.text).join(",")).join("\n");
        expect(scan([text]).records).toEqual(parse(text, { relax_column_count: true, record_delimiter: "\n" }));
      }),
    );
  });

  it("passes over blank lines and counts them", () => {
    expect(scan(["a,b\n\n\r\nc,d\n"])).toEqual({
      records: [
        ["a", "b"],
        ["c", "d"],
      ],
      lines: [1, 4],
      errors: [],
    });
  });

  it("tells a quote that is never closed at the line where it opens, and reads on with the next line", () => {
    const found = scan(lineByLine('id,name\n1,"Ada\n2,Zoë\n3,Björn\n'));
    expect(found.errors).toEqual(["2: A quoted text starts here and is never closed."]);
    expect(found.records).toEqual([
      ["id", "name"],
      ["2", "Zoë"],
      ["3", "Björn"],
    ]);
    expect(found.lines).toEqual([1, 3, 4]);
  });

  it("gives up on an open quote after a megabyte instead of keeping the whole file", () => {
    const line = `2,${"x".repeat(1000)}\n`;
    const found = scan(['1,"open\n', ...Array.from({ length: 1200 }, () => line)]);
    expect(found.errors).toEqual(["1: A quoted text starts here and is never closed."]);
    expect(found.records).toHaveLength(1200);
  });

  it("tells quotes in the wrong place, each with its line", () => {
    expect(scan(['1,a"b\n2,"a"b\n3,c\n'])).toEqual({
      records: [["3", "c"]],
      lines: [3],
      errors: [
        '1: A quote stands within an unquoted field. Put the field in quotes and write each quote inside as "".',
        '2: A quoted text is followed by something other than a comma. Write each quote inside it as "".',
      ],
    });
  });
});

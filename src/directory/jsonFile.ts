import { isUtf8 } from "node:buffer";
import { readFile } from "node:fs/promises";
import { syntaxProblems } from "./jsonLocate.ts";
import { DirectoryError } from "./source.ts";
import { foreignEncoding, TextFile, unreadable } from "./textFile.ts";

/** What a JSON file holds, and what happened to it while it was read, in words. */
export interface JsonReading {
  readonly value: unknown;
  /** The file as it was found, to see later whether it is the same still. */
  readonly file: TextFile;
  readonly changed: string | undefined;
}

/**
 * Reads and parses a JSON file.
 * @param name what the file is called in messages.
 * @throws DirectoryError when it is missing, not UTF-8 or not JSON: with every syntax error and its line.
 */
export async function readJsonFile(
  location: string,
  name: string,
  signal: AbortSignal | undefined,
): Promise<JsonReading> {
  try {
    const file = await TextFile.open(location);
    const encoding = await foreignEncoding(location);
    if (encoding !== undefined) throw refusal(name, `The file is ${encoding}. Save it as UTF-8.`);
    const value = parse(await readJsonText(location, name, signal), name);
    return { value, file, changed: await file.whatChanged() };
  } catch (error) {
    signal?.throwIfAborted();
    throw error instanceof DirectoryError ? error : refusal(name, unreadable(error), error);
  }
}

/** The text of a JSON file, without a byte order mark. @throws DirectoryError when it is not UTF-8 */
export async function readJsonText(location: string, name: string, signal: AbortSignal | undefined): Promise<string> {
  const bytes = await readFile(location, signal === undefined ? {} : { signal });
  if (!isUtf8(bytes))
    throw refusal(name, "The file is not UTF-8; it may be Windows-1252 or Latin-1. Save it as UTF-8.");
  const start = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  return bytes.toString("utf8", start);
}

/** A file that cannot be used as a whole, for one reason. */
export function refusal(file: string, message: string, cause?: unknown): DirectoryError {
  return new DirectoryError([{ message, file, severity: "error" }], { cause });
}

function parse(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const problems = syntaxProblems(text).map(
      ({ line, message }) => ({ message, file: name, line, severity: "error" }) as const,
    );
    if (problems.length > 0) throw new DirectoryError(problems, { cause: error });
    throw refusal(name, `This is not JSON: ${error instanceof Error ? error.message : String(error)}.`, error);
  }
}

/** What proves that a JSON directory was read whole. */
export function wholeFile(file: string, counts: Readonly<Record<"users" | "groups" | "assignments", number>>): string {
  const said = Object.entries(counts).map(([name, count]) => `${count.toLocaleString("en-US")} ${name}`);
  return `${file} read to its end, ${said.join(", ")}`;
}

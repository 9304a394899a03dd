import { readFile } from "node:fs/promises";
import {
  findNodeAtLocation,
  getNodeValue,
  type Node,
  type ParseError,
  parseTree,
  printParseErrorCode,
} from "jsonc-parser";
import { tooDeepAt } from "../scim/jsonDepth.ts";
import { checkJob } from "./check.ts";
import { explainIssue } from "./explainIssue.ts";
import { type Job, jobSchema } from "./job.ts";
import { knownKeys } from "./jsonSchema.ts";
import { formatPath, JobFileError, type JobProblem } from "./problem.ts";
import { findSecrets } from "./secrets.ts";

/** Most problems that are told at once; more do not help a person. */
const problemLimit = 200;

/**
 * Reads a job file. Comments are allowed, trailing commas are not.
 * @throws JobFileError with every problem of the file, or with one when it cannot be read.
 */
export async function loadJob(file: string): Promise<Job> {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(await readFile(file));
  } catch (error) {
    throw new JobFileError(file, placed("", [{ path: "", offset: 0, length: 0, message: unreadable(error) }]), {
      cause: error,
    });
  }
  return parseJob(text, file);
}

/**
 * Takes the text of a job file and gives the job with every default filled in.
 * @param file what the file is called in messages.
 * @throws JobFileError with every problem: syntax, shape, unknown keys, secrets, and rules between values.
 */
export function parseJob(text: string, file: string): Job {
  const result = readJob(text);
  if (result.job === undefined) throw new JobFileError(file, result.problems);
  return result.job;
}

/** What a job text holds: the job when nothing is wrong, and every problem otherwise, in the order of the text. */
export interface JobReading {
  readonly job: Job | undefined;
  /** The job when its shape is right, even though values in it are wrong or contradict each other: what an editor shows. */
  readonly draft: Job | undefined;
  readonly problems: readonly JobProblem[];
}

/** As {@link parseJob}, for editors: gives the problems instead of throwing them. */
export function readJob(text: string): JobReading {
  const deep = tooDeepProblem(text);
  if (deep) return { job: undefined, draft: undefined, problems: [deep] };
  const syntax: ParseError[] = [];
  const root = parseTree(text, syntax, {
    allowTrailingComma: false,
    disallowComments: false,
    allowEmptyContent: false,
  });
  const found = syntax.map(syntaxFound);
  if (root === undefined) return { job: undefined, draft: undefined, problems: placed(text, found) };
  const add = (path: readonly PropertyKey[], message: string, at: "key" | "value", position?: number) => {
    const node = nodeAt(root, path, at);
    const within =
      position === undefined ? 0 : writtenLength(text.slice(node.offset, node.offset + node.length), position);
    found.push({ path: formatPath(path), offset: node.offset + within, length: node.length - within, message });
  };
  for (const path of duplicateKeys(root)) add(path, `"${String(path.at(-1))}" is written twice. Remove one.`, "key");
  const secrets = findSecrets(root);
  for (const { path, message } of secrets) add(path, message, "key");
  const value: unknown = getNodeValue(root);
  const parsed = jobSchema.safeParse(value);
  if (parsed.success) {
    for (const { path, message, position } of checkJob(parsed.data)) add(path, message, "value", position);
  } else {
    const secretPaths = new Set(secrets.map(({ path }) => formatPath(path)));
    for (const issue of parsed.error.issues) {
      for (const { path, message, at } of explainIssue(
        issue,
        (where) => valueAt(value, where),
        (where) => knownKeys(value, where),
      )) {
        if (!secretPaths.has(formatPath(path))) add(path, message, at);
      }
    }
  }
  return {
    job: found.length === 0 && parsed.success ? parsed.data : undefined,
    draft: syntax.length === 0 && parsed.success ? parsed.data : undefined,
    problems: placed(text, found),
  };
}

type Found = Omit<JobProblem, "line" | "column">;

/** The first problems in the order of the text, each with its line and column. */
function placed(text: string, found: readonly Found[]): readonly JobProblem[] {
  const first = found.toSorted((a, b) => a.offset - b.offset).slice(0, problemLimit);
  let [line, lineStart] = [1, 0];
  return first.map(({ path, offset, length, message }) => {
    for (let end; (end = text.indexOf("\n", lineStart)) !== -1 && end < offset; line += 1) lineStart = end + 1;
    return { path, line, column: offset - lineStart + 1, offset, length, message };
  });
}

function unreadable(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ENOENT") return "There is no such file.";
  if (code === "EISDIR") return "This is a folder, not a job file.";
  if (code === "ERR_ENCODING_INVALID_ENCODED_DATA") return "The file is not UTF-8 text. Save it as UTF-8.";
  return `The file cannot be read: ${error instanceof Error ? error.message : String(error)}.`;
}

const syntaxMessages: Readonly<Record<string, string>> = {
  InvalidSymbol: "This word is not JSON. Texts stand in double quotes.",
  InvalidNumberFormat: "This is not a number as JSON writes it.",
  PropertyNameExpected: 'A name in double quotes is expected here; a comma before "}" must be removed.',
  ValueExpected: 'A value is expected here; a comma before "]" must be removed.',
  ColonExpected: "A colon is expected after the name.",
  CommaExpected: "A comma is expected here.",
  CloseBraceExpected: 'A closing "}" is missing.',
  CloseBracketExpected: 'A closing "]" is missing.',
  EndOfFileExpected: "The file must end here.",
  InvalidCommentToken: "Comments are written as // or /* */.",
  UnexpectedEndOfComment: 'The comment has no closing "*/".',
  UnexpectedEndOfString: "The text has no closing quote.",
  UnexpectedEndOfNumber: "The number is cut off.",
  InvalidUnicode: "\\u needs four hexadecimal digits.",
  InvalidEscapeCharacter: "This escape is not known in JSON. Write a backslash as \\\\.",
  InvalidCharacter: "This character must be escaped within a text.",
};

/** What the JSON parser found, in words and with its place. */
export function syntaxProblem(text: string, error: ParseError): JobProblem {
  return placed(text, [syntaxFound(error)])[0] as JobProblem;
}

/** The one problem of a text that is nested deeper than any job. */
export function tooDeepProblem(text: string): JobProblem | undefined {
  const offset = tooDeepAt(text);
  return offset === undefined ? undefined : problemAt(text, "", offset, 1, "Brackets are nested too deep here.");
}

function syntaxFound({ error, offset, length }: ParseError): Found {
  const name = printParseErrorCode(error);
  return { path: "", offset, length, message: syntaxMessages[name] ?? `This is not JSON (${name}).` };
}

/** A problem of a part of a text. @param path the place as a JSON path */
export function problemAt(text: string, path: string, offset: number, length: number, message: string): JobProblem {
  return placed(text, [{ path, offset, length, message }])[0] as JobProblem;
}

/**
 * How many characters of a JSON text literal come before a place in the text that it stands for: the quote, and each escape
 * as it is written.
 */
function writtenLength(literal: string, position: number): number {
  let at = 1;
  for (let taken = 0; taken < position && at < literal.length - 1; taken += 1) {
    at += literal[at] !== "\\" ? 1 : literal[at + 1] === "u" ? 6 : 2;
  }
  return at;
}

/** The node at a path; where it is missing, the nearest thing around it that is there. */
function nodeAt(root: Node, path: readonly PropertyKey[], at: "key" | "value"): Node {
  for (let length = path.length; length > 0; length -= 1) {
    const node = findNodeAtLocation(root, path.slice(0, length) as (string | number)[]);
    if (node === undefined) continue;
    const whole = length === path.length;
    const property = node.parent?.type === "property" ? node.parent.children?.[0] : undefined;
    // An object as a whole is marked by its name: underlining all of it would hide what else is wrong inside.
    if (property !== undefined && (at === "key" || !whole || node.type === "object")) return property;
    return whole ? node : { ...node, length: 1 };
  }
  return { ...root, length: Math.min(root.length, 1) };
}

function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  let value = root;
  for (const key of path) {
    if (typeof value !== "object" || value === null) return undefined;
    value = Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined;
  }
  return value;
}

function* duplicateKeys(node: Node, path: readonly (string | number)[] = []): Generator<readonly (string | number)[]> {
  if (node.type === "array") {
    for (const [index, child] of (node.children ?? []).entries()) yield* duplicateKeys(child, [...path, index]);
  }
  if (node.type !== "object") return;
  const seen = new Set<string>();
  for (const property of node.children ?? []) {
    const [key, value] = property.children ?? [];
    if (key === undefined) continue;
    const name = String(key.value);
    if (seen.has(name)) yield [...path, name];
    seen.add(name);
    if (value !== undefined) yield* duplicateKeys(value, [...path, name]);
  }
}

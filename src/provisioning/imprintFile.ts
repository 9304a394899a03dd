import { Imprint, type ImprintBlock, type ImprintObject } from "../directory/imprint.ts";
import { readIfThere, writeAtomically } from "./stateFiles.ts";

/** An imprint of the directory, and the fingerprint of the job under which it was made. */
export interface Remembered {
  readonly fingerprint: string;
  readonly imprint: Imprint;
}

/** The first line; another version, or a file that was cut off, is as good as none. */
interface Head {
  readonly version: number;
  readonly fingerprint: string;
  readonly blocks: Readonly<Record<"User" | "Group", number>>;
}

type BlockLine = readonly [hash: string, length: number, ...objects: readonly [string, number, number, string][]];

/**
 * Reads the imprint of the directory. It only spares work: where there is none, or it cannot be read, the directory is read as
 * a whole.
 */
export async function loadImprint(file: string): Promise<Remembered | undefined> {
  const text = await readIfThere(file).catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    const lines = text.split("\n");
    const { version, fingerprint, blocks } = JSON.parse(lines[0] ?? "") as Head;
    // The last line is empty: the file ends with a line feed.
    if (version !== 1 || lines.length !== blocks.User + blocks.Group + 2) return undefined;
    const users = lines.slice(1, blocks.User + 1).map(blockOf);
    const groups = lines.slice(blocks.User + 1, -1).map(blockOf);
    return { fingerprint, imprint: new Imprint({ User: users, Group: groups }) };
  } catch {
    return undefined;
  }
}

/** Writes the imprint of the directory; the file is replaced as a whole. */
export async function saveImprint(file: string, { fingerprint, imprint }: Remembered): Promise<void> {
  await writeAtomically(file, imprintLines(fingerprint, imprint));
}

function* imprintLines(fingerprint: string, imprint: Imprint): Generator<string> {
  const head: Head = {
    version: 1,
    fingerprint,
    blocks: { User: imprint.User.length, Group: imprint.Group.length },
  };
  let chunk = `${JSON.stringify(head)}\n`;
  for (const block of [...imprint.User, ...imprint.Group]) {
    chunk += `${JSON.stringify(lineOf(block))}\n`;
    if (chunk.length < 1_000_000) continue;
    yield chunk;
    chunk = "";
  }
  yield chunk;
}

function lineOf({ hash, length, objects }: ImprintBlock): BlockLine {
  return [
    hash,
    length,
    ...objects.map(({ id, from, to, note }): [string, number, number, string] => [id, from, to, note]),
  ];
}

function blockOf(line: string): ImprintBlock {
  const [hash, length, ...objects] = JSON.parse(line) as BlockLine;
  return { hash, length, objects: objects.map(([id, from, to, note]): ImprintObject => ({ id, from, to, note })) };
}

import { hash } from "node:crypto";

/** One object of a directory as its bytes stood in a file. */
export interface ImprintObject {
  readonly id: string;
  /** Where its bytes begin and end, counted from the begin of its block. */
  readonly from: number;
  readonly to: number;
  /** What the reader made of the object; holds as long as its bytes stay the same. */
  readonly note: string;
}

/** Neighbouring objects and the SHA-256 of their bytes, with what stands between them. */
export interface ImprintBlock {
  readonly hash: string;
  readonly length: number;
  readonly objects: readonly ImprintObject[];
}

export type ObjectKind = "User" | "Group";

/**
 * What is kept of a whole and faultless read of a directory file: which objects it held, and hashes of their bytes. The next
 * read need not look into what is the same, byte for byte. Holds ids, and no attribute of anyone.
 */
export class Imprint {
  readonly User: readonly ImprintBlock[];
  readonly Group: readonly ImprintBlock[];
  /** What every id names. */
  readonly kinds: ReadonlyMap<string, ObjectKind>;

  /** @param kinds given where it is known already */
  constructor(
    blocks: Readonly<Record<ObjectKind, readonly ImprintBlock[]>>,
    kinds: ReadonlyMap<string, ObjectKind> = kindsOf(blocks),
  ) {
    this.User = blocks.User;
    this.Group = blocks.Group;
    this.kinds = kinds;
  }
}

/** What the reader made of the objects of one kind, in the order of the read. */
export interface Noted {
  readonly ids: readonly string[];
  readonly notes: readonly string[];
}

/** An object of a file: where its bytes begin and end. */
export interface Slice {
  readonly from: number;
  readonly to: number;
}

/** From this many bytes on, a block is full: large enough that hashing costs little for each object, small enough that a change touches few others. */
const blockSize = 2048;

/** Puts neighbouring objects of a file into blocks. `ids` and `notes` belong to the slices in their order. */
export function blocksOf(bytes: Buffer, slices: readonly Slice[], { ids, notes }: Noted): ImprintBlock[] {
  const blocks: ImprintBlock[] = [];
  let start = 0;
  for (const [at, { to }] of slices.entries()) {
    const from = slices[start]?.from ?? 0;
    if (to - from < blockSize && at < slices.length - 1) continue;
    const objects = slices.slice(start, at + 1).map((slice, place) => ({
      id: ids[start + place] ?? "",
      from: slice.from - from,
      to: slice.to - from,
      note: notes[start + place] ?? "",
    }));
    blocks.push({ hash: hashOf(bytes, from, to), length: to - from, objects });
    start = at + 1;
  }
  return blocks;
}

/** Whether the bytes of a block stand at a place of a file. */
export function standsAt(bytes: Buffer, at: number, block: ImprintBlock): boolean {
  const end = at + block.length;
  return end <= bytes.length && hashOf(bytes, at, end) === block.hash;
}

/** A block with other notes; the same block when nothing differs. `start` is the place of its first object in `notes`. */
export function withNotes(block: ImprintBlock, notes: readonly string[], start: number): ImprintBlock {
  if (block.objects.every(({ note }, at) => note === notes[start + at])) return block;
  return { ...block, objects: block.objects.map((object, at) => ({ ...object, note: notes[start + at] ?? "" })) };
}

function hashOf(bytes: Buffer, from: number, to: number): string {
  return hash("sha256", bytes.subarray(from, to), "base64url");
}

function kindsOf(blocks: Readonly<Record<ObjectKind, readonly ImprintBlock[]>>): Map<string, ObjectKind> {
  const kinds = new Map<string, ObjectKind>();
  for (const kind of ["User", "Group"] as const)
    for (const { objects } of blocks[kind]) for (const { id } of objects) kinds.set(id, kind);
  return kinds;
}

import { isUtf8 } from "node:buffer";
import {
  blocksOf,
  Imprint,
  type ImprintBlock,
  type ImprintObject,
  type Noted,
  type ObjectKind,
  type Slice,
  standsAt,
  withNotes,
} from "./imprint.ts";
import { wholeFile } from "./jsonFile.ts";
import { isObject, JsonObjects } from "./jsonObjects.ts";
import { JsonScan, UnusualJson } from "./jsonScan.ts";
import { ProblemList } from "./problemList.ts";
import { MovedIds, trustedIds } from "./movedIds.ts";
import type { Assignment, MovedPart, MovedRead } from "./source.ts";

/** Where objects of one kind stand: a block of the earlier read, or objects to be read. */
type Run = { readonly block: ImprintBlock; readonly start: number } | { readonly slices: ReadSlice[] };

interface ReadSlice extends Slice {
  readonly value: unknown;
}

const listOf: Readonly<Record<string, ObjectKind>> = { users: "User", groups: "Group" };

/**
 * Reads a JSON directory with knowledge of an earlier read: only blocks whose bytes differ are parsed and checked.
 *
 * @param bytes the file as a whole
 * @returns undefined when the file has to be read as a whole: something in it is wrong or is written in an unusual way, or
 * somebody of the earlier read is gone, so that what still mentions them must be looked for.
 */
export function readMovedJson(file: string, bytes: Buffer, earlier: Imprint): MovedRead | undefined {
  try {
    return new MovedJson(file, bytes, earlier).read();
  } catch (error) {
    if (error instanceof UnusualJson) return undefined;
    throw error;
  }
}

/** The imprint of a JSON directory that was read whole. @throws UnusualJson when it is not written as is usual, or is another file */
export function jsonImprint(bytes: Buffer, noted: Readonly<Record<ObjectKind, Noted>>): Imprint {
  const slices: Record<ObjectKind, Slice[]> = { User: [], Group: [] };
  const scan = new JsonScan(bytes);
  eachList(scan, (kind) =>
    scan.elements(() => {
      const from = scan.at;
      slices[kind].push({ from, to: scan.passObject() });
    }),
  );
  for (const kind of ["User", "Group"] as const) {
    if (slices[kind].length !== noted[kind].ids.length) throw new UnusualJson("There are other objects.");
  }
  return new Imprint({
    User: blocksOf(bytes, slices.User, noted.User),
    Group: blocksOf(bytes, slices.Group, noted.Group),
  });
}

/** Walks over the file; calls back where a list of objects begins. @returns where the assignments stand */
function eachList(scan: JsonScan, list: (kind: ObjectKind) => void): Slice | undefined {
  const seen = new Set<string>();
  let assignments: Slice | undefined;
  scan.members((name) => {
    // Of a name that stands twice, only the last counts for JSON.parse.
    if (seen.has(name)) throw new UnusualJson("A list stands twice.");
    seen.add(name);
    const kind = Object.hasOwn(listOf, name) ? listOf[name] : undefined;
    if (kind !== undefined) list(kind);
    else if (name === "assignments") {
      const from = scan.at;
      assignments = { from, to: scan.passList() };
    } else throw new UnusualJson("A list is not known.");
  });
  scan.end();
  if (!seen.has("users")) throw new UnusualJson("There are no users.");
  return assignments;
}

/** One read of a file beside an earlier imprint of it. */
class MovedJson {
  readonly #file: string;
  readonly #bytes: Buffer;
  readonly #earlier: Imprint;

  constructor(file: string, bytes: Buffer, earlier: Imprint) {
    this.#file = file;
    this.#bytes = bytes;
    this.#earlier = earlier;
  }

  /** @throws UnusualJson when the file has to be read as a whole */
  read(): MovedRead {
    const scan = new JsonScan(this.#bytes);
    const unmatched = { User: new Set(this.#earlier.User), Group: new Set(this.#earlier.Group) };
    const runs: Record<ObjectKind, readonly Run[]> = { User: [], Group: [] };
    const place = eachList(scan, (kind) => {
      runs[kind] = this.#runs(scan, this.#earlier[kind], unmatched[kind]);
    });
    const released = new Map<string, ImprintObject>();
    for (const kind of ["User", "Group"] as const)
      for (const { objects } of unmatched[kind]) for (const object of objects) released.set(object.id, object);

    const problems = new ProblemList();
    const ids = new MovedIds(this.#earlier.kinds, released, problems);
    const objects = new JsonObjects(this.#file, problems, ids);
    const unchecked = new JsonObjects(this.#file, new ProblemList(), trustedIds);
    const parts = <Item extends { readonly id: string }>(
      kind: ObjectKind,
      make: (value: unknown) => Item | undefined,
      again: (value: unknown) => Item | undefined,
    ) => runs[kind].map((run) => this.#part(run, released, make, again));
    const users = parts(
      "User",
      (value) => objects.user(value, 0),
      (value) => unchecked.user(value, 0),
    );
    const groups = parts(
      "Group",
      (value) => objects.group(value, 0),
      (value) => unchecked.group(value, 0),
    );
    const assignments = this.#assignments(place, objects);
    ids.finish();
    // Whatever is wrong, the read of the whole file finds all of it, and tells where.
    if (problems.list().length > 0) throw new UnusualJson("Somebody is gone, or a value is not fit.");
    return {
      users,
      groups,
      assignments,
      completeness: {
        complete: true,
        proof: wholeFile(this.#file, {
          users: count(runs.User),
          groups: count(runs.Group),
          assignments: assignments.length,
        }),
      },
      kindOf: (id) => ids.kindOf(id),
      imprint: (noted) => {
        const blocks = { User: this.#blocks(runs.User, noted.User), Group: this.#blocks(runs.Group, noted.Group) };
        const earlier = this.#earlier;
        return isSame(blocks, earlier) ? earlier : new Imprint(blocks, ids.areAsBefore ? earlier.kinds : undefined);
      },
    };
  }

  /** Passes over a list of objects, and finds the blocks that stand in it as before; takes those out of `unmatched`. */
  #runs(scan: JsonScan, blocks: readonly ImprintBlock[], unmatched: Set<ImprintBlock>): Run[] {
    const runs: Run[] = [];
    const places = new Map(blocks.map(({ objects }, at) => [objects[0]?.id, at]));
    const take = (at: number): boolean => {
      const block = blocks[at];
      if (block === undefined || !unmatched.has(block) || !standsAt(this.#bytes, scan.at, block)) return false;
      unmatched.delete(block);
      runs.push({ block, start: scan.at });
      scan.at += block.length;
      return true;
    };
    /** The block that is expected next, and how many objects are to be passed over until it should come. */
    let [next, left] = [0, 0];
    scan.elements(() => {
      if (left === 0 && take(next)) {
        next += 1;
        return;
      }
      const from = scan.at;
      const slice = { from, to: scan.passObject() };
      const value = this.#value(slice);
      const at = places.get(isObject(value) && typeof value["id"] === "string" ? value["id"] : undefined);
      if (at === undefined) left = Math.max(0, left - 1);
      else {
        scan.at = from;
        if (take(at)) {
          [next, left] = [at + 1, 0];
          return;
        }
        scan.at = slice.to;
        [next, left] = [at + 1, (blocks[at]?.objects.length ?? 1) - 1];
      }
      const last = runs.at(-1);
      if (last !== undefined && "slices" in last) last.slices.push({ ...slice, value });
      else runs.push({ slices: [{ ...slice, value }] });
    });
    return runs;
  }

  #part<Item extends { readonly id: string }>(
    run: Run,
    released: ReadonlyMap<string, ImprintObject>,
    make: (value: unknown) => Item | undefined,
    again: (value: unknown) => Item | undefined,
  ): MovedPart<Item> {
    if ("block" in run) {
      const { block, start } = run;
      const load = (at: number): Item => {
        const { from, to } = block.objects[at] ?? { from: 0, to: 0 };
        const item = again(this.#value({ from: start + from, to: start + to }));
        if (item === undefined) throw new UnusualJson("An object is not what it was.");
        return item;
      };
      return { block, load };
    }
    const fresh = run.slices.flatMap(({ value }) => make(value) ?? []);
    return { fresh, before: (id) => released.get(id)?.note };
  }

  #assignments(place: Slice | undefined, objects: JsonObjects): Assignment[] {
    if (place === undefined) return [];
    const values = this.#value(place) as readonly unknown[];
    return values.flatMap((value, index) => objects.assignment(value, index) ?? []);
  }

  #blocks(runs: readonly Run[], { ids, notes }: Noted): ImprintBlock[] {
    const blocks: ImprintBlock[] = [];
    let start = 0;
    for (const run of runs) {
      if ("block" in run) {
        blocks.push(withNotes(run.block, notes, start));
        start += run.block.objects.length;
        continue;
      }
      const end = start + run.slices.length;
      const own = { ids: ids.slice(start, end), notes: notes.slice(start, end) };
      blocks.push(...blocksOf(this.#bytes, run.slices, own));
      start = end;
    }
    return blocks;
  }

  #value({ from, to }: Slice): unknown {
    const bytes = this.#bytes.subarray(from, to);
    if (!isUtf8(bytes)) throw new UnusualJson("Bytes are not UTF-8.");
    try {
      return JSON.parse(bytes.toString("utf8")) as unknown;
    } catch {
      throw new UnusualJson("A value is no JSON.");
    }
  }
}

function count(runs: readonly Run[]): number {
  return runs.reduce((sum, run) => sum + ("block" in run ? run.block.objects.length : run.slices.length), 0);
}

function isSame(blocks: Readonly<Record<ObjectKind, readonly ImprintBlock[]>>, imprint: Imprint): boolean {
  return (["User", "Group"] as const).every(
    (kind) =>
      blocks[kind].length === imprint[kind].length && blocks[kind].every((block, at) => block === imprint[kind][at]),
  );
}

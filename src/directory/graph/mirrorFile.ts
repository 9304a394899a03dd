import { randomUUID } from "node:crypto";
import { mkdir, open, readFile, rename, rm } from "node:fs/promises";
import path from "node:path";
import * as z from "zod";
import { inheritNothing } from "../attributes.ts";
import { DirectoryMirror, type MirroredObject } from "./mirror.ts";

const value = z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]);
const headSchema = z.object({
  version: z.literal(1),
  /** What the mirror was read for: another tenant, application or selection begins anew. */
  key: z.string(),
  usersLink: z.string(),
  groupsLink: z.string(),
});
const lineSchema = z.object({
  kind: z.enum(["user", "group"]),
  id: z.string().min(1),
  attributes: z.record(z.string(), value),
  members: z.array(z.string()).optional(),
  softDeleted: z.literal(true).optional(),
  hidden: z.literal(true).optional(),
});

/**
 * Reads a kept mirror. A file that is missing, damaged or for another question is no mirror: the directory is then read from
 * the beginning, which is always right.
 */
export async function loadMirror(file: string, key: string): Promise<DirectoryMirror | undefined> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch {
    return undefined;
  }
  const lines = text.split("\n");
  const head = headSchema.safeParse(parseJson(lines[0] ?? ""));
  if (!head.success || head.data.key !== key) return undefined;
  const mirror = new DirectoryMirror();
  mirror.usersLink = head.data.usersLink;
  mirror.groupsLink = head.data.groupsLink;
  for (const line of lines.slice(1)) {
    if (line === "") continue;
    const parsed = lineSchema.safeParse(parseJson(line));
    if (!parsed.success) return undefined;
    const { kind, id, attributes, members, softDeleted, hidden } = parsed.data;
    const object: MirroredObject = {
      attributes: inheritNothing(attributes),
      ...(members !== undefined && { members: new Set(members) }),
      ...(softDeleted && { softDeleted }),
      ...(hidden && { hidden }),
    };
    (kind === "user" ? mirror.users : mirror.groups).set(id, object);
  }
  return mirror;
}

/** Writes a mirror after a whole round of both kinds; the file is replaced at once or not at all. Only its owner may read it. */
export async function saveMirror(file: string, key: string, mirror: DirectoryMirror): Promise<void> {
  const { usersLink, groupsLink } = mirror;
  if (usersLink === undefined || groupsLink === undefined) return;
  await mkdir(path.dirname(file), { recursive: true });
  const temporary = `${file}.${randomUUID()}.tmp`;
  try {
    const handle = await open(temporary, "wx", 0o600);
    try {
      await handle.write(`${JSON.stringify({ version: 1, key, usersLink, groupsLink })}\n`);
      for (const chunk of chunks(mirror)) await handle.write(chunk);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } finally {
    await rm(temporary, { force: true });
  }
}

function* chunks(mirror: DirectoryMirror): Generator<string> {
  let chunk = "";
  for (const kind of ["user", "group"] as const) {
    for (const [id, { attributes, members, softDeleted, hidden }] of kind === "user" ? mirror.users : mirror.groups) {
      const { ...own } = attributes;
      const flags = { ...(softDeleted && { softDeleted }), ...(hidden && { hidden }) };
      chunk += `${JSON.stringify({ kind, id, attributes: own, ...(members && { members: [...members] }), ...flags })}\n`;
      if (chunk.length < 1_000_000) continue;
      yield chunk;
      chunk = "";
    }
  }
  yield chunk;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

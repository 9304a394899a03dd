import type { Noted } from "../directory/imprint.ts";
import type { Link } from "./jobState.ts";

/** Notes of objects that are looked at in every pass; a content hash is longer. */
const provisioned = "+";
const notProvisioned = "-";

/**
 * The note of an object for the next pass.
 *
 * @param hash its content hash, when it was in scope and nothing else than its own bytes and its members decided
 * @param isProvisioned whether it may be a member or a manager in the target
 */
export function noteOf(hash: string | undefined, isProvisioned: boolean): string {
  if (!isProvisioned) return notProvisioned;
  return hash === undefined || hash === "" ? provisioned : hash;
}

/** Whether an object with a note was provisioned when the note was made. */
export function wasProvisioned(note: string): boolean {
  return note !== notProvisioned;
}

/**
 * Whether an object whose bytes are the same is the same for the job too: its link was made of the same content. An object
 * without a note is one that was just read, and a link without a hash one that has to be compared: neither settles anything.
 */
export function isSettled(note: string, link: Link | undefined): boolean {
  return note !== "" && link?.hash === note && link.scope === "in" && link.deferred === undefined;
}

/** Notes while they are made, in the order of the read. */
export class Notes implements Noted {
  readonly ids: string[] = [];
  readonly notes: string[] = [];

  add(id: string, note: string): void {
    this.ids.push(id);
    this.notes.push(note);
  }
}

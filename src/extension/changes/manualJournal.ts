import { hash } from "node:crypto";
import { join } from "node:path";

/** The folder of the journal of changes by hand to one service. @param folder under which those journals stand */
export function manualJournal(folder: string, baseUrl: string): string {
  return join(folder, hash("sha256", baseUrl).slice(0, 16));
}

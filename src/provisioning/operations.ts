import { parseLine } from "./logFile.ts";
import type { LogRecord } from "./logRecord.ts";
import { readLinesBackwards } from "./logTail.ts";

/**
 * What the provisioning log says of one object, newest first.
 *
 * @param most records to find
 * @param within how far back the log is searched, in lines
 */
export async function lastOperations(
  file: string,
  sourceId: string,
  { most, within }: { readonly most: number; readonly within: number },
): Promise<readonly LogRecord[]> {
  const found: LogRecord[] = [];
  const quoted = JSON.stringify(sourceId);
  let searched = 0;
  for await (const lines of readLinesBackwards(file)) {
    for (const { text } of lines) {
      const record = text.includes(quoted) ? parseLine(text) : undefined;
      if (record?.sourceIdentity.id === sourceId) found.push(record);
      if (found.length === most) return found;
    }
    searched += lines.length;
    if (searched > within) break;
  }
  return found;
}

import { appendFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { acquireLock, LockError } from "../../src/changes/lock.ts";

/** A process that takes a lock at a given time and writes down when it is in and out. Arguments: folder, log, time (ms). */
const [folder = "", log = "", time = "0"] = process.argv.slice(2);

await delay(Math.max(0, Number(time) - Date.now()));
try {
  const lock = await acquireLock(folder, "race");
  appendFileSync(log, "in\n");
  await delay(30);
  appendFileSync(log, "out\n");
  await lock.release();
} catch (error) {
  if (!(error instanceof LockError)) throw error;
  appendFileSync(log, "refused\n");
}

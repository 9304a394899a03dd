import { acquireLock, LockError, type Lock } from "../../src/changes/lock.ts";

/**
 * A process that races for locks: for each folder that its parent names it tries once, tells `in` or `refused`, and holds what
 * it got until the parent sends `release`.
 */
let held: Lock | undefined;

async function answer(message: unknown): Promise<string> {
  if (typeof message !== "object" || message === null || !("folder" in message)) {
    await held?.release();
    held = undefined;
    return "out";
  }
  try {
    held = await acquireLock(String(message.folder), "race");
    return "in";
  } catch (error) {
    if (!(error instanceof LockError)) throw error;
    return "refused";
  }
}

process.on("message", (message) => {
  void answer(message).then((text) => process.send?.(text));
});
process.send?.("ready");

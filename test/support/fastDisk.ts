import { open } from "node:fs/promises";

/**
 * Import first: from then on no file of this process waits for the disk. For tests of what is written, in which order, and
 * not of what survives a power cut: the same calls are made, and they end at once.
 */
const handle = await open(process.execPath);
const files = Object.getPrototypeOf(handle) as { sync: () => Promise<void>; datasync: () => Promise<void> };
await handle.close();
files.sync = () => Promise.resolve();
files.datasync = () => Promise.resolve();

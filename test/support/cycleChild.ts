import { subscribe } from "node:diagnostics_channel";
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { LockError } from "../../src/changes/lock.ts";
import { loadJob } from "../../src/job/load.ts";
import { jobPaths } from "../../src/job/paths.ts";
import { runCycle } from "../../src/provisioning/cycle.ts";
import { openJob } from "../../src/provisioning/jobContext.ts";

/**
 * A process that runs one cycle and kills itself at the given moment, of which every request has three (made, sent,
 * answered) and every file that is put into place two (before, after). Arguments: job file, number of the moment (0: never).
 * Prints the outcome and how many moments there were.
 */
const [jobFile = "", number = "0"] = process.argv.slice(2);
let moments = 0;

function moment(): void {
  moments += 1;
  if (moments === Number(number)) process.kill(process.pid, "SIGKILL");
}

for (const name of ["undici:request:create", "undici:request:bodySent", "undici:request:headers"]) {
  subscribe(name, moment);
}
const { rename } = fs.promises;
fs.promises.rename = async (from, to) => {
  moment();
  await rename(from, to);
  moment();
};
syncBuiltinESMExports();

const token = process.env["SCIM_TOKEN"] ?? "";
const context = await openJob(await loadJob(jobFile), jobPaths(jobFile), { tokenFor: () => token });
try {
  const { outcome, message } = await runCycle(context, { initiatedBy: `child ${process.pid}` });
  process.stdout.write(JSON.stringify({ outcome, message, moments }));
} catch (error) {
  if (!(error instanceof Error)) throw error;
  const outcome = error instanceof LockError ? "locked" : "threw";
  process.stdout.write(JSON.stringify({ outcome, message: error.message, moments }));
} finally {
  await context.close();
}

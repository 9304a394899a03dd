import { setTimeout as delay } from "node:timers/promises";
import { readFileSync } from "node:fs";
import { parseChanges } from "../../src/changes/changeFile.ts";
import { Journal } from "../../src/changes/journal.ts";
import { acquireLock } from "../../src/changes/lock.ts";
import { pushChanges } from "../../src/changes/push.ts";
import type { ChangeClient } from "../../src/changes/changeClient.ts";
import { ScimClient } from "../../src/scim/client.ts";

/**
 * A process that pushes the changes of a file and kills itself at the request that it is told, before it is sent, while it
 * is under way, or when it has been answered. Arguments: state folder, file of changes, base URL, moment, number.
 */
const [folder = "", file = "", baseUrl = "", moment = "never", number = "0"] = process.argv.slice(2);

const client = new ScimClient({ baseUrl, dialect: "generic", token: process.env["SCIM_TOKEN"] });
let count = 0;

const dying: ChangeClient = {
  get: (type, id, options) => client.get(type, id, options),
  findByAttribute: (type, path, value, options) => client.findByAttribute(type, path, value, options),
  async send(request, options) {
    count += 1;
    const last = count === Number(number);
    if (last && moment === "before") die();
    const answer = client.send(request, options);
    if (last && moment === "during") {
      await delay(Number(number) % 4);
      die();
    }
    await answer;
    if (last && moment === "after") die();
    return answer;
  },
};

const lock = await acquireLock(folder, "push");
const journal = await Journal.open(folder);
if (moment === "started") die();
const changes = parseChanges(JSON.parse(readFileSync(file, "utf8")));
const report = await pushChanges({ changes, client: dying, dialect: client.dialect, journal });
await journal.close().catch(() => undefined);
await lock.release();
await client.close();
process.stdout.write(JSON.stringify({ counts: report.counts, stopped: report.stopped }));

function die(): never {
  process.kill(process.pid, "SIGKILL");
  throw new Error("The process outlived its own SIGKILL.");
}

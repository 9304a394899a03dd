/**
 * `npm test` runs every check; `npm run test:NAME -- ARGUMENTS` one of them, its runner given the arguments.
 * Writes .test-results/summary.json and .test-results/closing-line, and ends with 1 when a check fails or runs nothing.
 */
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { furtherChecks, runningChecks, staticChecks, sum, type Check, type Counts } from "./lib/checks.ts";
import { ensureChromium } from "./lib/chromium.ts";
import { main, paths, say, ScriptError, seconds } from "./lib/project.ts";
import { ensureHost, hostIsSupported } from "./vscode-host/install.ts";

interface Outcome extends Counts {
  readonly name: string;
  readonly seconds: string;
}

const all: Record<string, Check> = { ...staticChecks, ...runningChecks, ...furtherChecks };

await main(async () => {
  const [name, ...extra] = process.argv.slice(2);
  if (name !== undefined) {
    const check = all[name];
    if (check === undefined) throw new ScriptError(`There is no check ${name}, only ${Object.keys(all).join(", ")}`);
    const outcome = await perform(name, check, true, extra);
    return outcome.failed === 0 ? 0 : 1;
  }
  await rm(paths.results, { recursive: true, force: true });
  await mkdir(paths.results, { recursive: true });
  if (hostIsSupported) {
    await ensureHost();
    await ensureChromium();
  }
  const started = Date.now();
  // Two lanes for two cores: what only reads the sources runs beside what runs them.
  const lanes = [lane(staticChecks, false), lane(runningChecks, true)];
  const outcomes = (await Promise.all(lanes)).flat();
  const total = outcomes.reduce<Counts>(sum, { passed: 0, failed: 0 });
  await writeFile(join(paths.results, "summary.json"), `${JSON.stringify({ total, outcomes }, null, 2)}\n`);
  await writeFile(join(paths.results, "closing-line"), `${total.passed} passed, ${total.failed} failed\n`);
  say(table([...outcomes, { name: "total", ...total, seconds: seconds(started) }]));
  return total.failed === 0 ? 0 : 1;
});

async function lane(checks: Record<string, Check>, live: boolean): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const [name, check] of Object.entries(checks)) outcomes.push(await perform(name, check, live, []));
  return outcomes;
}

async function perform(name: string, check: Check, live: boolean, extra: readonly string[]): Promise<Outcome> {
  const started = Date.now();
  if (live) say(`\n── ${name}`);
  let counts: Counts;
  try {
    counts = await check({ live, extra });
    if (counts.passed + counts.failed === 0) throw new ScriptError("no test ran");
  } catch (error) {
    say(`${name}: ${error instanceof ScriptError ? error.message : String((error as Error).stack ?? error)}`);
    counts = { passed: 0, failed: 1 };
  }
  const took = seconds(started);
  say(`── ${name}: ${counts.passed} passed, ${counts.failed} failed (${took})`);
  return { name, ...counts, seconds: took };
}

function table(outcomes: readonly Outcome[]): string {
  const row = (cells: string[]) => cells.map((cell, at) => (at === 0 ? cell.padEnd(14) : cell.padStart(9))).join("");
  const rows = outcomes.map(({ name, passed, failed, seconds: took }) => row([name, `${passed}`, `${failed}`, took]));
  return ["", row(["check", "passed", "failed", "time"]), ...rows, ""].join("\n");
}

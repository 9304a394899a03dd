/**
 * Runs a script of this repository: `node scripts/run.mjs scripts/test.ts [arguments]`.
 *
 * A fresh clone has no packages yet and often an older Node.js, so this file is plain JavaScript that Node.js 20 runs
 * with nothing installed. It brings the packages to what package-lock.json says, then hands over to the Node.js that came
 * with them (24, see docs/ARCHITECTURE.md), which runs TypeScript as it stands.
 */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { constants } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const bin = join(root, "node_modules", ".bin");
const env = { ...process.env, PATH: bin + delimiter + (process.env.PATH ?? "") };

const [script, ...scriptArguments] = process.argv.slice(2);
if (script === undefined) fail("Name the script to run, for example: node scripts/run.mjs scripts/test.ts");

ensurePackages();
const node = nodeForScripts();
const child = spawn(node, [join(root, script), ...scriptArguments], { cwd: root, env, stdio: "inherit" });
// A terminal sends Ctrl-C to the whole group; a supervisor sends a signal to this process only. Either way the script
// decides when it is done, and this process ends as it ended.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  process.on(signal, () => {
    if (signal !== "SIGINT" || !process.stdin.isTTY) child.kill(signal);
  });
}
child.on("error", (error) => fail(`${node} did not start: ${error.message}`));
child.on("exit", (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));

/** Installs the packages when node_modules is missing or holds other versions than package-lock.json names. */
function ensurePackages() {
  const reason = packagesAreStale();
  if (reason === undefined) return;
  console.error(`Installing the packages of package-lock.json (${reason}): npm ci`);
  const started = Date.now();
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  const result = spawnSync(npm, ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: root,
    env: process.env,
    stdio: ["ignore", 2, 2],
    shell: process.platform === "win32",
  });
  if (result.error !== undefined) fail(`npm did not start: ${result.error.message}. Install npm 10 or newer.`);
  if (result.status !== 0) fail("npm ci failed: see its message above. The npm registry must be reachable.");
  console.error(`Packages installed in ${((Date.now() - started) / 1000).toFixed(1)} s`);
}

/** Says why an install is needed, or undefined when every installed version is the locked one. */
function packagesAreStale() {
  const installedLock = join(root, "node_modules", ".package-lock.json");
  if (!existsSync(installedLock)) return "none installed";
  const installed = JSON.parse(readFileSync(installedLock, "utf8")).packages;
  const wanted = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")).packages;
  for (const [path, { version, optional }] of Object.entries(wanted)) {
    if (path === "") continue;
    const found = installed[path]?.version;
    if (found === version || (found === undefined && optional === true)) continue;
    return `${path.replace(/^.*node_modules\//, "")} is ${found ?? "missing"}, wanted ${version}`;
  }
  return undefined;
}

/** The Node.js that the optional packages brought, else the one that runs this, if it is new enough. */
function nodeForScripts() {
  const brought = join(bin, "node");
  if (existsSync(brought)) return brought;
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major > 22 || (major === 22 && minor >= 19)) return process.execPath;
  fail(
    `Node.js 22.19 or newer is needed; this is ${process.versions.node}. Install Node.js 24 from https://nodejs.org.`,
  );
}

/** @returns {never} */
function fail(message) {
  console.error(message);
  process.exit(1);
}

/** A Chromium to show VS Code in: an installed one, else Debian's package, else Playwright's own. */
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium } from "@playwright/test";
import { mustRun, run, say, ScriptError, seconds } from "./project.ts";

const names = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];
const macApplications = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

/**
 * Finds a Chromium that starts.
 * @returns its path, or undefined when there is none. CHROME_PATH wins over everything else.
 * @throws ScriptError when CHROME_PATH names something that is not a browser.
 */
export async function findChromium(): Promise<string | undefined> {
  const named = process.env["CHROME_PATH"];
  if (named !== undefined && named !== "") {
    if (await starts(named)) return named;
    throw new ScriptError(`CHROME_PATH names ${named}, which does not start. Correct it or unset it.`);
  }
  const folders = (process.env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  const candidates = [
    ...names.flatMap((name) => folders.map((folder) => join(folder, name))),
    ...macApplications,
    chromium.executablePath(),
  ];
  for (const candidate of candidates) if (existsSync(candidate) && (await starts(candidate))) return candidate;
  return undefined;
}

/**
 * As {@link findChromium}, and installs one where there is none.
 * @throws ScriptError when none could be installed.
 */
export async function ensureChromium(): Promise<string> {
  const found = await findChromium();
  if (found !== undefined) return found;
  const started = Date.now();
  const apt = await aptGet();
  if (apt !== undefined) {
    say("Installing Chromium from Debian's packages, to show VS Code in: apt-get install chromium");
    const [program, ...prefix] = apt;
    const env = { DEBIAN_FRONTEND: "noninteractive" };
    await run(program, [...prefix, "update", "-qq"], { quiet: true, env });
    const install = await run(program, [...prefix, "install", "-y", "-qq", "--no-install-recommends", "chromium"], {
      quiet: true,
      env,
    });
    const installed = await findChromium();
    if (installed !== undefined) {
      say(`Chromium installed in ${seconds(started)}`);
      return installed;
    }
    say(`apt-get install chromium ended with exit code ${install.code}:\n${lastLines(install.output)}`);
  }
  say("Downloading Playwright's Chromium, to show VS Code in: playwright install chromium");
  const download = await run("playwright", ["install", "chromium"], { quiet: true });
  const downloaded = await findChromium();
  if (downloaded !== undefined) return downloaded;
  throw new ScriptError(
    `No Chromium could be installed:\n${lastLines(download.output)}\n` +
      "Install Chromium or Chrome and try again, or name one in the environment variable CHROME_PATH.",
  );
}

/** How this user runs apt-get on a Debian-like system, where packages may be installed; undefined elsewhere. */
async function aptGet(): Promise<[string, ...string[]] | undefined> {
  if (!existsSync("/usr/bin/apt-get")) return undefined;
  if (process.getuid?.() === 0) return ["apt-get"];
  if (!existsSync("/usr/bin/sudo")) return undefined;
  return (await run("sudo", ["-n", "true"], { quiet: true })).code === 0
    ? ["sudo", "-n", "DEBIAN_FRONTEND=noninteractive", "apt-get"]
    : undefined;
}

/** Ubuntu's chromium-browser is a script that only points at a snap: asking for the version tells. */
async function starts(executable: string): Promise<boolean> {
  try {
    return /\d+\.\d+/.test(await mustRun(executable, ["--version"], { quiet: true }));
  } catch {
    return false;
  }
}

function lastLines(output: string): string {
  return output.trimEnd().split("\n").slice(-8).join("\n");
}

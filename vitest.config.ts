import { availableParallelism } from "node:os";
import { configDefaults, defineConfig } from "vitest/config";
import { hostIsSupported } from "./scripts/vscode-host/install.ts";

const project = (name: string, timeout: number, exclude: string[] = []) => ({
  test: {
    name,
    include: [`test/${name}/**/*.test.ts`],
    exclude: [...configDefaults.exclude, ...exclude],
    testTimeout: timeout,
    hookTimeout: timeout,
    // The collector's own threads would take the cores that the other workers need.
    execArgv: ["--single-threaded-gc", "--max-semi-space-size=64"],
  },
});

// The browser-hosted VS Code runs on Linux x64; elsewhere there is nothing to test of it.
const unsupported = hostIsSupported ? [] : ["test/integration/host/**"];

export default defineConfig({
  test: {
    maxWorkers: availableParallelism(),
    projects: [project("unit", 30_000), project("integration", 60_000, unsupported)],
  },
});

import { onTestFinished } from "vitest";
import type { SandboxOptions } from "../../src/sandbox/options.ts";
import { startSandbox, type Sandbox } from "../../src/sandbox/sandbox.ts";
import { rawScim, type Send } from "./rawScim.ts";

/** A sandbox for one test, closed when the test ends, and plain ways to talk to it and to its companion host. */
export async function sandboxFor(
  options: SandboxOptions = {},
): Promise<{ readonly sandbox: Sandbox; readonly send: Send; readonly sendToCompanion: Send }> {
  const sandbox = await startSandbox(options);
  onTestFinished(() => sandbox.close());
  return {
    sandbox,
    send: rawScim(sandbox.baseUrl, sandbox.token),
    sendToCompanion: rawScim(sandbox.companion?.baseUrl ?? sandbox.baseUrl, sandbox.token),
  };
}

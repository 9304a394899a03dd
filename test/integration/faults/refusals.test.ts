import "../../support/fastClock.ts";
import "../../support/fastDisk.ts";
import { vi } from "vitest";
import { alone, describeFaults, seeds } from "../../support/faultMatrix.ts";
import { refusals } from "../../support/faultRun.ts";

vi.mock("node:timers/promises", async (original) => {
  const { fastDelay } = await import("../../support/fastClock.ts");
  return { ...(await original<object>()), setTimeout: fastDelay };
});

/** Everything that can happen to one and the same service, together. */
const storm = [
  "reset-before",
  "reset-after",
  "truncated",
  "429-fraction",
  "500",
  "500-after",
  "502",
  "503",
  "504-after",
  "409",
];

describeFaults("refusals, and everything at once: every run converges or stops with a named cause", [
  ...alone(refusals),
  { title: "everything at once", faults: storm, share: 0.03, seeds: 3 * seeds },
]);

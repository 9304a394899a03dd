import "../../support/fastClock.ts";
import "../../support/fastDisk.ts";
import { vi } from "vitest";
import { alone, describeFaults } from "../../support/faultMatrix.ts";
import { brokenAnswers } from "../../support/faultRun.ts";

vi.mock("node:timers/promises", async (original) => {
  const { fastDelay } = await import("../../support/fastClock.ts");
  return { ...(await original<object>()), setTimeout: fastDelay };
});

describeFaults("answers that are lost, cut, slow, wrong or old: every run converges", alone(brokenAnswers));

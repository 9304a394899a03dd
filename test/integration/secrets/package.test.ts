import { randomBytes } from "node:crypto";
import { basename } from "node:path";
import * as esbuild from "esbuild";
import { afterEach, expect, it, vi } from "vitest";
import { productBundles } from "../../../scripts/lib/bundles.ts";
import { LeakDetector } from "../../support/canary.ts";

const secrets = ["SCIM_TOKEN", "SCIM_DIRECTORY_TOKEN", "SCIM_SMTP_URL", "SCIM_SANDBOX", "AZURE_CLIENT_SECRET"];

afterEach(() => void vi.unstubAllEnvs());

it("the code that is packaged holds nothing of the secrets of the machine that builds it", async () => {
  const secret = `canary-${randomBytes(24).toString("base64url")}`;
  for (const name of secrets) vi.stubEnv(name, secret);
  const detector = new LeakDetector(secret);
  const built: string[] = [];
  const leaking: string[] = [];
  for (const bundle of await productBundles({ watch: false })) {
    const { outputFiles } = await esbuild.build({ ...bundle, write: false });
    for (const { path, contents } of outputFiles) {
      built.push(basename(path));
      if (detector.find(Buffer.from(contents)).length > 0) leaking.push(basename(path));
    }
  }
  expect(leaking).toEqual([]);
  expect(built).toEqual(expect.arrayContaining(["extension.js", "cli-main.js", "job.worker.js", "jobEditor.js"]));
});

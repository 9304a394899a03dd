import { ensurePackage, entryLimit, sizeLimit } from "../../scripts/lib/package.ts";
import { figure, type Figure } from "./figure.ts";

/** What is shipped, and what VS Code loads of it at activation, each beside its limit. `npm run test:package` holds both. */
export async function packageSuite(): Promise<readonly Figure[]> {
  const { bytes, entryBytes } = await ensurePackage();
  return [
    figure("package: the .vsix", { ours: bytes, baseline: sizeLimit, unit: "bytes" }, { atMost: 1 }),
    figure(
      "package: what is loaded at activation",
      { ours: entryBytes, baseline: entryLimit, unit: "bytes" },
      { atMost: 1 },
    ),
  ];
}

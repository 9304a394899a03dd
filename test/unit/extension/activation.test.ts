import { build } from "esbuild";
import { expect, it } from "vitest";

it("activation itself can ask no network and read no file: it loads nothing that could", async () => {
  const { metafile } = await build({
    entryPoints: ["src/extension/extension.ts"],
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    external: ["vscode"],
    outdir: "out",
    write: false,
    metafile: true,
    logLevel: "silent",
  });
  const loaded = new Set(Object.keys(metafile.outputs).filter((name) => name.endsWith("/extension.js")));
  const foreign = new Set<string>();
  for (const name of loaded)
    for (const { path, kind, external } of metafile.outputs[name]?.imports ?? [])
      if (external === true) foreign.add(path);
      else if (kind === "import-statement") loaded.add(path);
  expect([...foreign].sort()).toEqual(["node:timers/promises", "vscode"]);
});

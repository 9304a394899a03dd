/** `npm run package`: builds, packs the .vsix, checks what is in it, and prints that. */
import { relative } from "node:path";
import { ensurePackage } from "./lib/package.ts";
import { main, root } from "./lib/project.ts";

await main(async () => {
  const { file, bytes, files } = await ensurePackage();
  for (const path of files) process.stdout.write(`${path}\n`);
  process.stdout.write(`${relative(root, file)}: ${files.length} files, ${Math.ceil(bytes / 1024)} kB\n`);
  return undefined;
});

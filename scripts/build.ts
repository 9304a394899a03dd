/**
 * Builds the product into dist/ and the suites that run inside VS Code into out/.
 *
 *     npm run build             what ships: minified, with source maps that .vscodeignore keeps out of the package
 *     npm run build -- --watch  rebuilds on every change, not minified
 */
import { build } from "./lib/build.ts";
import { main } from "./lib/project.ts";

await main(async () => {
  await build({ watch: process.argv.includes("--watch") });
  return undefined;
});

/** Writes the files that are made from the sources; unit tests hold that they are current. */
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { jobSchemaText } from "../src/job/jsonSchema.ts";
import { l10nBundleFile, l10nBundleText } from "./lib/l10nBundle.ts";
import { root } from "./lib/project.ts";

// What `contributes.jsonValidation` points at.
await writeFile(join(root, "media/job.schema.json"), jobSchemaText());
await mkdir(dirname(l10nBundleFile), { recursive: true });
await writeFile(l10nBundleFile, await l10nBundleText());

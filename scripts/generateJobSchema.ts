import { writeFile } from "node:fs/promises";
import { jobSchemaText } from "../src/job/jsonSchema.ts";

// The file that `contributes.jsonValidation` points at; a unit test holds that it is current.
await writeFile(new URL("../media/job.schema.json", import.meta.url), jobSchemaText());

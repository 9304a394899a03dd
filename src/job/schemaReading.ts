import { findNodeAtLocation, parseTree, type ParseError } from "jsonc-parser";
import { importSchema, type ImportedSchema } from "../mapping/entra/importSchema.ts";
import { SynchronizationSchemaError } from "../mapping/entra/synchronizationSchema.ts";
import { checkJob } from "./check.ts";
import { jobInput, type ServiceSettings } from "./fromSchema.ts";
import { jobSchema } from "./job.ts";
import { problemAt, syntaxProblem, tooDeepProblem, type JobReading } from "./load.ts";
import { formatPath, type JobProblem } from "./problem.ts";

/** The parts of a job that stand in a schema; the others are the service's settings. */
const parts = new Set<PropertyKey | undefined>(["users", "groups", "scope"]);

/**
 * Reads a synchronization schema as the job that decides as it does, for editors: problems are given, not thrown. A filter that
 * a job has no words for is a problem of its scope, and shown as none.
 */
export function readSchemaJob(text: string, settings: ServiceSettings): JobReading {
  const broken = (problems: readonly JobProblem[]): JobReading => ({ job: undefined, draft: undefined, problems });
  const deep = tooDeepProblem(text);
  if (deep) return broken([deep]);
  const syntax: ParseError[] = [];
  const root = parseTree(text, syntax, { allowTrailingComma: false, disallowComments: true, allowEmptyContent: false });
  if (root === undefined || syntax.length > 0) return broken(syntax.map((error) => syntaxProblem(text, error)));
  let imported: ImportedSchema;
  try {
    imported = importSchema(text);
  } catch (error) {
    if (!(error instanceof SynchronizationSchemaError)) throw error;
    return broken(
      error.problems.map(({ path, message }) => {
        const segments = path.split(".").map((part) => (/^\d+$/.test(part) ? Number(part) : part));
        const node = (path === "" ? undefined : findNodeAtLocation(root, segments)) ?? root;
        return problemAt(text, path === "" ? "" : formatPath(segments), node.offset, node.length, message);
      }),
    );
  }
  const parsed = jobSchema.safeParse(jobInput(imported, settings));
  const here = (path: string, message: string) => problemAt(text, path, 0, 0, message);
  if (!parsed.success) return broken(parsed.error.issues.map(({ path, message }) => here(formatPath(path), message)));
  const problems = [
    ...imported.notes
      .filter(({ severity }) => severity === "error")
      .map(({ place, message }) => here(scopePath(place), message)),
    ...checkJob(parsed.data)
      .filter(({ path }) => parts.has(path[0]))
      .map(({ path, message }) => here(formatPath(path), message)),
  ];
  return { job: problems.length === 0 ? parsed.data : undefined, draft: parsed.data, problems };
}

/** `users.scope` of a schema is `scope.users` of a job. */
const scopePath = (place: string): string => {
  const [kind = "", part] = place.split(".");
  return part === "scope" ? `scope.${kind}` : place;
};

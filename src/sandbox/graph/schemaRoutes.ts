import type { AttributeMappingSource, ParseExpressionResponse } from "@microsoft/microsoft-graph-types";
import * as z from "zod";
import { expressionToTree } from "../../mapping/entra/expressionTree.ts";
import { compileExpression } from "../../mapping/expression/compile.ts";
import { textsOf } from "../../mapping/expression/value.ts";
import { bodyOf, collection } from "./directoryRoutes.ts";
import { discover } from "./discover.ts";
import { filterOperatorSchemas, functionSchemas } from "./schemaLanguage.ts";
import { done, route, type Route } from "./route.ts";
import { jobOf, jobPath } from "./synchronizationRoutes.ts";

const expressionBody = z.looseObject({
  expression: z.string(),
  testInputObject: z
    .looseObject({
      properties: z.array(z.looseObject({ key: z.string(), value: z.union([z.string(), z.array(z.string())]) })),
    })
    .nullish(),
});

/** The schema of a job and the language that it is written in. */
export const schemaRoutes: readonly Route[] = [
  route("GET", `${jobPath}/schema`, "readSynchronization", (call) => ({
    status: 200,
    body: jobOf(call).schemaText,
  })),
  route("PUT", `${jobPath}/schema`, "changeSynchronization", (call) => {
    jobOf(call).putSchema(call.bodyText);
    return done;
  }),
  route("POST", `${jobPath}/schema/parseExpression`, "readSynchronization", (call) => ({
    status: 200,
    body: parseExpression(bodyOf(call, expressionBody)),
  })),
  route("GET", `${jobPath}/schema/functions`, "changeSynchronization", (call) => {
    jobOf(call);
    return collection(call, functionSchemas(), "functions");
  }),
  route("GET", `${jobPath}/schema/filterOperators`, "changeSynchronization", (call) => {
    jobOf(call);
    return collection(call, filterOperatorSchemas(), "filterOperators");
  }),
  route("POST", `${jobPath}/schema/directories/*/discover`, "discoverSchema", (call) => ({
    status: 200,
    body: discover(jobOf(call), call.state.tenant, call.ids[2] ?? "", call.state.clock.now()),
  })),
];

/** Parses and evaluates by this project's own expression language; comparisons have no tree that is published. */
function parseExpression({ expression, testInputObject }: z.output<typeof expressionBody>): ParseExpressionResponse {
  const failed = (error: unknown) => ({
    parsingSucceeded: false,
    evaluationSucceeded: false,
    evaluationResult: [],
    parsedExpression: null,
    error: {
      code: "ParsingFailed",
      message: error instanceof Error ? error.message : String(error),
      target: null,
      details: [],
    },
  });
  try {
    const compiled = compileExpression(expression);
    const whole = { type: "Function", name: "IIF", expression, parameters: [] };
    const parsedExpression = (expressionToTree(expression) ?? whole) as AttributeMappingSource;
    const attributes = Object.fromEntries((testInputObject?.properties ?? []).map(({ key, value }) => [key, value]));
    try {
      const evaluationResult = [...textsOf(compiled.evaluate(attributes, {}))];
      return { parsingSucceeded: true, evaluationSucceeded: true, evaluationResult, parsedExpression, error: null };
    } catch {
      return {
        parsingSucceeded: true,
        evaluationSucceeded: false,
        evaluationResult: [],
        parsedExpression,
        error: null,
      };
    }
  } catch (error) {
    return failed(error);
  }
}

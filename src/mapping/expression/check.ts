import { rolesAttribute } from "./attribute.ts";
import { excerpt, ExpressionError, type ExpressionErrorCode } from "./expressionError.ts";
import { functions, parameterAt, signatureText, unavailableFunctions } from "./functions/catalogue.ts";
import type { FunctionDefinition, Parameter } from "./functions/definition.ts";
import type { CallNode, ExpressionNode } from "./node.ts";
import { nearestName } from "./suggest.ts";

/** Words that stand for a constant without quotes. */
export const constantWords: readonly string[] = ["vbTextCompare", "vbBinaryCompare"];

/**
 * How many arguments of a call count: empty ones at the end fall away, as the service allows them, but not those of a function
 * that takes pairs.
 */
export function argumentCount(call: CallNode, definition: FunctionDefinition): number {
  if ((definition.repeated?.length ?? 1) > 1) return call.arguments.length;
  return call.arguments.findLastIndex((argument) => argument.kind !== "omitted") + 1;
}

/**
 * Checks names and arguments of a parsed expression against the function catalogue.
 *
 * @returns everything that is wrong, in the order of the text; empty when the expression can be compiled.
 */
export function checkExpression(root: ExpressionNode): readonly ExpressionError[] {
  const errors: ExpressionError[] = [];
  check(root, undefined, errors, true);
  return errors;
}

function check(
  node: ExpressionNode,
  parameter: Parameter | undefined,
  errors: ExpressionError[],
  outermost = false,
): void {
  const report = (code: ExpressionErrorCode, message: string, at: ExpressionNode = node) =>
    errors.push(new ExpressionError(code, message, at.start, at.end - at.start));
  switch (node.kind) {
    case "call":
      checkCall(node, outermost, errors);
      break;
    case "comparison":
      if (parameter?.type !== "condition") {
        report(
          "misplacedComparison",
          `A comparison (${node.operator}) can stand only in the condition of IIF or in CBool.`,
        );
      }
      check(node.left, undefined, errors);
      check(node.right, undefined, errors);
      break;
    case "attribute":
      if (node.name === rolesAttribute && parameter?.type !== "attribute") {
        const message = `[${rolesAttribute}] must go through SingleAppRoleAssignment, AppRoleAssignmentsComplex or AssertiveAppRoleAssignmentsComplex.`;
        report("argumentForm", message);
      }
      break;
    case "word":
      if (!constantWords.includes(node.name)) report("syntax", wordMessage(node.name));
      break;
    case "text":
    case "number":
    case "omitted":
      break;
  }
}

function wordMessage(name: string): string {
  const shown = excerpt(name);
  return functions.has(name)
    ? `The function ${shown} needs parentheses: ${shown}(…).`
    : `${shown} is neither a text nor an attribute. Write "${shown}" for a text, [${shown}] for an attribute.`;
}

function checkCall(call: CallNode, outermost: boolean, errors: ExpressionError[]): void {
  const at = (code: ExpressionErrorCode, message: string, start = call.start, length = call.name.length) =>
    errors.push(new ExpressionError(code, message, start, length));
  const definition = functions.get(call.name);
  if (definition === undefined) {
    const reason = unavailableFunctions.get(call.name);
    if (reason !== undefined) at("unsupportedFunction", reason);
    else at("unknownFunction", unknownFunctionMessage(call.name));
    for (const argument of call.arguments) check(argument, undefined, errors);
    return;
  }
  if (definition.outermost && !outermost) {
    at("misplacedFunction", `${call.name} must be the outermost function of the expression.`);
  }
  const count = argumentCount(call, definition);
  const before = errors.length;
  checkCount(call, definition, count, at);
  for (const [index, argument] of call.arguments.entries()) {
    const parameter = parameterAt(definition, index, count);
    if (argument.kind !== "omitted") check(argument, parameter, errors);
    else if (index < count && parameter !== undefined && !parameter.optional) {
      const message = `The argument "${parameter.name}" of ${call.name} is missing.`;
      at("missingArgument", message, argument.start, 0);
    }
  }
  if (errors.length > before) return;
  const message = definition.check?.(call);
  if (message !== undefined) at("argumentForm", message, call.start, call.end - call.start);
}

function checkCount(
  call: CallNode,
  definition: FunctionDefinition,
  count: number,
  at: (code: ExpressionErrorCode, message: string, start?: number, length?: number) => void,
): void {
  const { parameters, repeated } = definition;
  if (count === definition.shortForm?.length) return;
  const least = parameters.findLastIndex((parameter) => !parameter.optional) + 1;
  const most = repeated === undefined ? parameters.length : Infinity;
  const pairsFit =
    repeated === undefined || count < parameters.length || (count - parameters.length) % repeated.length === 0;
  const evenlyCut = (repeated?.length ?? 1) === 1 || count % 2 === 0;
  if (count >= least && count <= most && pairsFit && evenlyCut) return;
  const wanted = least === most ? `${least}` : most === Infinity ? `at least ${least}` : `${least} to ${most}`;
  const message =
    count >= least && count <= most
      ? `${call.name} takes keys and values in pairs, so the count of its arguments is even. Here stand ${count}: ${signatureText(definition)}.`
      : `${call.name} takes ${wanted} argument${wanted === "1" ? "" : "s"}, and here stand${count === 1 ? "s" : ""} ${count}: ${signatureText(definition)}.`;
  at("argumentCount", message, call.start, call.end - call.start);
}

function unknownFunctionMessage(name: string): string {
  const nearest = nearestName(name, functions.keys());
  const shown = `There is no function "${excerpt(name, 40)}".`;
  if (nearest === undefined) return shown;
  return nearest.toLowerCase() === name.toLowerCase()
    ? `${shown} Letter case counts: write ${nearest}.`
    : `${shown} Did you mean ${nearest}?`;
}

/** What can be wrong with an expression, at compilation or at evaluation. */
export type ExpressionErrorCode =
  // at compilation
  | "syntax"
  | "tooLong"
  | "tooDeep"
  | "unknownFunction"
  | "unsupportedFunction"
  | "argumentCount"
  | "missingArgument"
  | "argumentForm"
  | "misplacedComparison"
  | "misplacedFunction"
  // at evaluation, or already at compilation where the argument is a constant
  | "invalidPattern"
  | "invalidFormat"
  | "notANumber"
  | "notADate"
  | "notABoolean"
  | "multipleValues"
  | "outOfRange"
  | "emptyOperand"
  | "noUniqueValue"
  | "patternTimeout"
  | "resultTooLong";

/**
 * An expression that cannot be compiled, or that fails for one object. `position` and `length` name the part at fault as
 * 0-based character offsets into the expression text.
 */
export class ExpressionError extends Error {
  readonly code: ExpressionErrorCode;
  readonly position: number;
  readonly length: number;

  constructor(code: ExpressionErrorCode, message: string, position: number, length: number) {
    super(message);
    this.name = "ExpressionError";
    this.code = code;
    this.position = position;
    this.length = length;
  }
}

/** Shortens a text that comes from outside, so that no message grows with its input. */
export function excerpt(text: string, most = 60): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}

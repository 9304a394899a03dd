/** Where a node stands in the expression text, as 0-based offsets; `end` is exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export type ComparisonOperator = "=" | "<>" | ">" | ">=" | "<" | "<=";

export interface CallNode extends Span {
  readonly kind: "call";
  readonly name: string;
  readonly arguments: readonly ExpressionNode[];
}

/** `[department]` */
export interface AttributeNode extends Span {
  readonly kind: "attribute";
  readonly name: string;
}

/** `"text"`, with its escapes resolved. */
export interface TextNode extends Span {
  readonly kind: "text";
  readonly value: string;
}

/** `12`, `-3` or `&HF7`; the service keeps numbers as texts, so the digits are kept as typed. */
export interface NumberNode extends Span {
  readonly kind: "number";
  readonly digits: string;
}

/** A bare word: only `vbTextCompare` and `vbBinaryCompare` mean something. */
export interface WordNode extends Span {
  readonly kind: "word";
  readonly name: string;
}

/** Nothing between two commas. */
export interface OmittedNode extends Span {
  readonly kind: "omitted";
}

export interface ComparisonNode extends Span {
  readonly kind: "comparison";
  readonly operator: ComparisonOperator;
  readonly left: ExpressionNode;
  readonly right: ExpressionNode;
}

/** The syntax tree of an expression. */
export type ExpressionNode = CallNode | AttributeNode | TextNode | NumberNode | WordNode | OmittedNode | ComparisonNode;

/** The nodes directly below a node, in the order of the text. */
export function childrenOf(node: ExpressionNode): readonly ExpressionNode[] {
  switch (node.kind) {
    case "call":
      return node.arguments;
    case "comparison":
      return [node.left, node.right];
    case "attribute":
    case "text":
    case "number":
    case "word":
    case "omitted":
      return [];
  }
}

/** Walks a node and everything below it, parents first. */
export function* walk(node: ExpressionNode): Generator<ExpressionNode> {
  yield node;
  for (const child of childrenOf(node)) yield* walk(child);
}

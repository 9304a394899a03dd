import * as l10n from "@vscode/l10n";
import { parseTree, printParseErrorCode, type Node, type ParseError } from "jsonc-parser";
import { tooDeepAt } from "../../scim/jsonDepth.ts";
import { canonicalDocument } from "../../scim/patch/normalize.ts";
import type { ScimDocument } from "../../scim/resource.ts";
import type { ResourceSchema } from "../../scim/schema.ts";

/** A document as text: indented JSON in the order of the schema, without what only the server keeps (`meta`). */
export function documentText(document: ScimDocument, schema: ResourceSchema): string {
  return `${JSON.stringify(canonicalDocument(document, schema, { meta: false }), undefined, 2)}\n`;
}

/** Text that is no JSON object; `offset` says where. */
export class DocumentSyntaxError extends Error {
  readonly code = "invalidDocument";
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.name = "DocumentSyntaxError";
    this.offset = offset;
  }
}

/** The syntax tree of a document, as far as it can be read; `undefined` when nothing can. */
export function documentTree(text: string, errors: ParseError[] = []): Node | undefined {
  if (tooDeepAt(text) !== undefined) return undefined;
  return parseTree(text, errors, { disallowComments: true, allowTrailingComma: false });
}

/** Reads an edited document. @throws DocumentSyntaxError with line and column */
export function parseDocument(text: string): ScimDocument {
  const errors: ParseError[] = [];
  const deep = tooDeepAt(text);
  if (deep !== undefined) throw syntaxError(text, deep, "nestedTooDeep");
  const tree = documentTree(text, errors);
  const [first] = errors;
  if (first !== undefined) throw syntaxError(text, first.offset, printParseErrorCode(first.error));
  if (tree?.type !== "object") throw syntaxError(text, tree?.offset ?? 0, "ObjectExpected");
  // The tree has been read to its end, so this cannot fail; JSON.parse keeps `__proto__` an ordinary name.
  return JSON.parse(text.replace(/^\ufeff/, "")) as ScimDocument;
}

function syntaxError(text: string, offset: number, problem: string): DocumentSyntaxError {
  const before = text.slice(0, offset).split("\n");
  const words = problem.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
  const message = l10n.t(
    "The document is no valid JSON at line {0}, column {1}: {2}. Mend it and save again; nothing is lost.",
    before.length,
    (before.at(-1) ?? "").length + 1,
    words,
  );
  return new DocumentSyntaxError(message, offset);
}

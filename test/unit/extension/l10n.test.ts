import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { root } from "../../../scripts/lib/project.ts";

const files = globSync("src/extension/**/*.ts", { cwd: root });
const sources = files.map((file) =>
  ts.createSourceFile(file, readFileSync(join(root, file), "utf8"), ts.ScriptTarget.Latest, true),
);

function* nodesOf(node: ts.Node): Iterable<ts.Node> {
  yield node;
  for (const child of node.getChildren()) yield* nodesOf(child);
}

const placeOf = (node: ts.Node): string => {
  const source = node.getSourceFile();
  return `${source.fileName}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
};

const calls = sources.flatMap((source) => [...nodesOf(source)].filter((node) => ts.isCallExpression(node)));
const translations = calls.filter(({ expression }) => expression.getText() === "l10n.t");

/** Whether an expression has words in it that a person reads: icons, addresses and what is put in between are none. */
function says(node: ts.Node | undefined): boolean {
  if (node === undefined) return false;
  const parts = ts.isStringLiteralLike(node)
    ? [node.text]
    : ts.isTemplateExpression(node)
      ? [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)]
      : [];
  return parts.some((part) => /\w{2,}/.test(part.replaceAll(/\$\([\w~-]+\)|https?:\S+/g, "")));
}

describe("the texts of the extension", () => {
  it("are written out where they are translated, so that they can be found", () => {
    expect(translations.length).toBeGreaterThan(100);
    const computed = translations.filter(({ arguments: [text] }) => text === undefined || !ts.isStringLiteral(text));
    expect(computed.map(placeOf)).toEqual([]);
  });

  it("are all in the bundle that translations start from, and nothing else is (npm run generate)", () => {
    const bundle = JSON.parse(readFileSync(join(root, "l10n/bundle.l10n.json"), "utf8")) as Record<string, string>;
    const texts = translations.flatMap(({ arguments: [text] }) =>
      text !== undefined && ts.isStringLiteral(text) ? [text.text] : [],
    );
    expect(Object.keys(bundle).sort()).toEqual([...new Set(texts)].sort());
    for (const [key, text] of Object.entries(bundle)) expect(text).toBe(key);
  });

  it("are translated wherever VS Code shows them", () => {
    const shown = calls.filter(({ expression }) =>
      /^vscode\.window\.(show\w+Message|setStatusBarMessage)$/.test(expression.getText()),
    );
    expect(shown.filter(({ arguments: [text] }) => says(text)).map(placeOf)).toEqual([]);
    const options = sources.flatMap((source) => [...nodesOf(source)].filter((node) => ts.isPropertyAssignment(node)));
    const visible = options.filter(
      ({ name, initializer }) =>
        /^(placeHolder|prompt|title|tooltip|detail|placeholder)$/.test(name.getText()) && says(initializer),
    );
    expect(visible.map(placeOf)).toEqual([]);
  });
});

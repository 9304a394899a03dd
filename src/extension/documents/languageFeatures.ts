import * as vscode from "vscode";
import type { ConnectionStore } from "../connections/connectionStore.ts";
import { Disposable } from "../platform/disposable.ts";
import { markdownText } from "../platform/text.ts";
import { connectionSegment, parseAddress, resourceKey } from "./address.ts";
import { schemes } from "./schemes.ts";
import { hoverAt, proposalsAt } from "./jsonHelp.ts";
import type { DocumentContext, DocumentProblem } from "./problems.ts";
import { documentProblems } from "./problems.ts";
import type { Resources } from "./resources.ts";

const selector: vscode.DocumentSelector = { scheme: schemes.pending, language: "json" };
const severities: Readonly<Record<DocumentProblem["severity"], vscode.DiagnosticSeverity>> = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  information: vscode.DiagnosticSeverity.Information,
};

/** Completion, hovers and diagnostics in resource documents, from the service's schemas and its dialect. */
export class LanguageFeatures extends Disposable implements vscode.CompletionItemProvider, vscode.HoverProvider {
  readonly #connections: ConnectionStore;
  readonly #resources: Resources;
  readonly #diagnostics = this.register(vscode.languages.createDiagnosticCollection("scim"));
  readonly #checks = new Map<string, number>();

  constructor(connections: ConnectionStore, resources: Resources) {
    super();
    this.#connections = connections;
    this.#resources = resources;
    this.register(vscode.languages.registerCompletionItemProvider(selector, this, '"'));
    this.register(vscode.languages.registerHoverProvider(selector, this));
    this.register(vscode.workspace.onDidOpenTextDocument((document) => void this.#check(document)));
    this.register(vscode.workspace.onDidChangeTextDocument(({ document }) => void this.#check(document)));
    this.register(
      vscode.workspace.onDidCloseTextDocument(({ uri }) => {
        this.#diagnostics.delete(uri);
        this.#checks.delete(uri.toString());
      }),
    );
    for (const document of vscode.workspace.textDocuments) void this.#check(document);
  }

  async provideCompletionItems(document: vscode.TextDocument, position: vscode.Position) {
    const context = await this.#context(document);
    if (context === undefined) return [];
    const { replace, items } = proposalsAt(document.getText(), document.offsetAt(position), context);
    const range = rangeOf(document, replace);
    return items.map((proposal, index) => {
      const kind = proposal.kind === "property" ? vscode.CompletionItemKind.Property : vscode.CompletionItemKind.Value;
      const item = new vscode.CompletionItem(proposal.label, kind);
      item.insertText = new vscode.SnippetString(snippetOf(proposal.insert));
      item.range = range;
      item.filterText = document.getText(range).startsWith('"') ? JSON.stringify(proposal.label) : proposal.label;
      item.sortText = String(index).padStart(4, "0");
      item.detail = proposal.detail;
      item.documentation = proposal.documentation;
      return item;
    });
  }

  async provideHover(document: vscode.TextDocument, position: vscode.Position): Promise<vscode.Hover | undefined> {
    const context = await this.#context(document);
    const hover = context && hoverAt(document.getText(), document.offsetAt(position), context);
    if (hover === undefined) return undefined;
    const lines = [`**${markdownText(hover.name)}**`, ...hover.lines.map((line) => markdownText(line))];
    return new vscode.Hover(
      lines.map((line) => new vscode.MarkdownString(line)),
      rangeOf(document, hover),
    );
  }

  async #context(document: vscode.TextDocument): Promise<DocumentContext | undefined> {
    const address = document.uri.scheme === schemes.pending ? parseAddress(document.uri) : undefined;
    const connection = this.#connections.all().find(({ name }) => connectionSegment(name) === address?.connection);
    if (address === undefined || connection === undefined) return undefined;
    const context = await this.#resources.context(connection, address.resourceType);
    const stored = this.#resources.known(connection.baseUrl, resourceKey(address));
    return stored === undefined ? context : { ...context, stored };
  }

  /** Checks a document; an answer that comes after a newer edit is dropped. */
  async #check(document: vscode.TextDocument): Promise<void> {
    if (document.uri.scheme !== schemes.pending) return;
    const id = document.uri.toString();
    this.#checks.set(id, document.version);
    const context = await this.#context(document);
    if (context === undefined || this.#checks.get(id) !== document.version || document.isClosed) return;
    const problems = documentProblems(document.getText(), context);
    this.#diagnostics.set(
      document.uri,
      problems.map((problem) => {
        const range = rangeOf(document, problem);
        const diagnostic = new vscode.Diagnostic(range, problem.message, severities[problem.severity]);
        diagnostic.source = "SCIM";
        diagnostic.code = problem.code;
        return diagnostic;
      }),
    );
  }
}

const rangeOf = (document: vscode.TextDocument, { offset, length }: { offset: number; length: number }): vscode.Range =>
  new vscode.Range(document.positionAt(offset), document.positionAt(offset + length));

/** JSON as a snippet: `$0` stays the place for the value, every other `$` is text (an attribute may be named `$ref`). */
const snippetOf = (insert: string): string => insert.replace(/\\|\}|\$(?!0)/g, (character) => `\\${character}`);

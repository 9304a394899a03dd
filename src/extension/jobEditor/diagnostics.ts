import * as vscode from "vscode";
import { readJob } from "../../job/load.ts";
import { Disposable } from "../platform/disposable.ts";

const isJobFile = ({ uri }: vscode.TextDocument): boolean => uri.path.endsWith(".provisioning.json");

/** How long a check waits for the next keystroke. */
const delayMs = 200;

/** Everything wrong in the job files that are open, at its place in the text: also within expressions. */
export class JobDiagnostics extends Disposable {
  readonly #collection = this.register(vscode.languages.createDiagnosticCollection("scim.jobs"));
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>();

  constructor() {
    super();
    for (const document of vscode.workspace.textDocuments) this.#check(document);
    this.register(vscode.workspace.onDidOpenTextDocument((document) => this.#check(document)));
    this.register(
      vscode.workspace.onDidChangeTextDocument(({ document }) => {
        if (!isJobFile(document)) return;
        const key = document.uri.toString();
        clearTimeout(this.#timers.get(key));
        this.#timers.set(
          key,
          setTimeout(() => this.#check(document), delayMs),
        );
      }),
    );
    this.register(vscode.workspace.onDidCloseTextDocument((document) => this.#forget(document)));
    this.register({
      dispose: () => {
        for (const timer of this.#timers.values()) clearTimeout(timer);
      },
    });
  }

  #check(document: vscode.TextDocument): void {
    if (!isJobFile(document)) return;
    this.#timers.delete(document.uri.toString());
    const problems = readJob(document.getText()).problems;
    this.#collection.set(
      document.uri,
      problems.map(({ offset, length, message, path }) => {
        const range = new vscode.Range(document.positionAt(offset), document.positionAt(offset + length));
        const diagnostic = new vscode.Diagnostic(range, message, vscode.DiagnosticSeverity.Error);
        diagnostic.source = "scim";
        diagnostic.code = path === "" ? "invalidJson" : "invalidJob";
        return diagnostic;
      }),
    );
  }

  #forget(document: vscode.TextDocument): void {
    const key = document.uri.toString();
    clearTimeout(this.#timers.get(key));
    this.#timers.delete(key);
    this.#collection.delete(document.uri);
  }
}

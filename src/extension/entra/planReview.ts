import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { Change, ChangeAction } from "../../changes/change.ts";
import { endpoints } from "../../scim/resource.ts";
import { builtinSchema } from "../../scim/schemas/builtin.ts";
import { rowParts } from "../changes/changeRow.ts";
import { addressParts, connectionSegment } from "../documents/address.ts";
import { documentText } from "../documents/documentText.ts";
import { Disposable } from "../platform/disposable.ts";
import { displayText } from "../platform/text.ts";

const scheme = "scim-entra-plan";
/** More files than this make the multi-diff editor slow; the rest stays in the Source Control view. */
const reviewLimit = 300;

/** A prediction that is shown. */
interface Shown {
  readonly control: vscode.SourceControl;
  readonly changes: ReadonlyMap<string, Change>;
}

/**
 * What the service's next cycle would do, where every change is reviewed: a Source Control of its own. Nothing of it can be
 * pushed or edited, for the service does the work.
 */
export class PlanReview extends Disposable implements vscode.TextDocumentContentProvider {
  readonly #shown = new Map<string, Shown>();
  readonly #changed = this.register(new vscode.EventEmitter<vscode.Uri>());
  readonly onDidChange = this.#changed.event;

  constructor() {
    super();
    this.register(vscode.workspace.registerTextDocumentContentProvider(scheme, this));
    this.register({ dispose: () => [...this.#shown.keys()].forEach((name) => this.clear(name)) });
  }

  /** Shows the changes of a plan in place of those of the same name. */
  async show(name: string, changes: readonly Change[], note: string): Promise<void> {
    this.clear(name);
    const control = vscode.scm.createSourceControl(
      "scim-entra",
      l10n.t("{0}: what if", displayText(name, 60)),
      vscode.Uri.from({ scheme, path: `/${connectionSegment(name)}` }),
    );
    control.inputBox.visible = false;
    control.count = changes.length;
    control.statusBarCommands = [
      { command: "scim.entra.showPlan", title: `$(info) ${l10n.t("Read-only")}`, tooltip: note, arguments: [name] },
    ];
    this.#shown.set(name, { control, changes: new Map(changes.map((change) => [change.id, change])) });
    const labels: Readonly<Record<ChangeAction, string>> = {
      create: l10n.t("Would Be Created"),
      update: l10n.t("Would Be Updated"),
      deactivate: l10n.t("Would Be Deactivated"),
      delete: l10n.t("Would Be Deleted"),
    };
    for (const action of Object.keys(labels) as ChangeAction[]) {
      const group = control.createResourceGroup(action, labels[action]);
      group.hideWhenEmpty = true;
      group.resourceStates = changes
        .filter((change) => change.action === action)
        .map((change) => stateOf(name, change));
    }
    await vscode.commands.executeCommand("workbench.view.scm");
    await this.review(name);
  }

  /** Opens the changes of a prediction as one multi-diff. */
  async review(name: string): Promise<void> {
    const changes = [...(this.#shown.get(name)?.changes.values() ?? [])];
    if (changes.length === 0) return;
    const files = changes.slice(0, reviewLimit).map((change) => {
      const { before, after } = sidesOf(name, change);
      return [after, change.action === "create" ? undefined : before, change.action === "delete" ? undefined : after];
    });
    await vscode.commands.executeCommand("vscode.changes", l10n.t("{0}: Next Cycle", displayText(name, 60)), files);
  }

  clear(name: string): void {
    this.#shown.get(name)?.control.dispose();
    this.#shown.delete(name);
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    const query = new URLSearchParams(uri.query);
    const change = this.#shown.get(query.get("of") ?? "")?.changes.get(query.get("change") ?? "");
    const document = query.get("side") === "before" ? change?.before : change?.after;
    return change === undefined || document === undefined
      ? ""
      : documentText(document, builtinSchema(change.resourceType));
  }
}

function sidesOf(name: string, change: Change): { readonly before: vscode.Uri; readonly after: vscode.Uri } {
  const { path } = addressParts({
    connection: name,
    resourceType: change.resourceType,
    name: change.name,
    id: change.id,
  });
  const side = (which: string) =>
    vscode.Uri.from({
      scheme,
      path,
      query: new URLSearchParams({ of: name, change: change.id, side: which }).toString(),
    });
  return { before: side("before"), after: side("after") };
}

function stateOf(name: string, change: Change): vscode.SourceControlResourceState {
  const { before, after } = sidesOf(name, change);
  const title = `${displayText(change.name)} (${connectionSegment(endpoints[change.resourceType])})`;
  return {
    resourceUri: vscode.Uri.from(rowParts(change, change.id)),
    contextValue: "prediction",
    command: {
      command: "vscode.diff",
      title: l10n.t("Show Change"),
      arguments: [before, after, title, { preview: true }],
    },
    decorations: {
      tooltip: [`${change.name}: ${change.reason}`, ...(change.notes ?? [])]
        .map((line) => displayText(line, 500))
        .join("\n"),
      strikeThrough: change.action === "delete",
    },
  };
}

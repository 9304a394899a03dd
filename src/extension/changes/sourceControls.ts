import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { describeChange } from "../../changes/describe.ts";
import type { Connection } from "../connections/connection.ts";
import type { ConnectionStore } from "../connections/connectionStore.ts";
import type { ResourceAddress } from "../documents/address.ts";
import { addressParts, connectionSegment } from "../documents/address.ts";
import { schemes } from "../documents/schemes.ts";
import { Disposable, DisposableStore } from "../platform/disposable.ts";
import { turn } from "../platform/slices.ts";
import { count, displayText } from "../platform/text.ts";
import { rowParts } from "./changeRow.ts";
import type { ChangeGroup, PendingChange } from "./pendingChange.ts";
import { draftOf, groupOf, inOrder, isIncluded } from "./pendingChange.ts";
import type { PendingChanges } from "./pendingChanges.ts";

/** A row of the Source Control view: which change it stands for. */
export interface ChangeState extends vscode.SourceControlResourceState {
  readonly baseUrl: string;
  readonly key: string;
}

interface Control {
  readonly control: vscode.SourceControl;
  readonly groups: ReadonlyMap<ChangeGroup, vscode.SourceControlResourceGroup>;
  readonly store: DisposableStore;
  /** How often its rows were put up; a later time overtakes an earlier one. */
  updates: number;
}

/** The address of the document of a pending change. */
export function pendingAddress(connection: Connection, { key, change }: PendingChange): ResourceAddress {
  const draft = draftOf(key);
  return {
    connection: connection.name,
    resourceType: change.resourceType,
    name: change.name,
    ...(draft === undefined ? { id: change.targetId ?? "" } : { draft }),
  };
}

export const pendingUri = (connection: Connection, held: PendingChange): vscode.Uri =>
  vscode.Uri.from({ scheme: schemes.pending, ...addressParts(pendingAddress(connection, held)) });

/** One place in the Source Control view for each connection that has pending changes or an open document. */
export class SourceControls extends Disposable implements vscode.QuickDiffProvider {
  readonly #connections: ConnectionStore;
  readonly #pending: PendingChanges;
  readonly #controls = new Map<string, Control>();

  constructor(connections: ConnectionStore, pending: PendingChanges) {
    super();
    this.#connections = connections;
    this.#pending = pending;
    this.register(pending.onDidChange(({ baseUrl }) => void this.#update(baseUrl)));
    this.register(connections.onDidChange(() => this.#updateAll()));
    this.register(vscode.workspace.onDidOpenTextDocument(({ uri }) => this.#opened(uri)));
    this.register({ dispose: () => [...this.#controls.keys()].forEach((baseUrl) => this.#drop(baseUrl)) });
    for (const { uri } of vscode.workspace.textDocuments) this.#opened(uri);
    this.#updateAll();
  }

  /** What the gutter marks of a document compare with. */
  provideOriginalResource(uri: vscode.Uri): vscode.Uri | undefined {
    return uri.scheme === schemes.pending ? uri.with({ scheme: schemes.stored }) : undefined;
  }

  /** The note for the record. */
  note(baseUrl: string): string {
    return this.#controls.get(baseUrl)?.control.inputBox.value.trim() ?? "";
  }

  /** Proposes a note, where the person has written none. */
  proposeNote(baseUrl: string, note: string): void {
    const connection = this.#connections.byUrl(baseUrl);
    if (connection === undefined || this.note(baseUrl) !== "") return;
    this.#controlOf(connection).control.inputBox.value = note;
  }

  clearNote(baseUrl: string): void {
    const held = this.#controls.get(baseUrl);
    if (held !== undefined) held.control.inputBox.value = "";
  }

  /** The connection that a part of the Source Control view belongs to. */
  ownerOf(control: unknown): string | undefined {
    for (const [baseUrl, held] of this.#controls)
      if (held.control === control || [...held.groups.values()].includes(control as vscode.SourceControlResourceGroup))
        return baseUrl;
    return undefined;
  }

  #opened(uri: vscode.Uri): void {
    if (uri.scheme !== schemes.pending) return;
    const segment = uri.path.split("/")[1];
    const connection = this.#connections.all().find(({ name }) => connectionSegment(name) === segment);
    if (connection !== undefined) this.#controlOf(connection);
  }

  #updateAll(): void {
    const known = new Set(this.#connections.all().map(({ baseUrl }) => baseUrl));
    for (const [baseUrl, held] of [...this.#controls]) {
      const name = this.#connections.byUrl(baseUrl)?.name;
      if (!known.has(baseUrl) || held.control.label !== name) this.#drop(baseUrl);
    }
    for (const baseUrl of this.#pending.connections()) void this.#update(baseUrl);
  }

  async #update(baseUrl: string): Promise<void> {
    const connection = this.#connections.byUrl(baseUrl);
    if (connection === undefined) return;
    const all = this.#pending.all(baseUrl);
    if (all.length === 0 && !this.#controls.has(baseUrl)) return;
    const held = this.#controlOf(connection);
    const { control, groups } = held;
    const update = (held.updates += 1);
    const included = all.filter(isIncluded).length;
    control.count = included;
    control.statusBarCommands =
      included === 0
        ? []
        : [{ command: "scim.change.push", title: `$(cloud-upload) ${pushTitle(included)}`, arguments: [baseUrl] }];
    const byGroup = new Map<ChangeGroup, PendingChange[]>([...groups.keys()].map((name) => [name, []]));
    for (const each of all) byGroup.get(groupOf(each))?.push(each);
    for (const [name, group] of groups) {
      const members = byGroup.get(name) ?? [];
      // A plan comes in the order of names, so that the first of very many are told without sorting them all.
      const shown = inOrder(members.slice(0, rowsShown));
      group.label = groupLabel(name, members.length);
      group.resourceStates = shown.map((each) => stateOf(connection, each));
      // VS Code works on each row in this window: a group at a time.
      if (shown.length === rowsShown) await turn();
      if (held.updates !== update || this.#controls.get(baseUrl) !== held) return;
    }
  }

  #controlOf(connection: Connection): Control {
    const known = this.#controls.get(connection.baseUrl);
    if (known !== undefined) return known;
    const store = new DisposableStore();
    const root = vscode.Uri.from({ scheme: schemes.pending, path: `/${connectionSegment(connection.name)}` });
    const control = store.add(vscode.scm.createSourceControl("scim", connection.name, root));
    control.inputBox.placeholder = l10n.t("Note (Ctrl+Enter pushes to {0})", displayText(connection.name, 40));
    control.acceptInputCommand = {
      command: "scim.change.push",
      title: l10n.t("Push"),
      arguments: [connection.baseUrl],
    };
    control.quickDiffProvider = this;
    const groups = new Map(
      Object.entries(groupNames()).map(([name, label]) => {
        const group = store.add(control.createResourceGroup(name, label));
        group.hideWhenEmpty = true;
        return [name as ChangeGroup, group];
      }),
    );
    const held = { control, groups, store, updates: 0 };
    this.#controls.set(connection.baseUrl, held);
    return held;
  }

  #drop(baseUrl: string): void {
    this.#controls.get(baseUrl)?.store.dispose();
    this.#controls.delete(baseUrl);
  }
}

/** More rows than this in one group hold the window up, and nobody reads them; "Find Change…" finds the others. */
const rowsShown = 300;

function groupLabel(name: ChangeGroup, members: number): string {
  const label = groupNames()[name];
  return members <= rowsShown ? label : l10n.t("{0}: first {1} of {2}", label, count(rowsShown), count(members));
}

/** What pushing is called for so many changes. */
export const pushTitle = (count: number): string =>
  count === 1 ? l10n.t("Push 1 change") : l10n.t("Push {0} changes", count.toLocaleString("en-US"));

const groupNames = (): Readonly<Record<ChangeGroup, string>> => ({
  create: l10n.t("Create"),
  update: l10n.t("Update"),
  deactivate: l10n.t("Deactivate"),
  delete: l10n.t("Delete"),
  held: l10n.t("Held by the Deletion Guard"),
  excluded: l10n.t("Excluded"),
});

function stateOf(connection: Connection, held: PendingChange): ChangeState {
  const { change, excluded, problem, key, job, drift, plannedAt } = held;
  // Of a plan there can be ten thousand, and to describe each would be felt.
  const what = job === undefined ? describeChange(change) : `${change.name}: ${change.reason}`;
  const planned =
    plannedAt === undefined ? undefined : l10n.t("Planned {0}", new Date(plannedAt).toLocaleString("en-GB"));
  const tooltip = [displayText(what, 300), ...(change.notes ?? []), problem?.message, planned]
    .filter((line) => line !== undefined)
    .join("\n");
  return {
    baseUrl: connection.baseUrl,
    key,
    resourceUri: vscode.Uri.from(rowParts(change, key)),
    contextValue: problem?.kind ?? (drift ? "drift" : "ready"),
    command: { command: "scim.change.open", title: l10n.t("Show Change"), arguments: [connection.baseUrl, key] },
    decorations: {
      tooltip,
      faded: excluded,
      strikeThrough: change.action === "delete",
      ...(problem === undefined ? {} : { iconPath: new vscode.ThemeIcon("warning") }),
    },
  };
}

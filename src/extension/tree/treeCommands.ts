import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { ResourceType } from "../../scim/resource.ts";
import type { Clients } from "../connections/clients.ts";
import type { Connection } from "../connections/connection.ts";
import type { Targets } from "../connections/targets.ts";
import type { SomeHandlers } from "../platform/commandTable.ts";
import { CancelledError } from "../platform/errors.ts";
import type { DirectoryTree } from "./directoryTree.ts";
import { collectionNames } from "./render.ts";
import { filterProblem, filterProposals, searchFilter } from "./search.ts";

export interface TreeServices {
  readonly tree: DirectoryTree;
  readonly targets: Targets;
  readonly clients: Clients;
  /** Opens what was searched, so that the matches are in sight. */
  reveal(baseUrl: string, type: ResourceType): Promise<void>;
}

type Ids =
  "scim.tree.refresh" | "scim.tree.loadMore" | "scim.tree.search" | "scim.tree.filter" | "scim.tree.clearFilter";

/** The commands of the view itself. */
export function treeCommands(services: TreeServices): SomeHandlers<Ids> {
  const { tree, targets, clients } = services;
  const place = async (row: unknown): Promise<{ connection: Connection; types: readonly ResourceType[] }> => {
    const [node] = targets.rows(row, undefined);
    const connection = await targets.connection(row);
    const types = node?.kind === "collection" ? [node.resourceType] : searchedTypes;
    return { connection, types };
  };
  return {
    "scim.tree.refresh": async (row, rows) => {
      const nodes = targets.rows(row, rows);
      if (nodes.length === 0) await tree.refresh();
      for (const node of nodes) await tree.refresh(node.id);
    },
    "scim.tree.loadMore": async (row) => {
      if (typeof row === "string") await tree.loadMore(row);
    },
    "scim.tree.search": async (row) => {
      const { connection, types } = await place(row);
      const text = await vscode.window.showInputBox({
        title: l10n.t("Search {0}", connection.name),
        prompt: l10n.t("A part of a user name or of a group name. The service searches, so all pages are covered."),
        placeHolder: l10n.t("For example ada"),
      });
      if (text === undefined || text.trim() === "") throw new CancelledError();
      const dialect = clients.dialect(connection);
      for (const type of types) tree.setFilter(connection.baseUrl, type, searchFilter(dialect, type, text));
      await services.reveal(connection.baseUrl, types[0] ?? "User");
    },
    "scim.tree.filter": async (row) => {
      const { connection, types } = await place(row);
      const type = types.length === 1 ? (types[0] ?? "User") : await pickType();
      const filter = await askFilter(connection, type, clients);
      tree.setFilter(connection.baseUrl, type, { filter });
      await services.reveal(connection.baseUrl, type);
    },
    "scim.tree.clearFilter": async (row) => {
      const { connection, types } = await place(row);
      for (const type of types) tree.setFilter(connection.baseUrl, type, undefined);
    },
  };
}

const searchedTypes: readonly ResourceType[] = ["User", "Group"];

async function pickType(): Promise<ResourceType> {
  const names = collectionNames();
  const items = searchedTypes.map((type) => ({ label: names[type], type }));
  const picked = await vscode.window.showQuickPick(items, { placeHolder: l10n.t("What to filter") });
  if (picked === undefined) throw new CancelledError();
  return picked.type;
}

/**
 * Asks for a SCIM filter: what can come next is offered as it is typed, and what is wrong is said with its position.
 *
 * @throws CancelledError when the person leaves
 */
async function askFilter(connection: Connection, type: ResourceType, clients: Clients): Promise<string> {
  const schema = await clients.schema(connection, type);
  const dialect = clients.dialect(connection);
  const pick = vscode.window.createQuickPick<
    vscode.QuickPickItem & { readonly text: string; readonly run?: boolean }
  >();
  pick.title = l10n.t("Filter {0} of {1}", collectionNames()[type], connection.name);
  pick.placeholder = 'userName sw "ada"';
  pick.matchOnDescription = true;
  const show = (): void => {
    const text = pick.value;
    const problem = text.trim() === "" ? undefined : filterProblem(text.trim(), dialect);
    const proposals = filterProposals(text, schema, dialect).map((proposal) => ({ ...proposal, alwaysShow: true }));
    const status =
      text.trim() === ""
        ? []
        : problem === undefined
          ? [
              {
                label: `$(filter) ${l10n.t("Filter by this expression")}`,
                detail: text,
                text,
                alwaysShow: true,
                run: true,
              },
            ]
          : [{ label: `$(warning) ${l10n.t("Not complete")}`, detail: problem, text, alwaysShow: true }];
    pick.items = problem === undefined ? [...status, ...proposals] : [...proposals, ...status];
  };
  show();
  return await new Promise<string>((resolve, reject) => {
    pick.onDidChangeValue(show);
    pick.onDidAccept(() => {
      const [chosen] = pick.activeItems;
      if (chosen?.run === true) {
        resolve(chosen.text.trim());
        pick.hide();
      } else if (chosen !== undefined && chosen.text !== pick.value) {
        pick.value = chosen.text;
        show();
      }
    });
    pick.onDidHide(() => {
      reject(new CancelledError());
      pick.dispose();
    });
    pick.show();
  });
}

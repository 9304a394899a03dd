import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { ResourceType, ScimResource } from "../../scim/resource.ts";
import type { Clients } from "../connections/clients.ts";
import type { Connection } from "../connections/connection.ts";
import { CancelledError } from "../platform/errors.ts";
import { count, displayText } from "../platform/text.ts";
import { keyOf, nameOf } from "../tree/rows.ts";
import { searchFilter } from "../tree/search.ts";

/** A resource that the person chose. */
export interface PickedResource {
  readonly resourceType: ResourceType;
  readonly id: string;
  readonly key: string;
  readonly name: string;
}

export interface PickOptions {
  readonly title: string;
  readonly placeholder: string;
  readonly types: readonly ResourceType[];
  readonly many: boolean;
  /** Whether a resource may be chosen. */
  readonly accept?: (resource: PickedResource) => boolean;
}

interface Item extends vscode.QuickPickItem {
  readonly resource?: PickedResource;
}

const icons: Readonly<Record<ResourceType, string>> = {
  User: "account",
  Group: "organization",
  ServicePrincipal: "server-process",
};

/** How long typing must rest before the service is asked, in milliseconds. */
const rest = 250;
const shown = 50;

/**
 * Lets the person choose among resources that the service finds for what is typed. Answers that come after a newer question
 * are dropped; what was ticked stays ticked while the search goes on.
 *
 * @throws CancelledError when the person leaves
 */
export async function pickResources(
  clients: Clients,
  connection: Connection,
  options: PickOptions,
): Promise<PickedResource[]> {
  const pick = vscode.window.createQuickPick<Item>();
  pick.title = options.title;
  pick.placeholder = options.placeholder;
  pick.canSelectMany = options.many;
  const chosen = new Map<string, Item>();
  let generation = 0;
  let running: AbortController | undefined;
  let timer: NodeJS.Timeout | undefined;
  const search = async (text: string): Promise<void> => {
    const own = ++generation;
    running?.abort();
    running = new AbortController();
    pick.busy = true;
    try {
      const pages = await Promise.all(
        options.types.map((type) => find(clients, connection, type, text, (running as AbortController).signal)),
      );
      if (own !== generation) return;
      const found = pages
        .flatMap(({ items }) => items)
        .filter(({ resource }) => !options.accept || (resource && options.accept(resource)));
      const left = pages.reduce((sum, { total, items }) => sum + Math.max(0, total - items.length), 0);
      const kept = [...chosen.values()].filter((item) => !found.some((other) => idOf(other) === idOf(item)));
      pick.items = [...kept, ...found, ...hint(found.length, left)];
      if (options.many) pick.selectedItems = pick.items.filter((item) => chosen.has(idOf(item)));
    } catch (error) {
      if (own === generation)
        pick.items = [{ label: `$(warning) ${l10n.t("The search failed")}`, detail: textOf(error), alwaysShow: true }];
    } finally {
      if (own === generation) pick.busy = false;
    }
  };
  void search("");
  try {
    return await new Promise<PickedResource[]>((resolve, reject) => {
      pick.onDidChangeValue((text) => {
        clearTimeout(timer);
        timer = setTimeout(() => void search(text), rest);
      });
      pick.onDidChangeSelection((selected) => {
        if (!options.many) return;
        for (const item of pick.items) if (!selected.includes(item)) chosen.delete(idOf(item));
        for (const item of selected) if (item.resource !== undefined) chosen.set(idOf(item), item);
      });
      pick.onDidAccept(() => {
        const items = options.many ? [...chosen.values()] : pick.activeItems;
        const resources = items.flatMap(({ resource }) => (resource === undefined ? [] : [resource]));
        if (resources.length === 0) return;
        resolve(resources);
        pick.hide();
      });
      pick.onDidHide(() => reject(new CancelledError()));
      pick.show();
    });
  } finally {
    clearTimeout(timer);
    generation++;
    running?.abort();
    pick.dispose();
  }
}

async function find(clients: Clients, connection: Connection, type: ResourceType, text: string, signal: AbortSignal) {
  const client = clients.client(connection);
  const filter = text.trim() === "" ? {} : { filter: searchFilter(client.dialect, type, text).filter };
  const attributes = ["id", "userName", "displayName", "active", "applicationId"];
  const page = await client.list(type, { ...filter, startIndex: 1, count: shown, attributes }, signal);
  return { items: page.resources.map((resource) => itemOf(type, resource)), total: page.totalResults ?? 0 };
}

function itemOf(resourceType: ResourceType, document: ScimResource): Item {
  const [key, name] = [keyOf(resourceType, document), nameOf(resourceType, document)];
  const inactive = document["active"] === false ? l10n.t("inactive") : undefined;
  return {
    label: `$(${icons[resourceType]}) ${displayText(name) || document.id}`.replace(/\$\((?!\w+[\w-]*\) )/g, "$ ("),
    description: [name === key ? undefined : displayText(key), inactive]
      .filter((part) => part !== undefined)
      .join(", "),
    alwaysShow: true,
    resource: { resourceType, id: document.id, key, name },
  };
}

function hint(found: number, left: number): Item[] {
  if (found === 0) return [{ label: l10n.t("Nobody is found"), alwaysShow: true }];
  if (left === 0) return [];
  return [{ label: l10n.t("{0} more: type a part of the name", count(left)), alwaysShow: true }];
}

const idOf = ({ resource, label }: Item): string =>
  resource === undefined ? label : `${resource.resourceType}/${resource.id}`;

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

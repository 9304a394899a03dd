import type { ChangeResult, PushReport } from "../../changes/pushResult.ts";
import { isDone } from "../../changes/pushResult.ts";
import type { Connection } from "../connections/connection.ts";
import type { TabChange } from "../documents/openTabs.ts";
import { settleTabs } from "../documents/openTabs.ts";
import type { Resources } from "../documents/resources.ts";
import type { DirectoryTree, SettledResource } from "../tree/directoryTree.ts";
import { connectionId } from "../tree/nodes.ts";
import { keyOf } from "../tree/rows.ts";
import type { PendingChange } from "./pendingChange.ts";
import { draftOf } from "./pendingChange.ts";

/** Brings the views and open documents to what the service has stored after a push. @param recorded hears that it stands in the journal */
export const settleAfterPush =
  ({ resources, tree }: { readonly resources: Resources; readonly tree: DirectoryTree }, recorded: () => void) =>
  async (connection: Connection, changes: readonly PendingChange[], report: PushReport): Promise<void> => {
    const { baseUrl } = connection;
    const results = new Map(report.results.map((result) => [result.changeId, result]));
    const settled: SettledResource[] = [];
    const tabs: TabChange[] = [];
    for (const held of changes) {
      const result = results.get(held.change.id);
      if (result === undefined || !isDone(result.outcome) || result.targetId === undefined) continue;
      const stored = await storedBy(resources, connection, result);
      const { resourceType, action } = held.change;
      settled.push({ resourceType, id: result.targetId, ...(stored === undefined ? {} : { stored }) });
      if (stored === undefined) resources.drop(baseUrl, `${resourceType}/${result.targetId}`);
      else resources.put(baseUrl, resourceType, stored);
      const draft = draftOf(held.key);
      if (action === "delete") tabs.push({ kind: "deleted", id: result.targetId });
      else if (draft !== undefined && stored !== undefined)
        tabs.push({ kind: "created", draft, id: result.targetId, name: keyOf(resourceType, stored) });
    }
    recorded();
    tree.settled(baseUrl, settled);
    // A push that was cut off says that the connection may not be well: its row shows what is the matter.
    if (report.stopped !== undefined) await tree.refresh(connectionId(baseUrl));
    await settleTabs(connection, tabs);
  };

/** The resource as the service has it after a change; read when the answer did not show it, `undefined` when it is gone. */
async function storedBy(resources: Resources, connection: Connection, { change, stored, targetId }: ChangeResult) {
  if (change.action === "delete") return undefined;
  if (stored !== undefined) return stored;
  return await resources.read(connection, change.resourceType, targetId ?? "").catch(() => undefined);
}

import type { Entry } from "./entry.ts";
import type { HomeFolders } from "./homeFolders.ts";
import type { Store } from "./store.ts";

/** The groups that Databricks itself keeps: everyone of a workspace is in `users`, everyone of the account in `account users`. */
export class SystemGroups {
  readonly #store: Store;
  readonly #users: Entry;
  readonly #accountUsers: Entry;
  readonly admins: Entry;

  readonly #homeFolders: HomeFolders;

  /** Creates the groups, with the entitlements that a new workspace has. */
  constructor(store: Store, homeFolders: HomeFolders) {
    this.#store = store;
    this.#homeFolders = homeFolders;
    const values = (...names: string[]) => ({ entitlements: names.map((value) => ({ value })) });
    const add = (displayName: string, level: "workspace" | "account", own = {}) =>
      store.add({ type: "Group", home: level, levels: [level], shared: { displayName }, own, system: true });
    this.admins = add("admins", "workspace", {
      workspace: values("workspace-access", "databricks-sql-access", "allow-cluster-create"),
    });
    this.#users = add("users", "workspace", { workspace: values("workspace-access", "databricks-sql-access") });
    this.#accountUsers = add("account users", "account");
  }

  /** Gives a new principal what it has without being asked: its groups, and in a workspace a home folder. */
  welcome(entry: Entry): void {
    if (entry.type === "Group") return;
    if (entry.levels.has("workspace")) {
      this.#store.changeMembers(this.#users, { add: [entry] });
      this.#homeFolders.make(entry);
    }
    if (entry.levels.has("account")) this.#store.changeMembers(this.#accountUsers, { add: [entry] });
  }
}

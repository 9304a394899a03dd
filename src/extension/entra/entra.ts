import type * as vscode from "vscode";
import type { Clients } from "../connections/clients.ts";
import type { ConnectionStore } from "../connections/connectionStore.ts";
import type { ReadOnlyDocuments } from "../documents/readOnlyDocuments.ts";
import type { ThreeSides } from "../documents/threeSides.ts";
import type { KnownGraph } from "../jobs/chooseGraph.ts";
import type { LogPanels } from "../log/logPanels.ts";
import type { SomeHandlers } from "../platform/commandTable.ts";
import type { CommandId } from "../platform/commandTable.ts";
import { Disposable } from "../platform/disposable.ts";
import { applicationCommands } from "./applications.ts";
import { lifecycleCommands } from "./lifecycle.ts";
import { EntraLogs } from "./logs.ts";
import { onDemandCommands } from "./onDemand.ts";
import { PlanReview } from "./planReview.ts";
import { schemaCommands } from "./schema.ts";
import type { SchemaDocuments } from "./schemaDocuments.ts";
import { settingsCommands } from "./settings.ts";
import type { EntraSignIn } from "./signIn.ts";
import { EntraTenants } from "./tenants.ts";
import { EntraView } from "./view/entraView.ts";
import { whatIfCommands } from "./whatIf.ts";

export interface EntraOptions {
  readonly access: EntraSignIn;
  readonly documents: ReadOnlyDocuments;
  readonly logs: LogPanels;
  readonly connections: ConnectionStore;
  readonly clients: Clients;
  /** Hears whether the view has anything to show. */
  readonly signedIn: (signedIn: boolean) => void;
  readonly sides: ThreeSides;
  readonly schemas: SchemaDocuments;
  openJob(file: vscode.Uri, page?: string): Promise<void>;
}

type EntraCommandId = Extract<CommandId, `scim.entra.${string}`>;

/** Microsoft Entra's provisioning service in the editor: the sign-in, the view, and the commands. */
export class Entra extends Disposable {
  readonly commands: SomeHandlers<EntraCommandId>;
  /** What is known of the tenants, for a job that reads its directory from one. */
  readonly known: KnownGraph;

  constructor(options: EntraOptions) {
    super();
    const { access } = options;
    const tenants = this.register(new EntraTenants(access));
    const view = this.register(new EntraView(tenants, options.signedIn));
    this.register(access.onDidChange(() => void view.sessionsChanged()));
    this.register(access.onDidReset(() => void view.reload()));
    this.known = {
      get graphUrl() {
        return access.graphUrl;
      },
      tenants: () => tenants.known(),
    };
    const services = { ...options, access, tenants, view };
    const review = this.register(new PlanReview());
    const logs = this.register(new EntraLogs(services));
    this.commands = {
      "scim.entra.signIn": () => view.reload("ask"),
      "scim.entra.refresh": () => view.reload(),
      ...applicationCommands(services),
      ...lifecycleCommands(services),
      ...settingsCommands(services),
      ...onDemandCommands(services),
      ...schemaCommands(services),
      ...whatIfCommands({ ...services, review }),
      ...logs.commands(),
    };
  }
}

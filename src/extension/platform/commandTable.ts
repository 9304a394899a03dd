/**
 * Every command of the extension and what it is given: `none`; `rows` of the Connections view (the clicked one and, with
 * several selected, all of them); `changes` of the Source Control view, an editor or nothing; `connection`, a base URL or a row; `job`, a job file or a row
 * of the Jobs view; `entra`, a row of the Microsoft Entra view; `target`, a row of whichever view, or nothing.
 * The manifest and the registrations are checked against this table.
 */
export const commandTable = {
  "scim.connection.connect": "none",
  "scim.connection.test": "connection",
  "scim.connection.checkConformance": "connection",
  "scim.connection.exportConformance": "connection",
  "scim.connection.rename": "connection",
  "scim.connection.replaceToken": "connection",
  "scim.connection.markProduction": "connection",
  "scim.connection.unmarkProduction": "connection",
  "scim.connection.markReadOnly": "connection",
  "scim.connection.unmarkReadOnly": "connection",
  "scim.connection.openSettings": "none",
  "scim.connection.copyUrl": "connection",
  "scim.connection.remove": "connection",
  "scim.sandbox.start": "none",
  "scim.sandbox.stop": "none",
  "scim.tree.refresh": "rows",
  "scim.tree.loadMore": "rows",
  "scim.tree.search": "rows",
  "scim.tree.filter": "rows",
  "scim.tree.clearFilter": "rows",
  "scim.resource.open": "rows",
  "scim.resource.find": "connection",
  "scim.resource.copyId": "rows",
  "scim.resource.copyJson": "rows",
  "scim.resource.copyCurl": "rows",
  "scim.resource.delete": "rows",
  "scim.resource.showHistory": "target",
  "scim.user.create": "rows",
  "scim.user.activate": "rows",
  "scim.user.deactivate": "rows",
  "scim.user.addToGroup": "rows",
  "scim.group.create": "rows",
  "scim.group.rename": "rows",
  "scim.group.addMembers": "rows",
  "scim.group.removeMembers": "rows",
  "scim.change.open": "changes",
  "scim.change.find": "changes",
  "scim.change.review": "changes",
  "scim.change.exclude": "changes",
  "scim.change.include": "changes",
  "scim.change.discard": "changes",
  "scim.change.discardAll": "changes",
  "scim.change.showRequests": "changes",
  "scim.change.resolve": "changes",
  "scim.change.push": "changes",
  "scim.push.undo": "target",
  "scim.push.review": "target",
  "scim.history.openChange": "target",
  "scim.history.showDamage": "target",
  "scim.history.showAll": "none",
  "scim.history.refresh": "none",
  "scim.history.loadMore": "none",
  "scim.job.create": "none",
  "scim.job.open": "job",
  "scim.job.openText": "job",
  "scim.job.preview": "job",
  "scim.job.compare": "job",
  "scim.job.reviewPlan": "job",
  "scim.job.showPlan": "job",
  "scim.job.acceptRemovals": "changes",
  "scim.job.acceptDrift": "changes",
  "scim.job.revokeDeviation": "job",
  "scim.job.resumePush": "job",
  "scim.job.turnOn": "job",
  "scim.job.turnOff": "job",
  "scim.job.runNow": "job",
  "scim.job.restart": "job",
  "scim.job.clearQuarantine": "job",
  "scim.job.showLog": "job",
  "scim.job.explain": "job",
  "scim.job.showPerson": "job",
  "scim.job.openEditor": "file",
  "scim.entra.signIn": "none",
  "scim.entra.refresh": "none",
  "scim.entra.addApplication": "entra",
  "scim.entra.createJob": "entra",
  "scim.entra.assign": "entra",
  "scim.entra.unassign": "entra",
  "scim.entra.setCredentials": "entra",
  "scim.entra.testConnection": "entra",
  "scim.entra.setNotification": "entra",
  "scim.entra.setScope": "entra",
  "scim.entra.editMappings": "entra",
  "scim.entra.editSchema": "entra",
  "scim.entra.writeSchema": "entra",
  "scim.entra.exportSchema": "entra",
  "scim.entra.importSchema": "entra",
  "scim.entra.start": "entra",
  "scim.entra.pause": "entra",
  "scim.entra.restart": "entra",
  "scim.entra.provisionOnDemand": "entra",
  "scim.entra.showLog": "entra",
  "scim.entra.whatIf": "entra",
  "scim.entra.showPlan": "entra",
  "scim.entra.compareWithLog": "entra",
  "scim.entra.deleteJob": "entra",
  "scim.log.show": "none",
} as const satisfies Readonly<Record<string, ArgumentKind>>;

type ArgumentKind = "none" | "rows" | "changes" | "connection" | "job" | "file" | "entra" | "target";

export type CommandId = keyof typeof commandTable;

interface ArgumentsByKind {
  none: [];
  /** Row ids. */
  rows: [row?: unknown, rows?: unknown];
  changes: unknown[];
  connection: [target?: unknown];
  /** A row of the Jobs view, a job file, or a document; and who of the directory is meant, where that matters. */
  job: [target?: unknown, who?: unknown];
  /** A job file, the one in front when absent; and a page of the job editor. */
  file: [uri?: unknown, page?: unknown];
  /** A row of the Microsoft Entra view, with several selected all of them; or the place of a job. */
  entra: [target?: unknown, selected?: unknown];
  /** A row of the History, Jobs or Connections view, or a part of the Source Control view. */
  target: [target?: unknown];
}

/** The handler of every command; leaving one out is a compile error. */
export type CommandHandlers = {
  readonly [Id in CommandId]: (...args: ArgumentsByKind[(typeof commandTable)[Id]]) => void | Promise<void>;
};

/** Some of the handlers: what one feature brings. */
export type SomeHandlers<Ids extends CommandId> = Pick<CommandHandlers, Ids>;

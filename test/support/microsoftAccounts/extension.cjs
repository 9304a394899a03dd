"use strict";
/**
 * The authentication providers of the global and of the national clouds. A token comes from the service of the test that the setting names, which is told
 * the scopes and gives one with just these permissions, or refuses.
 */
const vscode = require("vscode");

exports.activate = (context) => {
  const changed = new vscode.EventEmitter();
  const sessions = [];
  // As Microsoft's: what was consented to is there without asking again.
  const covers = (session, scopes) => (scopes ?? []).every((scope) => session.scopes.includes(scope));
  const provider = {
    onDidChangeSessions: changed.event,
    getSessions: async (scopes) => sessions.filter((session) => covers(session, scopes)).slice(-1),
    createSession: async (scopes) => {
      const url = vscode.workspace.getConfiguration("microsoftAccountsForTests").get("url");
      const answer = await fetch(url, { method: "POST", body: JSON.stringify(scopes) });
      if (!answer.ok) throw new Error("User did not consent to login.");
      const account = { id: "admin", label: "admin@contoso.com" };
      const session = { id: String(sessions.length), scopes: [...scopes], account, accessToken: await answer.text() };
      sessions.push(session);
      changed.fire({ added: [session], removed: [], changed: [] });
      return session;
    },
    removeSession: async (id) => {
      const at = sessions.findIndex((session) => session.id === id);
      const removed = sessions.splice(at, 1);
      changed.fire({ added: [], removed, changed: [] });
    },
  };
  context.subscriptions.push(
    changed,
    vscode.authentication.registerAuthenticationProvider("microsoft", "Microsoft", provider),
    vscode.authentication.registerAuthenticationProvider(
      "microsoft-sovereign-cloud",
      "Microsoft Sovereign Cloud",
      provider,
    ),
  );
};

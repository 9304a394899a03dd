import { randomBytes } from "node:crypto";
import * as vscode from "vscode";

/** Where the scripts, styles and fonts of webviews are, and the only folder that a webview may load from. */
export const webviewRoot = (extensionUri: vscode.Uri): vscode.Uri =>
  vscode.Uri.joinPath(extensionUri, "dist", "webview");

/** What every webview of ours may do: run its own script, load from its own folder, nothing else. */
export const webviewOptions = (extensionUri: vscode.Uri): vscode.WebviewOptions => ({
  enableScripts: true,
  enableCommandUris: false,
  enableForms: false,
  localResourceRoots: [webviewRoot(extensionUri)],
  portMapping: [],
});

/**
 * The page of a webview: a shell with one script and one stylesheet, both named `page`, and one element. The only data in it
 * are addresses and the nonce; state arrives by message.
 * @param element the custom element that the script defines.
 */
export function webviewHtml(
  webview: vscode.Webview,
  extensionUri: vscode.Uri,
  { page, element, title }: { readonly page: string; readonly element: string; readonly title: string },
): string {
  const nonce = randomBytes(16).toString("base64");
  const address = (file: string) =>
    webview.asWebviewUri(vscode.Uri.joinPath(webviewRoot(extensionUri), file)).toString();
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${webview.cspSource} 'nonce-${nonce}'`,
    `font-src ${webview.cspSource}`,
    `img-src ${webview.cspSource} data:`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="${policy}">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <link rel="stylesheet" href="${address(`${page}.css`)}">
    <title>${title}</title>
  </head>
  <body>
    <${element}></${element}>
    <script nonce="${nonce}" src="${address(`${page}.js`)}"></script>
  </body>
</html>
`;
}

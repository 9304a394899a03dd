/**
 * The allowed way of imports: downwards only, no circles (docs/ARCHITECTURE.md). Each layer may import its own folder,
 * folders of its own layer where named, and every layer below it.
 */
const layers = [
  ["http"],
  ["scim", "graph"],
  ["mapping", "scope", "directory"],
  ["changes", "job"],
  ["provisioning"],
  ["sandbox", "entra", "conformance"],
  ["cli", "extension"],
];

const upward = layers.flatMap((folders, level) => {
  const above = layers.slice(level + 1).flat();
  if (above.length === 0) return [];
  return [
    {
      name: `${folders.join("-")}-imports-downwards`,
      severity: "error",
      from: { path: `^src/(${folders.join("|")})/` },
      to: { path: `^src/(${above.join("|")})/` },
    },
  ];
});

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    { name: "no-circles", severity: "error", from: {}, to: { circular: true } },
    ...upward,
    {
      name: "cli-and-extension-apart",
      severity: "error",
      from: { path: "^src/cli/" },
      to: { path: "^src/extension/" },
    },
    {
      name: "extension-and-cli-apart",
      severity: "error",
      from: { path: "^src/extension/" },
      to: { path: "^src/cli/" },
    },
    {
      name: "vscode-only-in-extension",
      severity: "error",
      from: { path: "^src/", pathNot: "^src/extension/" },
      to: { path: "^vscode$" },
    },
    {
      name: "webview-apart",
      comment:
        "The webview talks to the extension in messages; it may share only the message types, and the one rule for text that deceives.",
      severity: "error",
      from: { path: "^src/webview/" },
      to: {
        path: "^src/",
        pathNot: ["^src/webview/", "^src/extension/[^/]+/messages(\\.ts|/)", "^src/extension/platform/text\\.ts"],
      },
    },
    {
      name: "oracles-only-in-tests",
      comment: "scimmy, scim2-parse-filter and scim-patch serve as differential oracles, never as shipped code.",
      severity: "error",
      from: { path: "^src/" },
      to: { path: "^node_modules/(scimmy|scim2-parse-filter|scim-patch)" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { extensions: [".ts", ".js", ".mjs", ".cjs", ".json"], exportsFields: ["exports"] },
  },
};

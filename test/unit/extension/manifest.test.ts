import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { commandTable } from "../../../src/extension/platform/commandTable.ts";

const root = join(import.meta.dirname, "../../..");
const text = readFileSync(join(root, "package.json"), "utf8");
const menuItem = z.looseObject({
  command: z.string().optional(),
  when: z.string().optional(),
  group: z.string().optional(),
});
const manifest = z
  .looseObject({
    activationEvents: z.array(z.string()),
    capabilities: z.looseObject({ untrustedWorkspaces: z.looseObject({ supported: z.string() }) }),
    contributes: z.looseObject({
      commands: z.array(
        z.looseObject({
          command: z.string(),
          title: z.string(),
          category: z.string(),
          icon: z.string().optional(),
          enablement: z.string().optional(),
        }),
      ),
      menus: z.record(z.string(), z.array(menuItem)),
      keybindings: z.array(z.looseObject({ command: z.string(), when: z.string() })),
      colors: z.array(z.looseObject({ id: z.string(), defaults: z.record(z.string(), z.string()) })),
      configuration: z.looseObject({ properties: z.record(z.string(), z.looseObject({ scope: z.string() })) }),
      viewsWelcome: z.array(z.looseObject({ contents: z.string(), when: z.string() })),
    }),
  })
  .parse(JSON.parse(text));
const nls = z.record(z.string(), z.string()).parse(JSON.parse(readFileSync(join(root, "package.nls.json"), "utf8")));
const { commands, menus, keybindings, colors, configuration, viewsWelcome } = manifest.contributes;
const title = (key: string): string => nls[key.slice(1, -1)] ?? "";
const known = new Set(commands.map(({ command }) => command));

describe("the manifest", () => {
  it("names exactly the commands that are registered", () => {
    expect([...known].sort()).toEqual(Object.keys(commandTable).sort());
    expect(commands).toHaveLength(known.size);
  });

  it("shows only commands that it names in menus, keys and welcomes", () => {
    const used = Object.values(menus)
      .flat()
      .flatMap(({ command }) => command ?? []);
    const welcomed = viewsWelcome.flatMap(({ contents }) =>
      [...title(contents).matchAll(/\(command:(scim\.[\w.]+)\)/g)].map((match) => match[1] ?? ""),
    );
    for (const command of [...used, ...keybindings.map((key) => key.command), ...welcomed])
      expect(known).toContain(command);
  });

  it("has every text in package.nls.json, and none there that nobody uses", () => {
    const used = new Set([...text.matchAll(/"%([\w.]+)%"/g)].map((match) => match[1]));
    expect([...used].filter((key) => key !== undefined && !(key in nls))).toEqual([]);
    expect(Object.keys(nls).filter((key) => !used.has(key))).toEqual([]);
  });

  it("writes titles as commands: category apart, verb first, an ellipsis only where input follows", () => {
    for (const command of commands) {
      expect(command.category).toBe("SCIM");
      expect(title(command.title)).toMatch(/^[A-Z]/);
      expect(title(command.title)).not.toMatch(/SCIM:|\.\.\.|!/);
    }
  });

  it("hides from the palette what needs a row, and gives everything else a condition when it needs a connection", () => {
    const hidden = new Set(
      (menus["commandPalette"] ?? []).filter(({ when }) => when === "false").map(({ command }) => command),
    );
    for (const { command, enablement } of commands) {
      if (hidden.has(command) || command === "scim.log.show") continue;
      expect(enablement, command).toBeDefined();
    }
  });

  it("keeps dangerous commands out of the icons of rows and at the end of menus", () => {
    for (const { command, group } of menus["view/item/context"] ?? []) {
      if (["scim.resource.delete", "scim.connection.remove", "scim.entra.deleteJob"].includes(command ?? ""))
        expect(group).toMatch(/^9_danger/);
      else expect(group).not.toMatch(/^9_danger/);
    }
  });

  it("has valid expressions over the tags of rows", () => {
    for (const { when } of menus["view/item/context"] ?? []) {
      const patterns = [...(when ?? "").matchAll(/=~ \/((?:[^/\\]|\\.)*)\//g)].map((match) => match[1] ?? "(");
      for (const pattern of patterns) expect(() => new RegExp(pattern), pattern).not.toThrow();
    }
  });

  it("gives every colour a value in light, dark and both high contrasts", () => {
    for (const { defaults } of colors)
      expect(Object.keys(defaults).sort()).toEqual(["dark", "highContrast", "highContrastLight", "light"]);
  });

  it("lets no workspace set connections, works in Restricted Mode, and opens documents after a restart", () => {
    expect(configuration.properties["scim.connections"]?.scope).toBe("application");
    expect(manifest.capabilities.untrustedWorkspaces.supported).toBe("limited");
    expect(manifest.activationEvents).toContain("onFileSystem:scim");
  });
});

describe("ways in from outside", () => {
  const files = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" }).filter((path) =>
    path.endsWith(".ts"),
  );
  const filesWith = (pattern: RegExp) =>
    files
      .filter((path) => pattern.test(readFileSync(join(root, "src", path), "utf8")))
      .map((path) => path.replaceAll("\\", "/"));

  it("are no links: there is no handler of URIs", () => {
    expect(filesWith(/registerUriHandler|UriHandler\b/)).toEqual([]);
    expect(manifest.activationEvents.filter((event) => event.startsWith("onUri"))).toEqual([]);
  });

  it("are no ports but the sandbox's, on loopback", () => {
    expect(filesWith(/\.listen\(|createServer\b|createSocket\(|WebSocketServer/)).toEqual(["sandbox/server.ts"]);
    expect(readFileSync(join(root, "src/sandbox/server.ts"), "utf8")).toContain('export const loopback = "127.0.0.1"');
  });
});

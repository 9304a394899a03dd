import { describe, expect, it } from "vitest";
import { parseLaunchArguments } from "../../../scripts/vscode-host/launchArguments.ts";

describe("the launcher's arguments", () => {
  it("are those that @vscode/test-electron passes", () => {
    const launch = parseLaunchArguments([
      "/work/folder",
      "--no-sandbox",
      "--disable-gpu-sandbox",
      "--disable-workspace-trust",
      "--extensionTestsPath=/tests/run.cjs",
      "--extensionDevelopmentPath=/one",
      "--extensionDevelopmentPath=/two",
      "--extensions-dir=/extensions",
      "--user-data-dir=/user data",
    ]);
    expect(launch).toEqual({
      open: "/work/folder",
      extensionTestsPath: "/tests/run.cjs",
      extensionDevelopmentPaths: ["/one", "/two"],
      extensionsDir: "/extensions",
      userDataDir: "/user data",
    });
  });

  it.each([
    [["--version"], ["--version"]],
    [
      ["--list-extensions", "--show-versions"],
      ["--list-extensions", "--show-versions"],
    ],
    [
      ["--install-extension", "a.vsix", "--force"],
      ["--install-extension", "a.vsix", "--force"],
    ],
    [["--install-extension=a.vsix"], ["--install-extension", "a.vsix"]],
    [
      ["--uninstall-extension", "pub.name"],
      ["--uninstall-extension", "pub.name"],
    ],
  ])("%j is a command", (given, command) => {
    expect(parseLaunchArguments(given).command).toEqual(command);
  });

  it("take the value of a flag either way", () => {
    expect(parseLaunchArguments(["--user-data-dir", "/a", "--extensions-dir", "/b"])).toEqual({
      userDataDir: "/a",
      extensionsDir: "/b",
      extensionDevelopmentPaths: [],
    });
  });

  it("never read a lone flag's neighbour as its value", () => {
    expect(parseLaunchArguments(["--skip-welcome", "/folder"]).open).toBe("/folder");
  });
});

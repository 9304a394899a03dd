/** What a launcher of ours is asked to do, in the words of the desktop's command line. */
export interface LaunchArguments {
  readonly userDataDir?: string;
  readonly extensionsDir?: string;
  /** Absolute path of a folder or `.code-workspace` file to open. */
  readonly open?: string;
  readonly extensionDevelopmentPaths: readonly string[];
  readonly extensionTestsPath?: string;
  /** A command of the extension manager, or `--version`, passed on to the server as it stands. */
  readonly command?: readonly string[];
}

const commands = new Set(["--version", "--list-extensions", "--install-extension", "--uninstall-extension"]);
const withValue = new Set(["--install-extension", "--uninstall-extension", "--user-data-dir", "--extensions-dir"]);
const ofCommands = new Set(["--show-versions", "--force", "--pre-release"]);

/**
 * Reads the arguments of the desktop's `code`: `--name=value`, `--name value` where a value belongs to the name, and a bare
 * path to open. Flags that mean nothing without a desktop are passed over.
 */
export function parseLaunchArguments(given: readonly string[]): LaunchArguments {
  const single = new Map<string, string>();
  const extensionDevelopmentPaths: string[] = [];
  const command: string[] = [];
  const rest = [...given];
  for (let argument = rest.shift(); argument !== undefined; argument = rest.shift()) {
    if (!argument.startsWith("-")) {
      single.set("open", argument);
      continue;
    }
    const equals = argument.indexOf("=");
    const name = equals < 0 ? argument : argument.slice(0, equals);
    const value = equals < 0 ? (withValue.has(name) ? rest.shift() : undefined) : argument.slice(equals + 1);
    if (name === "--extensionDevelopmentPath" && value !== undefined) extensionDevelopmentPaths.push(value);
    else if (commands.has(name)) command.push(name, ...(value === undefined ? [] : [value]));
    else if (ofCommands.has(name)) command.push(name);
    else if (value !== undefined) single.set(name, value);
  }
  const optional = <Name extends string>(key: Name, flag: string) => {
    const value = single.get(flag);
    return (value === undefined ? {} : { [key]: value }) as Partial<Record<Name, string>>;
  };
  return {
    ...optional("userDataDir", "--user-data-dir"),
    ...optional("extensionsDir", "--extensions-dir"),
    ...optional("open", "open"),
    ...optional("extensionTestsPath", "--extensionTestsPath"),
    extensionDevelopmentPaths,
    ...(command.some((word) => commands.has(word)) ? { command } : {}),
  };
}

import type { CommandId } from "../../platform/commandTable.ts";

/** A row as it is drawn: what a `TreeItem` needs, without VS Code. */
export interface RenderedJobRow {
  readonly label: string;
  readonly description?: string;
  readonly tooltip: string;
  readonly icon: string;
  readonly iconColor?: string;
  readonly expandable: "none" | "collapsed" | "expanded";
  /** Tags joined by dots; menus match them as `/\.tag\b/`. */
  readonly context: string;
  readonly command?: {
    readonly id: CommandId;
    readonly title: string;
    /** What the command is given; the row itself when absent. */
    readonly argument?: string | undefined;
  };
  readonly accessible?: string;
}

/** A row without rows under it. */
export function leaf(
  icon: string,
  label: string,
  description: string | undefined,
  context: string,
  command?: RenderedJobRow["command"],
  iconColor?: string,
): RenderedJobRow {
  return {
    label,
    ...(description !== undefined && { description }),
    tooltip: description === undefined ? label : `${label}\n${description}`,
    icon,
    ...(iconColor !== undefined && { iconColor }),
    expandable: "none",
    context,
    ...(command !== undefined && { command }),
  };
}

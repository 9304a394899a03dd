import * as vscode from "vscode";
import { HttpError } from "../../http/errors.ts";
import type { Connection } from "../connections/connection.ts";
import type { CommandHandlers, CommandId } from "./commandTable.ts";
import { noticeOf } from "./errors.ts";
import type { LogChannel } from "./log.ts";

/** Shows an error once, with the action that mends it. Everything that can fail in front of the person ends here. */
export type ErrorFunnel = (error: unknown, doing: string) => void;

/** The one funnel: cancellation is silent, everything else is logged and shown once. */
export function createFunnel(log: LogChannel, connectionOf: (address: string) => Connection | undefined): ErrorFunnel {
  return (error, doing) => {
    const notice = noticeOf(error);
    if (notice === undefined) {
      log.debug(`${doing}: cancelled`);
      return;
    }
    if (notice.defect && error instanceof Error) log.error(error);
    else log.error(`${doing}: ${notice.message}`);
    const show = notice.severity === "warning" ? vscode.window.showWarningMessage : vscode.window.showErrorMessage;
    const { action } = notice;
    const titles = action === undefined ? [] : [action.title];
    void show(notice.message, ...titles).then((chosen) => {
      if (action !== undefined && chosen === action.title) {
        const address = error instanceof HttpError ? error.url : undefined;
        void vscode.commands.executeCommand(action.command, address && connectionOf(address)?.baseUrl);
      }
    });
  };
}

/** Runs a command by its id; what its handler throws goes into the funnel. */
export type RunCommand = (id: CommandId, args: readonly unknown[]) => Promise<void>;

export const commandRunner =
  (handlers: CommandHandlers, funnel: ErrorFunnel): RunCommand =>
  async (id, args) => {
    const handler = handlers[id];
    try {
      await handler(...args);
    } catch (error) {
      funnel(error, id);
    }
  };

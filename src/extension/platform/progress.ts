import * as vscode from "vscode";
import { signalOf } from "./cancel.ts";

/** Runs something that can take longer than a second and can be called off; `report` takes a message and a fraction done. */
export async function withProgress<T>(
  title: string,
  run: (signal: AbortSignal, report: (message: string, fraction?: number) => void) => Promise<T>,
): Promise<T> {
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  return await vscode.window.withProgress(options, async (progress, token) => {
    let reported = 0;
    return await run(signalOf(token), (message, fraction) => {
      const done = Math.round((fraction ?? 0) * 100);
      progress.report({ message, increment: Math.max(0, done - reported) });
      reported = Math.max(reported, done);
    });
  });
}

/** Shows progress in the view while something is read, when it takes longer than a second. */
export async function withViewProgress<T>(view: string, run: () => Promise<T>): Promise<T> {
  const running = run();
  const slow = Symbol("slow");
  const first = await Promise.race([running, new Promise((resolve) => setTimeout(resolve, 500, slow))]);
  if (first === slow)
    await vscode.window.withProgress({ location: { viewId: view } }, () =>
      running.then(
        () => undefined,
        () => undefined,
      ),
    );
  return await running;
}

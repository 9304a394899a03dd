/** The part of `vscode.CancellationToken` that is needed to bridge it. */
export interface CancellationLike {
  readonly isCancellationRequested: boolean;
  onCancellationRequested(listener: () => unknown): { dispose(): unknown };
}

/** An `AbortSignal` that follows a cancellation token: what lies below the extension knows only signals. */
export function signalOf(token: CancellationLike): AbortSignal {
  const controller = new AbortController();
  if (token.isCancellationRequested) controller.abort();
  else token.onCancellationRequested(() => controller.abort());
  return controller.signal;
}

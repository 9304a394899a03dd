import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { Step } from "../../entra/step.ts";
import type { ReadOnlyDocuments } from "../documents/readOnlyDocuments.ts";
import { CancelledError } from "../platform/errors.ts";
import { withProgress } from "../platform/progress.ts";
import { displayText } from "../platform/text.ts";
import { questionDetail, stepText } from "./callText.ts";

/** Where the calls of a step can be read in full. */
export interface StepReview {
  readonly documents: ReadOnlyDocuments;
  readonly graphUrl: string;
}

/**
 * Shows what a step will call, asks, and runs it.
 *
 * @param act the button that says the act
 * @throws CancelledError unless the person says yes, and what the step throws
 */
export async function confirmAndRun<T>(step: Step<T>, act: string, review: StepReview): Promise<T> {
  await confirmStep(step, act, review);
  return await withProgress(displayText(step.title, 100), (signal) => step.run(signal));
}

async function confirmStep(step: Step<unknown>, act: string, { documents, graphUrl }: StepReview): Promise<void> {
  const question = `${displayText(step.title, 160)}?`;
  const show = l10n.t("Show Requests");
  const answer = await vscode.window.showWarningMessage(
    question,
    { modal: true, detail: questionDetail(step) },
    act,
    show,
  );
  if (answer === act) return;
  if (answer !== show) throw new CancelledError();
  await documents.show(`${l10n.t("Requests to Microsoft Graph")}.http`, stepText(step, graphUrl));
  // Beside the text this time, so that it can be read.
  if ((await vscode.window.showWarningMessage(question, act)) !== act) throw new CancelledError();
}

/** One of some items. @throws CancelledError */
export async function pick<T extends vscode.QuickPickItem>(items: readonly T[], title: string): Promise<T> {
  const picked = await vscode.window.showQuickPick(items, { title, placeHolder: title, ignoreFocusOut: true });
  if (picked === undefined) throw new CancelledError();
  return picked;
}

/** Several of some items. @throws CancelledError when none is chosen */
export async function pickMany<T extends vscode.QuickPickItem>(
  items: readonly T[],
  title: string,
): Promise<readonly T[]> {
  const picked = await vscode.window.showQuickPick(items, {
    title,
    placeHolder: title,
    ignoreFocusOut: true,
    canPickMany: true,
  });
  if (picked === undefined || picked.length === 0) throw new CancelledError();
  return picked;
}

/** A text. @throws CancelledError */
export async function input(options: vscode.InputBoxOptions): Promise<string> {
  const text = await vscode.window.showInputBox({ ignoreFocusOut: true, ...options });
  if (text === undefined) throw new CancelledError();
  return text.trim();
}

/** A secret, which is never kept by this extension. @throws CancelledError */
export const secret = (title: string, prompt: string): Promise<string> =>
  input({
    title,
    prompt,
    password: true,
    validateInput: (text) => (text.trim() === "" ? l10n.t("It cannot be empty.") : undefined),
  });

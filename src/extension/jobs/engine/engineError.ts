import type { HttpErrorCode } from "../../../http/errors.ts";
import { HttpError } from "../../../http/errors.ts";
import { CancelledError } from "../../platform/errors.ts";
import type { SentError } from "./protocol.ts";

/** An error of the engine's process that has no class of its own here. The message can be shown as it stands. */
export class EngineError extends Error {
  override readonly name = "EngineError";
  /** The code of the original error; absent for a defect of ours. */
  readonly code: string | undefined;
  constructor(message: string, code: string | undefined) {
    super(message);
    this.code = code;
  }
}

/** The part of an error that travels to another process. Never a stack, never a cause. */
export function sendable(error: unknown): SentError {
  if (!(error instanceof Error)) return { name: "Error", message: String(error) };
  const code = "code" in error && typeof error.code === "string" ? error.code : undefined;
  const sent: SentError = { name: error.name, message: error.message, ...(code !== undefined && { code }) };
  if (!(error instanceof HttpError)) return sent;
  const { what, fix, url, status } = error;
  return { ...sent, what, fix, ...(url !== undefined && { url }), ...(status !== undefined && { status }) };
}

/** The error as it is thrown here. */
export function received({ name, message, code, what, fix, url, status }: SentError): Error {
  if (code === "aborted" || name === "AbortError") return new CancelledError();
  if (name === "HttpError" && what !== undefined)
    return new HttpError(code as HttpErrorCode, what, {
      fix: fix ?? "",
      ...(url !== undefined && { url }),
      ...(status !== undefined && { status }),
    });
  return new EngineError(message, code);
}

import type { RequestLog, RequestRecord } from "../../http/record.ts";

/** The part of `vscode.LogOutputChannel` that is needed. */
export interface LogChannel {
  info(message: string): void;
  warn(message: string): void;
  error(message: string | Error): void;
  debug(message: string): void;
}

/** One request as one line. The record is redacted where it is made; no name, no token is in it. */
export function requestLine(connection: string, record: RequestRecord): string {
  const outcome = record.status ?? record.error ?? "no answer";
  const attempts = record.attempts > 1 ? `, ${record.attempts} attempts` : "";
  const id = record.requestId === undefined ? "" : `, request ${record.requestId}`;
  return `${connection}: ${record.method} ${record.path} ${outcome} in ${Math.round(record.durationMs)} ms, ${record.bytes} bytes${attempts}${id}`;
}

/** Writes the requests of a connection to the log channel; failed ones as warnings. Not to have something is an answer too. */
export const requestLog =
  (channel: LogChannel, connection: string): RequestLog =>
  (record) => {
    const line = requestLine(connection, record);
    if (record.status === undefined || (record.status >= 400 && record.status !== 404)) channel.warn(line);
    else channel.info(line);
  };

import type { LogDetail, LogFilter, LogRow, ToWebview } from "./messages.ts";

/** What the window asks of the thread that reads a log. */
export type ToLogThread =
  | { readonly kind: "open"; readonly file: string }
  | { readonly kind: "refresh" }
  | { readonly kind: "query"; readonly filter: LogFilter }
  | { readonly kind: "rows"; readonly seq: number; readonly from: number; readonly to: number }
  | { readonly kind: "record"; readonly request: number; readonly seq: number; readonly index: number }
  /** Writes the records of the view that is shown into a file. */
  | { readonly kind: "export"; readonly target: string; readonly format: "csv" | "json" };

/** What the thread answers. Both ends are one build. */
export type FromLogThread =
  | Omit<Extract<ToWebview, { kind: "view" }>, "file">
  | { readonly kind: "rows"; readonly seq: number; readonly from: number; readonly rows: LogRow[] }
  | {
      readonly kind: "record";
      readonly request: number;
      readonly detail: LogDetail | undefined;
      readonly text: string | undefined;
    }
  | { readonly kind: "exported"; readonly records: number; readonly target: string }
  | { readonly kind: "error"; readonly message: string };

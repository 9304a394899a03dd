import type { HttpErrorCode } from "./errors.ts";

/** What is logged about one request: never a header, a body, or a value that a filter names. */
export interface RequestRecord {
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly method: string;
  /** Path and query with the filter's values blanked. */
  readonly path: string;
  /** Absent when no answer came. */
  readonly status?: number;
  /** Present when the request failed without an answer. */
  readonly error?: HttpErrorCode;
  readonly durationMs: number;
  readonly attempts: number;
  readonly requestId?: string;
  /** Length of the answer's body. */
  readonly bytes: number;
}

export type RequestLog = (record: RequestRecord) => void;

/** Blanks what a query may tell about people: the quoted values of `filter`, and every value of a parameter that is not known to be harmless. */
export function redactPath(path: string): string {
  const at = path.indexOf("?");
  if (at < 0) return path;
  const parts = path
    .slice(at + 1)
    .split("&")
    .map((part) => {
      const [name = "", ...rest] = part.split("=");
      if (rest.length === 0 || harmless.has(name)) return part;
      return `${name}=${/filter$/i.test(name) ? redactFilter(rest.join("=")) : "…"}`;
    });
  return `${path.slice(0, at)}?${parts.join("&")}`;
}

const harmless = new Set([
  ...["startIndex", "count", "attributes", "excludedAttributes", "sortBy", "sortOrder"],
  ...["$top", "$select", "$expand", "$orderby", "$count"],
]);

function redactFilter(encoded: string): string {
  let text: string;
  try {
    text = decodeURIComponent(encoded.replaceAll("+", " "));
  } catch {
    return "…";
  }
  return text.replace(/"(?:[^"\\]|\\.)*"?|'(?:[^']|'')*'?/g, '"…"');
}

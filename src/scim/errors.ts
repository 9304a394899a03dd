import { urns } from "./resource.ts";

/** The error keywords of RFC 7644 section 3.12 and RFC 9865 section 3. Services invent others. */
export type ScimType =
  | "invalidFilter"
  | "tooMany"
  | "uniqueness"
  | "mutability"
  | "invalidSyntax"
  | "invalidPath"
  | "noTarget"
  | "invalidValue"
  | "invalidVers"
  | "sensitive"
  | "invalidCursor"
  | "expiredCursor"
  | "invalidCount";

/** The body of an error answer (RFC 7644 section 3.12). */
export interface ScimErrorBody {
  readonly schemas: readonly string[];
  readonly status: string;
  readonly scimType?: string;
  readonly detail: string;
}

/** The longest detail that is kept of an error, in characters. */
export const maxDetail = 2000;

/** Cuts a text to at most `length` characters, with an ellipsis where something is missing. */
export function clip(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}

/** An error in the terms of SCIM: what a service answers, or what our own filter and PATCH engine refuses. */
export class ScimError extends Error {
  /** HTTP status code. */
  readonly status: number;
  /** One of {@link ScimType}, or what the service sent in its place. */
  readonly scimType?: ScimType | (string & {});
  /** What the service says; empty when it says nothing. */
  readonly detail: string;

  constructor(status: number, detail: string, scimType?: ScimType | (string & {})) {
    const said = clip(detail, maxDetail);
    super(said === "" ? `The service answered ${status} and said nothing more.` : said);
    this.name = "ScimError";
    this.status = status;
    this.detail = said;
    if (scimType !== undefined) this.scimType = scimType;
  }

  /** What a program can switch on: the scimType, or `scim` when there is none. */
  get code(): string {
    return this.scimType ?? "scim";
  }

  /** The error as the body of an answer; `status` is a string there. */
  toErrorBody(): ScimErrorBody {
    return {
      schemas: [urns.error],
      status: String(this.status),
      ...(this.scimType !== undefined && { scimType: this.scimType }),
      detail: this.detail,
    };
  }
}

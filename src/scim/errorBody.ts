import * as z from "zod";
import { clip, maxDetail, ScimError } from "./errors.ts";

/** Texts may come as null or as another type; what is no text counts as absent. */
const text = z.string().nullish().catch(undefined);

/** Every JSON shape of an error that services send, as one: only the keys that carry a message. */
const bodySchema = z.looseObject({
  // RFC 7644 section 3.12, and RFC 9457.
  detail: text,
  scimType: text,
  title: text,
  // The platform around a SCIM service, for example Databricks.
  error_code: text,
  message: text,
  // Legacy interfaces and OAuth; some put an object here.
  error: z
    .union([z.string(), z.looseObject({ code: text, message: text })])
    .nullish()
    .catch(undefined),
  error_description: text,
  // SCIM 1.1.
  Errors: z
    .array(z.looseObject({ description: text }))
    .nullish()
    .catch(undefined),
});

/**
 * Reads the body of a failed answer in whatever shape it comes: the SCIM error, `error_code` with `message`, `error`, plain
 * text, an HTML page, or nothing.
 * @param status the HTTP status, which wins over the one in the body
 * @param contentType the header, `undefined` when there is none; the body is looked at all the same, since proxies lie
 * @returns an error whose `detail` is what the service says, in bounded length; empty when it says nothing
 */
export function parseErrorBody(status: number, contentType: string | undefined, body: string): ScimError {
  const trimmed = body.trim();
  if (trimmed === "") return new ScimError(status, "");
  if (/\bhtml\b/i.test(contentType ?? "") || trimmed.startsWith("<"))
    return new ScimError(status, htmlMessage(trimmed));
  const json = parseJson(trimmed);
  if (typeof json === "string") return new ScimError(status, readable(json));
  const parsed = bodySchema.safeParse(json);
  return parsed.success ? fromBody(status, parsed.data) : new ScimError(status, readable(trimmed));
}

function fromBody(status: number, body: z.infer<typeof bodySchema>): ScimError {
  const detail = said(body.detail) ?? said(body.title);
  const scimType = said(body.scimType);
  if (scimType !== undefined && /\s/.test(scimType)) {
    // Databricks has put the real message here, with a general detail beside it.
    return new ScimError(status, readable([scimType, detail].filter((part) => part !== undefined).join(" ")));
  }
  if (detail !== undefined || scimType !== undefined) return new ScimError(status, readable(detail ?? ""), scimType);
  const nested = typeof body.error === "object" && body.error !== null ? body.error : undefined;
  const code =
    said(body.error_code) ?? said(nested?.code) ?? (typeof body.error === "string" ? said(body.error) : undefined);
  const message =
    said(body.message) ?? said(nested?.message) ?? said(body.error_description) ?? said(body.Errors?.[0]?.description);
  const parts = [code, message].filter((part) => part !== undefined);
  return new ScimError(status, readable(parts.join(": ")));
}

/** A text that says something: services send `"null"` on internal errors. */
function said(value: string | null | undefined): string | undefined {
  const trimmed = value?.trim();
  return trimmed === undefined || trimmed === "" || trimmed === "null" ? undefined : trimmed;
}

/** Anything that is no JSON is its own message. */
function parseJson(body: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return body;
  }
}

/** The message of an error page: its `pre`, else its title, else its text. */
function htmlMessage(html: string): string {
  const start = html.slice(0, 100_000);
  const element = (name: string): string | undefined => {
    const open = new RegExp(`<${name}\\b[^>]{0,200}>`, "i").exec(start);
    if (!open) return undefined;
    const from = open.index + open[0].length;
    const to = start.toLowerCase().indexOf(`</${name}`, from);
    return said(plainText(start.slice(from, to < 0 ? undefined : to)));
  };
  return readable(element("pre") ?? element("title") ?? plainText(start));
}

const entities: Readonly<Record<string, string>> = {
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: " ",
  amp: "&",
  "#39": "'",
};

function plainText(html: string): string {
  return html
    .replace(/<[^<>]{0,2000}>/g, " ")
    .replace(/&(lt|gt|quot|apos|nbsp|amp|#39);/g, (whole, name: string) => entities[name] ?? whole);
}

/** One line without control characters, of bounded length. */
function readable(message: string): string {
  return clip(
    message
      .slice(0, 4 * maxDetail)
      .replace(/[\s\p{Cc}]+/gu, " ")
      .trim(),
    maxDetail,
  );
}

import { parseFilter } from "../../scim/filter/parse.ts";
import type { ListQuery } from "../../scim/listResponse.ts";
import type { ResourceType, ScimResource } from "../../scim/resource.ts";
import { property } from "../../scim/values.ts";
import { connect } from "../connect.ts";
import type { CliHost } from "../host.ts";
import { exitCodes, note, UsageError, writeOut } from "../host.ts";
import type { Column } from "../table.ts";
import { csvLine, formatTable } from "../table.ts";

export interface ListOptions {
  readonly filter?: string;
  readonly attributes?: string;
  readonly format: "table" | "json" | "csv";
  readonly tokenStdin?: boolean;
}

const types: Readonly<Record<string, ResourceType>> = {
  users: "User",
  groups: "Group",
  serviceprincipals: "ServicePrincipal",
};

const defaultColumns: Readonly<Record<ResourceType, readonly string[]>> = {
  User: ["id", "userName", "displayName", "active"],
  Group: ["id", "displayName", "members"],
  ServicePrincipal: ["id", "applicationId", "displayName", "active"],
};

/** `list URL users|groups`: every page, as a table, one JSON document, or CSV. */
export async function runList(host: CliHost, url: string, what: string, options: ListOptions): Promise<number> {
  const type = types[what.toLowerCase()];
  if (type === undefined)
    throw new UsageError(`There is no list of "${what}". Say users, groups or servicePrincipals.`);
  // A mistake in the filter is told with its position, before anything is sent.
  if (options.filter !== undefined) parseFilter(options.filter);
  const chosen = options.attributes
    ?.split(",")
    .map((name) => name.trim())
    .filter(Boolean);
  const client = await connect(host, url, options);
  try {
    const query: ListQuery = {
      ...(options.filter !== undefined && { filter: options.filter }),
      ...(chosen && { attributes: chosen }),
    };
    const pages = client.pages(type, query, { signal: host.signal });
    const output = outputs[options.format](host, chosen ?? defaultColumns[type]);
    let count = 0;
    await output.begin();
    for await (const page of pages) {
      await output.page(page.resources, count === 0);
      count += page.resources.length;
      if (host.stderr.isTTY) host.stderr.write(`\r${count} of ${page.totalResults ?? "?"} `);
    }
    if (host.stderr.isTTY) host.stderr.write("\r");
    await output.end();
    for (const warning of pages.warnings()) note(host, `Warning: ${warning}`);
    const completeness = pages.completeness();
    if (completeness.complete) return exitCodes.ok;
    note(host, `The list is not whole: ${completeness.reason}`);
    return exitCodes.error;
  } finally {
    await client.close();
  }
}

interface Output {
  begin(): Promise<void>;
  page(resources: readonly ScimResource[], first: boolean): Promise<void>;
  end(): Promise<void>;
}

const outputs: Readonly<Record<ListOptions["format"], (host: CliHost, columns: readonly string[]) => Output>> = {
  table(host, columns) {
    const rows: ScimResource[] = [];
    return {
      begin: () => Promise.resolve(),
      page: (resources) => {
        rows.push(...resources);
        return Promise.resolve();
      },
      end: async () => {
        if (rows.length === 0) {
          note(host, "Nothing matches.");
          return;
        }
        const table: Column<ScimResource>[] = columns.map((name) => ({ title: name, value: (row) => cell(row, name) }));
        await writeOut(host, formatTable(table, rows));
      },
    };
  },
  json(host) {
    return {
      begin: () => writeOut(host, "["),
      page: (resources, first) =>
        writeOut(
          host,
          resources.map((item, at) => `${first && at === 0 ? "\n" : ",\n"}  ${JSON.stringify(item)}`).join(""),
        ),
      end: () => writeOut(host, "\n]\n"),
    };
  },
  csv(host, columns) {
    return {
      begin: () => writeOut(host, csvLine(columns)),
      page: (resources) =>
        writeOut(host, resources.map((row) => csvLine(columns.map((name) => cell(row, name)))).join("")),
      end: () => Promise.resolve(),
    };
  },
};

/** An attribute as one cell: simple values as they are, lists by their length or their values. */
function cell(resource: ScimResource, path: string): string {
  const value = path.split(".").reduce<unknown>((inner, name) => property(inner, name), resource);
  if (value === undefined || value === null) return "";
  if (path.toLowerCase() === "members" && Array.isArray(value)) return String(value.length);
  if (Array.isArray(value)) return value.map((element) => text(property(element, "value") ?? element)).join("; ");
  return text(value);
}

function text(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

import { databricksLevel } from "../databricksUrl.ts";
import type { ResourceType } from "../resource.ts";
import { databricks } from "./databricks.ts";
import type { AttributeDeparture, Dialect } from "./dialect.ts";
import { generic } from "./generic.ts";

/** The dialect of a service: by its id, and where a dialect has variants, by the base URL (Databricks: workspace or account). */
export function dialectFor(id: Dialect["id"], baseUrl: string): Dialect {
  switch (id) {
    case "databricks":
      return databricks(URL.canParse(baseUrl) ? databricksLevel(new URL(baseUrl).pathname) : "workspace");
    case "generic":
      return generic;
  }
}

/** How the dialect departs for one attribute, or for the whole that it is part of (`emails` for `emails.value`). Names ignore case. */
export function departureOf(
  dialect: Dialect,
  resourceType: ResourceType,
  path: string,
): AttributeDeparture | undefined {
  const wanted = path.toLowerCase();
  return dialect.departures.find((departure) => {
    const own = departure.path.toLowerCase();
    return (
      departure.resourceType === resourceType &&
      (wanted === own || (wanted.startsWith(own) && /^[.[]/.test(wanted.slice(own.length))))
    );
  });
}

/** The case in which a value must stand in a filter to be found: lower where the service stores lower case. */
export function lookupValue(dialect: Dialect, resourceType: ResourceType, path: string, value: string): string {
  return departureOf(dialect, resourceType, path)?.stored === "lower" ? value.toLowerCase() : value;
}

import type { ResourceType, ScimDocument } from "../scim/resource.ts";
import type { Entry, Level } from "./entry.ts";
import { levelRules } from "./levels.ts";
import { readProjection, type Projection } from "./projection.ts";
import { readQuery } from "./query.ts";
import type { Renderer } from "./render.ts";
import type { Visibility } from "./visibility.ts";

/** Writes resources as one request sees them: as much of them as it asked for, and as up to date as it may be. */
export class Presenter {
  readonly #renderer: Renderer;
  readonly #visibility: Visibility;

  constructor(renderer: Renderer, visibility: Visibility) {
    this.#renderer = renderer;
    this.#visibility = visibility;
  }

  /** The text of a resource after a write, which is always up to date. */
  written(entry: Entry, level: Level, projection: Projection | undefined): string {
    if (projection === undefined) return this.#renderer.text(entry, level);
    return JSON.stringify(projection.apply(this.#renderer.document(entry, level, projection.links)));
  }

  /** The text of a resource for a read, which may see what it was a while ago. */
  read(entry: Entry, level: Level, projection: Projection | undefined): string {
    const past = this.#visibility.past(entry, level);
    if (past === undefined) return this.written(entry, level, projection);
    return projection ? JSON.stringify(projection.apply(JSON.parse(past) as ScimDocument)) : past;
  }

  /** What a query asks to see of a resource; `undefined` for all of it. */
  projection(level: Level, type: ResourceType, query: string): Projection | undefined {
    const schema = query === "" ? undefined : levelRules[level].schemas[type];
    if (!schema) return undefined;
    const { attributes, excludedAttributes } = readQuery(query);
    return readProjection(attributes, excludedAttributes, schema, levelRules[level].databricks);
  }
}

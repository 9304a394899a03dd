import type { ChangeContext } from "../../../changes/build.ts";
import type { DirectoryGroup, DirectoryUser } from "../../../directory/source.ts";
import { matchingRows } from "../../../mapping/compileMappings.ts";
import type { ChangesTarget } from "../../../mapping/population.ts";
import { changesTarget } from "../../../provisioning/compare.ts";
import type { ComputedAttributes } from "../../../provisioning/consider.ts";
import { firstHits } from "../../../provisioning/match.ts";
import { TargetIndex } from "../../../provisioning/targetIndex.ts";
import type { ScimResource } from "../../../scim/resource.ts";
import { builtinSchema } from "../../../scim/schemas/builtin.ts";
import type { PreviewTable } from "./table.ts";
import type { TargetData } from "./targetData.ts";

/** Where an object of the directory stands in the target. */
export type Counterpart =
  | { readonly state: "found"; readonly resource: ScimResource }
  /** It would be created. */
  | { readonly state: "absent" }
  /** Linked to an object that is no longer there. */
  | { readonly state: "gone" }
  | { readonly state: "several"; readonly count: number };

/** Finds the counterparts of directory objects as a cycle does: by link, else by the matching rows of the table. */
export class Counterparts {
  readonly #links: TargetData["links"];
  readonly #index: TargetIndex;
  readonly #matching: ReturnType<typeof matchingRows>;
  readonly #context: ChangeContext;

  constructor(target: TargetData, table: PreviewTable) {
    const { resourceType, dialect } = table;
    this.#links = target.links;
    this.#matching = matchingRows([...table.rows, ...table.references]);
    const paths = this.#matching.map(({ row }) => row.target.path);
    const schemas = { User: builtinSchema("User"), Group: builtinSchema("Group"), [resourceType]: table.schema };
    this.#index = new TargetIndex({ User: paths, Group: paths }, schemas, dialect);
    for (const resource of target.resources) this.#index.add(resourceType, resource);
    this.#context = { resourceType, schema: table.schema, dialect };
  }

  of({ id, attributes }: DirectoryUser | DirectoryGroup, computed: ComputedAttributes): Counterpart {
    const type = this.#context.resourceType === "Group" ? "Group" : "User";
    const link = this.#links.get(id);
    if (link !== undefined) {
      const resource = this.#index.get(type, link.targetId);
      return resource === undefined ? { state: "gone" } : { state: "found", resource };
    }
    const matching = this.#matching.flatMap(({ row, value }) => {
      try {
        const wanted = value(attributes, computed);
        return wanted === null ? [] : [{ path: row.target.path, value: wanted }];
      } catch {
        // The row shows its own error.
        return [];
      }
    });
    const [first, ...others] = firstHits({ type, matching }, this.#index);
    if (first === undefined) return { state: "absent" };
    return others.length === 0 ? { state: "found", resource: first } : { state: "several", count: others.length + 1 };
  }

  /** Tells of each value whether it would change the counterpart. */
  changes(resource: ScimResource): ChangesTarget {
    return (row, value) => changesTarget(row, value, resource, this.#context);
  }
}

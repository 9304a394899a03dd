import { inheritNothing, isBooleanAttribute } from "./attributes.ts";
import type { ProblemList } from "./problemList.ts";
import type { Mention } from "./references.ts";
import type { Assignment, DirectoryGroup, DirectoryUser, SourceAttributes } from "./source.ts";

/** Who has which id, as far as objects that mention others have to know. */
export interface IdBook {
  /** Takes the id of an object; false, with a problem told, when it is empty or taken. */
  define(kind: "User" | "Group", id: string, position: number): boolean;
  /** The id as its owner holds it; undefined when it is not known yet, and then `expect` is told of the mention. */
  shared(id: string): string | undefined;
  /** Takes a mention that must turn out right by the end of the read. */
  expect(mention: Mention): void;
  /** Takes a mention of an object that must be of one kind; gives the shared id. */
  expectKind(mention: Mention): string;
}

/** Makes directory objects of the values of a JSON file, and tells the problem of every value that is not fit. */
export class JsonObjects {
  readonly #file: string;
  readonly #problems: ProblemList;
  readonly #ids: IdBook;

  constructor(file: string, problems: ProblemList, ids: IdBook) {
    this.#file = file;
    this.#problems = problems;
    this.#ids = ids;
  }

  /** @param index its place in the list */
  user(value: unknown, index: number): DirectoryUser | undefined {
    const attributes = this.#attributes(value, () => `users[${index}]`);
    if (attributes === undefined) return undefined;
    const id = attributes["id"] as string;
    if (!this.#ids.define("User", id, index)) return undefined;
    const manager = attributes["manager"];
    if (typeof manager === "string" && this.#ids.shared(manager) === undefined) {
      const place = this.#place(`users[${index}].manager`);
      this.#ids.expect({ id: manager, role: "manager", place, severity: "warning" });
    }
    return { id, attributes };
  }

  group(value: unknown, index: number): DirectoryGroup | undefined {
    const attributes = this.#attributes(value, () => `groups[${index}]`);
    if (attributes === undefined) return undefined;
    const { members, ...others } = attributes;
    const id = attributes["id"] as string;
    if (!this.#ids.define("Group", id, index)) return undefined;
    return {
      id,
      attributes: inheritNothing(others),
      members: this.#members(members, `groups[${index}].members`),
    };
  }

  assignment(value: unknown, index: number): Assignment | undefined {
    const where = `assignments[${index}]`;
    if (!isObject(value)) {
      this.#problems.error("This must be an object in { }.", this.#place(where));
      return undefined;
    }
    const { principalId, principalType, appRole } = value;
    if (typeof principalId !== "string") this.#problems.error('The "principalId" must be a text.', this.#place(where));
    if (principalType !== "User" && principalType !== "Group") {
      this.#problems.error('The "principalType" must be "User" or "Group".', this.#place(where));
    }
    if (appRole != null && typeof appRole !== "string")
      this.#problems.error('The "appRole" must be a text.', this.#place(`${where}.appRole`));
    if (typeof principalId !== "string" || (principalType !== "User" && principalType !== "Group")) return undefined;
    if (appRole != null && typeof appRole !== "string") return undefined;
    const place = this.#place(`${where}.principalId`);
    this.#ids.expectKind({
      id: principalId,
      role: "principalId",
      kind: principalType,
      place,
      severity: "error",
    });
    return { principalId, principalType, appRole: appRole ?? "" };
  }

  /** Checks the values of one object and gives it without nulls; undefined, with problems told, when it cannot be used. */
  #attributes(value: unknown, where: () => string): SourceAttributes | undefined {
    if (!isObject(value)) {
      this.#problems.error("This must be an object in { }.", this.#place(where()));
      return undefined;
    }
    let fit = true;
    let nulls = false;
    for (const name in value) {
      const fault = faultOf(name, value[name]);
      if (fault === undefined) continue;
      if (fault === "null") nulls = true;
      else {
        this.#problems.error(fault, this.#place(`${where()}.${name}`));
        fit = false;
      }
    }
    if (typeof value["id"] !== "string") {
      const place = value["id"] === undefined ? where() : `${where()}.id`;
      this.#problems.error('The "id" must be a text.', this.#place(place));
      return undefined;
    }
    if (!fit) return undefined;
    const whole = nulls ? Object.fromEntries(Object.entries(value).filter(([, one]) => one !== null)) : value;
    return inheritNothing(whole as Record<string, string>);
  }

  #members(value: unknown, where: string): readonly string[] {
    if (value === undefined) return [];
    if (!Array.isArray(value)) {
      this.#problems.error('"members" must be a list of ids.', this.#place(where));
      return [];
    }
    const members = value as string[];
    for (let index = 0; index < members.length; index += 1) {
      const id = members[index] ?? "";
      const shared = this.#ids.shared(id);
      if (shared !== undefined) members[index] = shared;
      else this.#ids.expect({ id, role: "member", place: this.#place(`${where}[${index}]`), severity: "error" });
    }
    const unique = new Set(members);
    if (unique.size === members.length) return members;
    this.#problems.warn("A member is listed twice.", this.#place(where));
    return [...unique];
  }

  #place(field: string): { readonly file: string; readonly field: string } {
    return { file: this.#file, field };
  }
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What is wrong with a value, `null` for an absent one, or undefined when it is fit. */
function faultOf(name: string, value: unknown): string | undefined {
  if (typeof value === "string")
    return isBooleanAttribute(name) ? "This must be true or false, without quotes." : undefined;
  if (typeof value === "number" || typeof value === "boolean") return undefined;
  if (value === null) return "null";
  if (!Array.isArray(value)) return "Objects within an object are not read. Write the value itself.";
  return value.every((item) => typeof item === "string") ? undefined : "A list may hold texts only.";
}

import { findNodeAtLocation, parseTree, type JSONPath, type Node } from "jsonc-parser";

interface Edit {
  readonly offset: number;
  readonly length: number;
  readonly content: string;
}

/**
 * Edits of a JSON text that leave every other byte as it is: values are exchanged, properties and array elements added and
 * removed in place, in the layout of their neighbours.
 */
export class JsonEdits {
  readonly #text: string;
  readonly #root: Node;
  readonly #edits: Edit[] = [];
  readonly #newline: string;
  readonly #indent: string;

  /** @throws SyntaxError when the text is not JSON. */
  constructor(text: string) {
    const root = parseTree(text);
    if (root === undefined) throw new SyntaxError("The text is not JSON.");
    this.#text = text;
    this.#root = root;
    this.#newline = text.includes("\r\n") ? "\r\n" : "\n";
    this.#indent = /\n([ \t]+)\S/.exec(text)?.[1] ?? "  ";
  }

  /** Exchanges the value of a property, or adds the property. Does nothing when the value is there already. */
  set(object: JSONPath, name: string, value: unknown): void {
    const owner = this.#find(object);
    const found = findNodeAtLocation(this.#root, [...object, name]);
    if (found !== undefined) {
      if (JSON.stringify(valueOf(this.#text, found)) === JSON.stringify(value)) return;
      this.#edits.push({ offset: found.offset, length: found.length, content: this.#print(value, found.offset) });
      return;
    }
    const last = owner.children?.at(-1);
    if (last === undefined) this.#replace(owner, { [name]: value });
    else {
      const property = `${JSON.stringify(name)}: ${this.#print(value, last.offset)}`;
      this.#insertBehind(last, property);
    }
  }

  /** Removes elements of an array, and adds others behind the last one. */
  changeArray(array: JSONPath, removed: ReadonlySet<number>, added: readonly unknown[]): void {
    const owner = this.#find(array);
    const elements = owner.children ?? [];
    if (removed.size === 0 && added.length === 0) return;
    const firstKept = elements.findIndex((_, index) => !removed.has(index));
    const kept = elements[firstKept];
    if (kept === undefined) {
      this.#replace(owner, added);
      return;
    }
    const [first] = elements;
    if (first !== undefined && firstKept > 0) {
      this.#edits.push({ offset: first.offset, length: kept.offset - first.offset, content: "" });
    }
    for (const [index, element] of elements.entries()) {
      const before = elements[index - 1];
      if (index <= firstKept || !removed.has(index) || before === undefined) continue;
      const offset = endOf(before);
      this.#edits.push({ offset, length: endOf(element) - offset, content: "" });
    }
    const last = elements.at(-1) ?? kept;
    for (const value of added) this.#insertBehind(last, this.#print(value, kept.offset));
  }

  /** The text with every edit applied. */
  apply(): string {
    let result = this.#text;
    // From the end, so that offsets stay right; additions at one place keep their order.
    const ordered = this.#edits.map((edit, index) => ({ edit, index }));
    ordered.sort((a, b) => b.edit.offset - a.edit.offset || b.index - a.index);
    for (const { edit } of ordered) {
      result = result.slice(0, edit.offset) + edit.content + result.slice(edit.offset + edit.length);
    }
    return result;
  }

  #find(path: JSONPath): Node {
    const node = findNodeAtLocation(this.#root, path);
    if (node === undefined) throw new RangeError(`nothing stands at ${path.join(".")}`);
    return node;
  }

  #replace(node: Node, value: unknown): void {
    this.#edits.push({ offset: node.offset, length: node.length, content: this.#print(value, node.offset) });
  }

  #insertBehind(node: Node, content: string): void {
    const line = this.#lineStart(node.offset);
    const separator = line === undefined ? " " : this.#newline + line;
    this.#edits.push({ offset: endOf(node), length: 0, content: `,${separator}${content}` });
  }

  /** The white space in front of a place, when the place is the first on its line. */
  #lineStart(offset: number): string | undefined {
    const line = this.#text.slice(this.#text.lastIndexOf("\n", offset - 1) + 1, offset);
    return this.#text.includes("\n") && line.trim() === "" ? line : undefined;
  }

  /** A value in the layout of the text: over several lines where the place begins a line, else on one. */
  #print(value: unknown, offset: number): string {
    const start = this.#text.lastIndexOf("\n", offset - 1) + 1;
    const margin = /^[ \t]*/.exec(this.#text.slice(start, offset))?.[0] ?? "";
    const pretty = this.#text.includes("\n");
    const lines = pretty ? JSON.stringify(value, undefined, this.#indent).split("\n") : [JSON.stringify(value)];
    return lines.join(this.#newline + margin);
  }
}

function endOf(node: Node): number {
  return node.offset + node.length;
}

function valueOf(text: string, node: Node): unknown {
  return JSON.parse(text.slice(node.offset, endOf(node))) as unknown;
}

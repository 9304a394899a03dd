/** Most names that one note shows. */
const most = 5;

/** Notes about objects, each told once with the names that it concerns. */
export class NoteBook {
  readonly #names = new Map<string, string[]>();

  add(note: string, name: string): void {
    const names = this.#names.get(note);
    if (names) names.push(name);
    else this.#names.set(note, [name]);
  }

  /** One line for each note, in an order that depends on nothing but what was added. */
  lines(): string[] {
    return [...this.#names]
      .map(([note, names]) => {
        const shown = names.sort().slice(0, most).join(", ");
        return `${note} (${shown}${names.length > most ? ` and ${names.length - most} more` : ""})`;
      })
      .sort();
  }
}
